"""What a reader takes along runs: top to bottom, in an empty folder, also where the package is missing.

These tests read the built site (``make html``). Without one they are skipped, in CI they fail.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from _extensions.downloads.installer_cell import install_cell
from facts.addresses import download_paths
from facts.curriculum import read_pages
from facts.folders import GALLERY, ROOT
from facts.site import read_site
from sitebuild import wheel

SITE = ROOT / "build" / "html"
LANGUAGES = [language.code for language in read_site().languages]
PAGES = [page.docname for page in read_pages()]
QUICK = PAGES[0]
KINDS = ("notebook", "no_answers", "script")

EVERY_PAGE = [
    pytest.param(
        LANGUAGES[index % len(LANGUAGES)],
        page,
        marks=[] if page == QUICK else [pytest.mark.slow],
        id=f"{LANGUAGES[index % len(LANGUAGES)]}-{page.removeprefix('gallery/')}",
    )
    for index, page in enumerate(PAGES)
]
"""Each page in one language, in turn: the code is the same bytes in all of them, which is tested below."""

TICKED = re.compile(r"``[^`\n]+`[^`\n]+`[^`\n]+``")
"""Code that holds a backtick has two of them around it in Markdown."""


def download(language: str, page: str, kind: str) -> Path:
    """Return a file of the built site."""
    if not SITE.is_dir() and not os.environ.get("CI"):
        pytest.skip("there is no site in build/html: run `make html`")
    path = SITE / language / download_paths(page)[kind]
    assert path.is_file(), f"{path} is missing: run `make html`"
    return path


def code_cells(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in, in surroundings without a screen."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("MPLBACKEND", "agg")
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def execute(path: Path, folder: Path) -> None:
    """Run a notebook on a fresh kernel; an error in a cell is an error here."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()


@pytest.mark.parametrize("kind", ["notebook", "no_answers"])
@pytest.mark.parametrize(("language", "page"), EVERY_PAGE)
def test_a_notebook_runs_from_top_to_bottom(
    language: str, page: str, kind: str, empty: Path
) -> None:
    execute(download(language, page, kind), empty)
    assert list(empty.iterdir()) == []


def copy_of_python(folder: Path) -> Path:
    """Make a Python in ``folder`` that has all that this one has, but not the package; return its program."""
    others = folder / "others"
    others.mkdir()
    for path in Path(sysconfig.get_paths()["purelib"]).iterdir():
        own = (
            "autograd_vi" in path.name or path.suffix == ".pth"
        )  # .pth: how it is installed for editing
        if not own:
            (others / path.name).symlink_to(path)
    environment = folder / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    query = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    found = subprocess.run([python, "-c", query], capture_output=True, text=True, check=True)
    Path(found.stdout.strip(), "others.pth").write_text(f"{others}\n")
    return python


@pytest.fixture(scope="module")
def readers_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python with the package as a reader has it: from the wheel. The checkout is out of its sight."""
    folder = tmp_path_factory.mktemp("reader")
    python = copy_of_python(folder)
    package = wheel.build(folder / "dist")
    install = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(package)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run([str(python), *install], check=True, env=environment)
    return python


@pytest.mark.parametrize(("language", "page"), EVERY_PAGE)
def test_a_script_runs_with_plain_python(
    language: str, page: str, empty: Path, readers_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    script = download(language, page, "script")
    subprocess.run([str(readers_python), str(script)], cwd=empty, check=True, timeout=300)
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_has_the_bytes_of_the_script(language: str, page: str) -> None:
    script = GALLERY / f"{page.removeprefix('gallery/')}.py"
    expected = [
        block.content.strip("\n")
        for block in split_code_and_text_blocks(script)[1]
        if block.type == "code"
    ]
    cells = code_cells(download(language, page, "notebook"))
    if "find_spec" in cells[0]:
        cells = cells[1:]
    assert cells == expected
    text = download(language, page, "script").read_text(encoding="utf-8")
    assert [source for source in expected if source not in text] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_has_no_markup_of_the_source_and_no_outputs(language: str, page: str) -> None:
    for kind in ("notebook", "no_answers"):
        notebook = nbformat.read(download(language, page, kind), as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert (cell.outputs, cell.execution_count) == ([], None)
                continue
            for raw in (":math:", ":ref:", ":term:", ":func:", "``", ".. ", "GENERATED FROM"):
                assert raw not in TICKED.sub("", cell.source).replace("```", "")


@pytest.fixture(scope="module")
def served_wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site's wheels on this computer; return the address of the wheel."""
    site = tmp_path_factory.mktemp("site")
    package = wheel.build(tmp_path_factory.mktemp("wheel") / "dist")
    wheel.publish(package, site, tmp_path_factory.mktemp("none") / "html")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{wheel.address(package)}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def bare_python(tmp_path: Path) -> Path:
    """Return a Python that lacks nothing but the package."""
    return copy_of_python(tmp_path)


@pytest.mark.parametrize("kind", ["notebook", pytest.param("script", marks=pytest.mark.slow)])
def test_the_first_cell_installs_the_package_where_it_is_missing(
    kind: str,
    served_wheel: str,
    bare_python: Path,
    empty: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PYTHONPATH", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    importing = [str(bare_python), "-c", "import autograd_vi; print(autograd_vi.__file__)"]
    assert subprocess.run(importing, cwd=empty, capture_output=True, check=False).returncode == 1
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # nothing but the wheel is fetched
    installer = install_cell(served_wheel).source

    path = download("vi", QUICK, kind)
    first = code_cells(download("vi", QUICK, "notebook"))[0]
    assert "find_spec" in first
    if kind == "script":
        text = path.read_text(encoding="utf-8")
        copy = empty.with_name("page.py")
        copy.write_text(text.replace(first, installer), encoding="utf-8")
        subprocess.run([str(bare_python), str(copy)], cwd=empty, check=True, timeout=300)
    else:
        kernels = empty.with_name("jupyter") / "kernels" / "python3"
        kernels.mkdir(parents=True)
        argv = [str(bare_python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": "bare", "language": "python"}
        (kernels / "kernel.json").write_text(json.dumps(spec))
        monkeypatch.setenv("JUPYTER_PATH", str(kernels.parent.parent))
        notebook = nbformat.read(path, as_version=4)
        cell = next(code for code in notebook.cells if code.cell_type == "code")
        cell.source = installer
        copy = empty.with_name("page.ipynb")
        nbformat.write(notebook, copy)
        execute(copy, empty)
    shown = subprocess.run(importing, cwd=empty, capture_output=True, text=True, check=True)
    assert Path(shown.stdout.strip()).is_relative_to(bare_python.parent.parent)
