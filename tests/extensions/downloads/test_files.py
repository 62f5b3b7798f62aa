"""Every page can be taken along, in the language in which it is read."""

import gettext
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docutils import nodes
from minimal_site import MinimalSite
from sphinx.errors import ExtensionError
from sphinx.testing.util import SphinxTestApp

from _extensions.downloads.files import published_links, write_downloads
from facts.addresses import page_url
from facts.site import Site, read_site

PAGE = "gallery/first/plot_square"
ADDRESS = "https://example.org/site/vi/gallery/first/plot_square.html"
WHEEL = "wheels/00/autograd_vi-0.1.0-py3-none-any.whl#sha256=11"


def published() -> Site:
    return replace(read_site(), url="https://example.org/site/")


def take_along(
    minimal: MinimalSite, language: str = "vi", site: Site | None = None
) -> dict[str, str]:
    """Build ``minimal`` and return its downloads: path below ``downloads/`` to text; zips are left out."""
    app = SphinxTestApp(
        buildername="html",
        srcdir=minimal.docs,
        builddir=minimal.root / "out" / language,
        confoverrides={"language": language},
    )
    try:
        app.build()
        write_downloads(app, [PAGE], minimal.root / "scripts", site or published(), WHEEL)
        folder = Path(app.outdir, "downloads")
    finally:
        app.cleanup()
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("plot_*"))
    }


def markdown(notebook: str) -> str:
    cells = json.loads(notebook)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize(
    ("refuri", "refid", "expected"),
    [
        (
            "plot_other.html#part",
            None,
            "https://example.org/site/vi/gallery/first/plot_other.html#part",
        ),
        ("../../glossary.html#term-x", None, "https://example.org/site/vi/glossary.html#term-x"),
        ("", "here", f"{ADDRESS}#here"),
        ("https://pytorch.org/docs/x.html#y", None, "https://pytorch.org/docs/x.html#y"),
    ],
)
def test_links_lead_to_the_published_pages(refuri: str, refid: str | None, expected: str) -> None:
    reference = nodes.reference(refuri=refuri) if refid is None else nodes.reference(refid=refid)
    assert published_links(ADDRESS)(reference) == expected


def test_without_an_address_only_links_to_other_sites_stay() -> None:
    resolve = published_links(None)
    assert resolve(nodes.reference(refuri="plot_other.html#part")) is None
    assert resolve(nodes.reference(refid="here")) is None
    assert resolve(nodes.reference(refuri="https://pytorch.org/")) == "https://pytorch.org/"


@pytest.mark.parametrize("url", ["https://example.org/site", "https://example.org/site/"])
def test_a_page_is_published_below_its_language(url: str) -> None:
    assert page_url(replace(read_site(), url=url), "vi", PAGE) == ADDRESS


def test_the_text_is_in_the_readers_language_and_the_code_in_the_scripts_bytes(
    minimal_site: MinimalSite,
) -> None:
    files = take_along(minimal_site)
    assert sorted(files) == [
        "first/plot_square-no-answers.ipynb",
        "first/plot_square.ipynb",
        "first/plot_square.py",
    ]
    text = markdown(files["first/plot_square.ipynb"])
    assert text.startswith(f"# Bình phương\n\n[This page with its results]({ADDRESS})\n\n")
    assert "[Đạo hàm](https://example.org/site/vi/glossary.html#term-derivative)" in text
    assert "$x^2$ là $2x$" in text
    assert "## Hai lần số đó\n\nNhân nó với hai." in text
    assert not re.search(r":\w+:`|^\.\. |GENERATED", text, re.MULTILINE)
    cells = json.loads(files["first/plot_square.ipynb"])["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code == ["x = 3.0", 'print(f"{2 * x = }")\nassert 2 * x == 6.0']
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
    for source in code:
        assert source in files["first/plot_square.py"]


def test_a_page_that_was_not_read_again_gives_the_same_bytes(minimal_site: MinimalSite) -> None:
    first = take_along(minimal_site)
    again = take_along(minimal_site)
    assert first == again


def test_a_changed_translation_reaches_the_downloads(
    minimal_site: MinimalSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_along(minimal_site)
    monkeypatch.setattr(gettext, "_translations", {})  # kept by Python as long as a process lives
    catalogue = minimal_site.catalogue("gallery/first/plot_square")
    minimal_site.edit(catalogue, "Nhân nó với hai.", "Hãy nhân đôi.")
    text = markdown(take_along(minimal_site)["first/plot_square.ipynb"])
    assert "Hãy nhân đôi." in text


def test_a_removed_page_leaves_no_download(minimal_site: MinimalSite) -> None:
    left = minimal_site.root / "out" / "vi" / "html" / "downloads" / "first" / "plot_gone.ipynb"
    left.parent.mkdir(parents=True)
    left.touch()
    assert "first/plot_gone.ipynb" not in take_along(minimal_site)


def test_a_page_that_needs_the_package_installs_the_published_wheel(
    minimal_site: MinimalSite,
) -> None:
    needs_package(minimal_site)
    cells = json.loads(take_along(minimal_site)["first/plot_square.ipynb"])["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert f'wheel = "https://example.org/site/{WHEEL}"' in code[0]
    assert code[1] == "import autograd_vi"


def test_without_an_address_the_page_names_what_is_missing(minimal_site: MinimalSite) -> None:
    needs_package(minimal_site)
    files = take_along(minimal_site, site=replace(read_site(), url=""))
    assert "raise ModuleNotFoundError" in files["first/plot_square.ipynb"]
    assert "example.org" not in files["first/plot_square.ipynb"]


def needs_package(minimal: MinimalSite) -> None:
    """Let the page import the package, in the script and in what was generated from it."""
    minimal.edit(minimal.root / "scripts/first/plot_square.py", "x = 3.0", "import autograd_vi")
    minimal.edit(minimal.docs / "gallery/first/plot_square.rst", "x = 3.0", "import autograd_vi")


def test_one_zip_a_language_holds_the_downloads_and_the_licences(minimal_site: MinimalSite) -> None:
    files = take_along(minimal_site)
    folder = minimal_site.root / "out" / "vi" / "html" / "downloads"
    with zipfile.ZipFile(folder / "autograd_vi-vi.zip") as archive:
        names = archive.namelist()
        page = archive.read("autograd_vi-vi/first/plot_square.py").decode()
    assert names == [
        f"autograd_vi-vi/{name}"
        for name in ("LICENSE", "LICENSE-TEXT", "first/plot_square.ipynb", "first/plot_square.py")
    ]
    assert page == files["first/plot_square.py"]
    with zipfile.ZipFile(folder / "autograd_vi-vi-no-answers.zip") as archive:
        assert "autograd_vi-vi-no-answers/first/plot_square-no-answers.ipynb" in archive.namelist()


def test_a_listed_page_that_was_not_read_is_named(minimal_site: MinimalSite) -> None:
    app = SphinxTestApp(
        buildername="html", srcdir=minimal_site.docs, builddir=minimal_site.root / "out"
    )
    try:
        with pytest.raises(ExtensionError, match="the page gallery/first/plot_gone is listed in"):
            write_downloads(app, ["gallery/first/plot_gone"], minimal_site.root, published(), WHEEL)
    finally:
        app.cleanup()
