"""The scripts that the workflows call do what the workflows promise."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CI = Path(__file__).resolve().parent.parent / ".ci"


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    path = tmp_path / "remote.git"
    assert run("git", "init", "-q", "--bare", path).returncode == 0
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site"
    for name in ("index.html", "404.html", "vi/index.html", "en/index.html", "wheels/1/a.whl"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("first")
    (path / ".nojekyll").touch()
    return path


def published(remote: Path, revision: str = "gh-pages") -> list[str]:
    return run("git", "-C", remote, "ls-tree", "-r", "--name-only", revision).stdout.split()


def text(remote: Path, name: str) -> str:
    return run("git", "-C", remote, "show", f"gh-pages:{name}").stdout


def test_a_site_is_published_with_all_its_files(remote: Path, site: Path) -> None:
    assert run(CI / "publish", site, remote).returncode == 0
    assert published(remote) == sorted(
        [".nojekyll", "404.html", "en/index.html", "index.html", "vi/index.html", "wheels/1/a.whl"]
    )


def test_a_new_site_replaces_the_old_one_but_for_the_wheels(remote: Path, site: Path) -> None:
    (site / "old.html").touch()
    assert run(CI / "publish", site, remote).returncode == 0
    shutil.rmtree(site / "wheels")
    (site / "old.html").unlink()
    (site / "index.html").write_text("second")
    assert run(CI / "publish", site, remote).returncode == 0
    assert "old.html" not in published(remote)
    assert "wheels/1/a.whl" in published(remote)
    assert text(remote, "index.html") == "second"


def test_one_command_goes_back_to_the_site_before(remote: Path, site: Path, tmp_path: Path) -> None:
    for content in ("first", "second"):
        (site / "index.html").write_text(content)
        assert run(CI / "publish", site, remote).returncode == 0
    clone = tmp_path / "clone"
    run("git", "clone", "-q", remote, clone)
    lease = "--force-with-lease=gh-pages"
    back = "origin/gh-pages~1:refs/heads/gh-pages"
    assert run("git", "push", "-q", lease, "origin", back, cwd=clone).returncode == 0
    assert text(remote, "index.html") == "first"


def test_the_same_site_makes_no_new_commit(remote: Path, site: Path) -> None:
    run(CI / "publish", site, remote)
    before = run("git", "-C", remote, "rev-parse", "gh-pages").stdout
    done = run(CI / "publish", site, remote)
    assert "this one already" in done.stdout
    assert run("git", "-C", remote, "rev-parse", "gh-pages").stdout == before


@pytest.mark.parametrize("missing", ["index.html", "vi/index.html"])
def test_a_half_built_site_is_refused_and_the_old_one_stays(
    remote: Path, site: Path, missing: str
) -> None:
    run(CI / "publish", site, remote)
    (site / missing).unlink()
    done = run(CI / "publish", site, remote)
    assert done.returncode != 0
    assert f"{missing} is missing" in done.stderr
    assert text(remote, "index.html") == "first"


def test_a_push_that_fails_is_a_failure(site: Path, tmp_path: Path) -> None:
    assert run(CI / "publish", site, tmp_path / "nowhere.git").returncode != 0


@pytest.mark.parametrize(
    ("tag", "names", "message"),
    [
        ("v1.2.3", ["autograd_vi-1.2.3-py3-none-any.whl", "autograd_vi-1.2.3.tar.gz"], None),
        ("v1.2", ["autograd_vi-1.2.3-py3-none-any.whl"], "has another version"),
        ("v1.2.4", ["autograd_vi-1.2.3-py3-none-any.whl"], "has another version"),
        ("v1.2.3", [], "dist/ is empty"),
    ],
)
def test_a_tag_must_name_the_version(
    tmp_path: Path, tag: str, names: list[str], message: str | None
) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(CI / "check-tag", tmp_path / ".ci" / "check-tag")
    (tmp_path / "dist").mkdir()
    for name in names:
        (tmp_path / "dist" / name).touch()
    done = run(tmp_path / ".ci" / "check-tag", tag)
    assert (done.returncode == 0) == (message is None)
    assert message is None or message in done.stderr


def test_a_tag_must_be_on_main(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(CI / "check-tag", tmp_path / ".ci" / "check-tag")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "autograd_vi-1.2.3.tar.gz").touch()
    git = (
        "git",
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
    )
    for command in (
        ("init", "-q"),
        ("commit", "-q", "--allow-empty", "-m", "On main"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
        ("commit", "-q", "--allow-empty", "-m", "On a branch"),
        ("tag", "v1.2.3"),
    ):
        assert run(*git, *command, cwd=tmp_path).returncode == 0
    done = run(tmp_path / ".ci" / "check-tag", "v1.2.3")
    assert done.returncode != 0
    assert "v1.2.3 is not on main" in done.stderr
    run("git", "tag", "-f", "v1.2.3", "HEAD~1", cwd=tmp_path)
    assert run(tmp_path / ".ci" / "check-tag", "v1.2.3").returncode == 0


def test_the_package_is_tested_from_the_wheel_or_not_at_all(tmp_path: Path) -> None:
    """A python that would import the checkout's own package is refused."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(CI / "test-package", tmp_path / ".ci" / "test-package")
    python = tmp_path / "build" / "package" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho /checkout/src/autograd_vi/__init__.py\n")
    python.chmod(0o755)
    done = run(tmp_path / ".ci" / "test-package")
    assert done.returncode != 0
    assert "not from the wheel" in done.stderr


# Stands for every Python that newest calls: it makes environments that are copies of itself, and says what is asked.
PYTHON = """#!/bin/sh
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "tools/uncapped.py "*) echo "sphinx>=9.0" ;;
  --version) echo "Python 3.99" ;;
  *"pip list"*) echo "sphinx==99.1" ;;
  *"pip install"*) echo "$@" >> installed; exit ${CONFLICT:-0} ;;
  *pytest*tests/upstream*)
    [ -z "$GONE" ] || { echo "FAILED tests/upstream/test_x.py::test - $GONE"; exit 1; }
    echo "3 passed" ;;
  *pytest*) echo "5 passed" ;;
  *sitebuild*) [ -z "$SITE" ] || { echo "[vi] $SITE"; exit 1; } ;;
  *) echo "unexpected: $*" >&2; exit 9 ;;
esac
"""


def try_newest(
    root: Path, *arguments: str, **environment: str
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run newest in a project in ``root`` and return how it ended and what it tells in the job's summary."""
    (root / ".ci").mkdir()
    shutil.copy(CI / "newest", root / ".ci" / "newest")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").touch()
    python = root / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "docs"), ("commit", "-q", "-m", "One")):
        assert run(*git, "-c", "commit.gpgsign=false", *command, cwd=root).returncode == 0
    summary = root / "summary"
    done = subprocess.run(
        [str(root / ".ci" / "newest"), *arguments],
        env=os.environ
        | {"PYTHON": str(python), "GITHUB_STEP_SUMMARY": str(summary), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, summary.read_text()


def test_newest_releases_that_break_nothing_are_named_and_pass(tmp_path: Path) -> None:
    done, summary = try_newest(tmp_path, "--pre")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- sphinx==99.1" in summary
    assert "3 passed" in summary
    assert "5 passed" in summary
    installed = (tmp_path / "installed").read_text()
    assert "--pre -r build/newest/requirements.txt" in installed
    assert (tmp_path / "build/newest/requirements.txt").read_text() == "sphinx>=9.0\n"


def test_all_that_the_newest_releases_break_is_told_at_once(tmp_path: Path) -> None:
    gone, warning = "sphinx 99.1 no longer gives us a name", "WARNING: another name is gone"
    done, summary = try_newest(tmp_path, GONE=gone, SITE=warning)
    assert done.returncode == 1
    assert f"- FAILED tests/upstream/test_x.py::test - {gone}" in summary
    assert warning in summary
    assert "5 passed" in summary


def test_newest_releases_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    done, summary = try_newest(tmp_path, CONFLICT="1")
    assert done.returncode == 1
    assert "cannot be installed together" in summary


def test_make_oldest_takes_the_oldest_torch_that_the_package_promises() -> None:
    done = run("make", "-n", "oldest", cwd=CI.parent)
    assert '.ci/install-wheel "torch==2.6.*" && .ci/test-package' in done.stdout
    assert '"torch>=2.6",' in (CI.parent / "pyproject.toml").read_text(encoding="utf-8")


def test_every_workflow_asks_for_no_right_that_a_job_does_not_name() -> None:
    for workflow in (CI.parent / ".github" / "workflows").glob("*.yml"):
        text = workflow.read_text(encoding="utf-8")
        assert "\npermissions: {}\n" in text, workflow.name
        assert re.findall(r"uses: (?!\S+@[0-9a-f]{40} # v)\S+", text) == [], workflow.name


def test_the_workflows_call_only_scripts_that_exist() -> None:
    for workflow in (CI.parent / ".github" / "workflows").glob("*.yml"):
        for name in re.findall(r"\.ci/[\w-]+", workflow.read_text(encoding="utf-8")):
            assert os.access(CI.parent / name, os.X_OK), f"{workflow.name} calls {name}"


def test_only_the_site_on_main_reaches_the_gpu_runner() -> None:
    for workflow in (CI.parent / ".github" / "workflows").glob("*.yml"):
        text = workflow.read_text(encoding="utf-8")
        assert ("vars.GPU_RUNNER" in text) == (workflow.name == "site.yml")
        assert "pull_request" not in text or workflow.name == "ci.yml"
        assert "pull_request_target" not in text


def test_the_checks_of_other_machines_run_in_the_workflow_of_the_site() -> None:
    text = (CI.parent / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
    verbs = (CI.parent / "Makefile").read_text(encoding="utf-8")
    for verb in ("compare-devices", "other-machines", "perturb"):
        assert verb in text
        assert re.search(rf"^{verb}:", verbs, re.MULTILINE)
    kept = text.index("Keep the comparison")
    assert "if: always()" in text[kept : kept + 100]


@pytest.mark.parametrize("verb", ["html", "test", "translations"])
def test_a_verb_with_an_environment_that_is_not_there_says_what_to_do(verb: str) -> None:
    result = run("make", verb, "VENV=/nowhere", cwd=CI.parent)
    assert result.returncode == 2
    assert (
        "no /nowhere/bin/python: name an environment that exists, or leave VENV out"
        in result.stderr
    )
    assert len(result.stderr.splitlines()) == 1
