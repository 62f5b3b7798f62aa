"""The site serves the package that its notebooks were written for."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from facts.errors import BuildError
from facts.folders import ROOT
from sitebuild import wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.build(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_package_with_its_types_and_licence(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
        sources = {name for name in names if name.startswith("autograd_vi/")}
        assert (
            archive.read("autograd_vi/__init__.py")
            == (ROOT / "src" / "autograd_vi" / "__init__.py").read_bytes()
        )
    assert "autograd_vi/py.typed" in sources
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.startswith("docs")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package without git, whose files are new."""
    path = tmp_path / "checkout"
    shutil.copytree(ROOT / "src", path / "src", copy_function=shutil.copyfile)
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, path / name)
    return path


def commit(checkout: Path, *tags: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (
        ("init", "-q"),
        ("add", "-A"),
        (*identity, "commit", "-q", "--allow-empty", "-m", "Sources"),
        *(("tag", tag) for tag in tags),
    ):
        subprocess.run(["git", *command], cwd=checkout, check=True)


def test_the_wheel_has_the_same_bytes_in_another_place_and_time_zone(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = wheel.build(tmp_path / "first", project=checkout)
    elsewhere = Path(shutil.copytree(checkout, tmp_path / "elsewhere" / "copy"))
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    commit(elsewhere)
    (elsewhere / "untracked").touch()
    again = wheel.build(tmp_path / "again", project=elsewhere)
    assert again.name == first.name == "autograd_vi-0.0-py3-none-any.whl"
    assert again.read_bytes() == first.read_bytes()


def test_the_version_is_the_newest_release_tag_whatever_came_after(checkout: Path) -> None:
    commit(checkout, "v1.2.3")
    commit(checkout, "nightly", "v1.2.4-not-a-release")
    (checkout / "README.md").write_text("changed")
    assert wheel.version(checkout) == "1.2.3"


def test_the_address_changes_with_the_content(tmp_path: Path) -> None:
    package = tmp_path / "autograd_vi-0.1.0-py3-none-any.whl"
    addresses = set()
    for content in (b"one", b"two"):
        package.write_bytes(content)
        addresses.add(wheel.address(package))
    assert len(addresses) == 2
    for address in addresses:
        path, _, digest = address.partition("#sha256=")
        folder, short, name = path.split("/")
        assert (folder, name) == ("wheels", package.name)
        assert digest.startswith(short)


def test_older_wheels_stay_on_the_site(tmp_path: Path) -> None:
    package = tmp_path / "autograd_vi-0.1.0-py3-none-any.whl"
    published = tmp_path / "html"
    addresses = []
    for number in range(3):
        package.write_bytes(str(number).encode())
        new = tmp_path / f"html.{number}"
        new.mkdir()
        wheel.publish(package, new, published)
        addresses.append(wheel.address(package).partition("#")[0])
        if published.exists():
            published.rename(tmp_path / f"html.old{number}")
        new.rename(published)
    assert [(published / address).read_text() for address in addresses] == ["0", "1", "2"]


def test_a_package_that_does_not_build_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(BuildError, match="could not be built"):
        wheel.build(tmp_path / "dist", project=tmp_path)
