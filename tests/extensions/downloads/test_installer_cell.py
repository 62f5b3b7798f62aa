"""Where the package is missing, the first cell of a page gets it or says how."""

import subprocess

import pytest

from _extensions.downloads.installer_cell import install_cell

WHEEL = "https://example.org/wheels/00/x-1-py3-none-any.whl#sha256=11"


def run(source: str, package: str, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Run a cell as if it were about ``package``; return the commands that it started."""
    started = []

    def start(command: list[str], **_options: bool) -> None:
        started.append(command)

    monkeypatch.setattr(subprocess, "run", start)
    exec(source.replace('"autograd_vi"', f'"{package}"'), {})  # noqa: S102  # the cell is code
    return started


def test_a_missing_package_is_installed_from_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    (command,) = run(install_cell(WHEEL).source, "no_such_module", monkeypatch)
    assert command[1:4] == ["-m", "pip", "install"]
    assert command[-1] == WHEEL


@pytest.mark.parametrize("wheel", [WHEEL, None])
def test_nothing_happens_where_the_package_is(
    wheel: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(install_cell(wheel).source, "json", monkeypatch) == []


def test_without_an_address_the_cell_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"wheel.*pip install"):
        run(install_cell(None).source, "no_such_module", monkeypatch)
