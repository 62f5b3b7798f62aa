"""Every gallery page to take along: a notebook, a notebook without answers, a script; one zip of all.

They are made from the finished doctrees when a language's HTML is complete, for all pages each time: so they are right
too when only some pages were read again.

Config values:
    wheel_address: where the site serves the wheel of the package, relative to the site's address, such as
        ``wheels/0123/autograd_vi-0.1.0-py3-none-any.whl#sha256=…``. The build driver sets it.
"""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from _extensions.downloads.cells import imports, page_cells
from _extensions.downloads.installer_cell import PACKAGE, install_cell
from _extensions.downloads.markdown import Resolve
from _extensions.downloads.notebook import (
    About,
    fold_answers,
    frame,
    make_notebook,
    notebook_text,
    script_text,
    without_answers,
)
from facts.addresses import DOWNLOADS, archive_paths, download_paths, page_url
from facts.curriculum import read_pages
from facts.folders import CURRICULUM_FILE, GALLERY, ROOT
from facts.site import Site
from facts.zip_file import write_zip

LICENCES = ("LICENSE", "LICENSE-TEXT")


def published_links(address: str | None) -> Resolve:
    """Return what resolves the references of a page: relative ones against its published ``address``.

    Without an address they have none: the folder in which a notebook is opened holds no site.
    """

    def resolve(reference: nodes.reference) -> str | None:
        target = str(reference.get("refuri", ""))
        anchor = f"#{reference['refid']}" if reference.get("refid") else ""
        if "://" in target or target.startswith("mailto:"):
            return target
        if address is None or not (target or anchor):
            return None
        path, mark, fragment = (target + anchor).partition("#")
        scheme, _separator, rest = address.partition("://")
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(rest), path)) if path else rest
        return f"{scheme}://{joined}{mark}{fragment}"

    return resolve


def page_files(
    document: nodes.document, script: Path, about: About, wheel: str | None
) -> dict[str, str]:
    """Return the texts of a page's downloads, by their names in :func:`facts.addresses.download_paths`.

    Args:
        document: the page's resolved doctree.
        script: the gallery script.
        about: what the files say of themselves.
        wheel: the address of the package's wheel, if it is published.

    Raises:
        MismatchError: the page was generated from another version of the script.
    """
    cells = page_cells(document, script, published_links(about.address))
    installer = install_cell(wheel) if imports(script, PACKAGE) else None
    notebook = make_notebook(frame(fold_answers(cells), about, installer), about)
    exercises = make_notebook(frame(without_answers(cells), about, installer), about)
    return {
        "notebook": notebook_text(notebook),
        "no_answers": notebook_text(exercises),
        "script": script_text(notebook),
    }


def write_downloads(
    app: Sphinx, docnames: Iterable[str], gallery: Path, site: Site, wheel: str
) -> None:
    """Write the downloads of the pages and the zips into the builder's output folder.

    Args:
        app: the finished build of one language.
        docnames: the gallery pages, such as ``gallery/<part>/plot_x``.
        gallery: the folder of the scripts.
        site: where all is published.
        wheel: the wheel's address, relative to the site's; empty where there is none.

    Raises:
        ExtensionError: a page has not been read.
        MismatchError: a page was generated from another version of its script.
    """
    language = str(app.config.language)
    address = f"{site.url.rstrip('/')}/{wheel}" if site.url and wheel else None
    folder = Path(app.outdir, DOWNLOADS)
    shutil.rmtree(folder, ignore_errors=True)  # a page may be gone
    editions: dict[str, dict[str, bytes]] = {"all": {}, "no_answers": {}}
    for docname in docnames:
        if not Path(app.doctreedir, f"{docname}.doctree").is_file():
            raise ExtensionError(
                f"the page {docname} is listed in docs/{CURRICULUM_FILE.name}, but this build has not read it: "
                f"{app.srcdir}/{docname}.rst is missing or excluded. `make html` runs the script that writes it"
            )
        document = app.env.get_and_resolve_doctree(docname, app.builder, tags=app.tags)
        about = About(
            title=next(document.findall(nodes.title)).astext(),
            docname=docname,
            language=language,
            project=app.config.project,
            address=page_url(site, language, docname),
        )
        script = gallery / f"{docname.removeprefix('gallery/')}.py"
        for kind, text in page_files(document, script, about, address).items():
            target = Path(app.outdir, download_paths(docname)[kind])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            name = target.relative_to(folder).as_posix()
            editions["no_answers" if kind == "no_answers" else "all"][name] = target.read_bytes()
    licences = {name: (ROOT / name).read_bytes() for name in LICENCES}
    for edition, files in editions.items():
        target = Path(app.outdir, archive_paths(language)[edition])
        target.parent.mkdir(parents=True, exist_ok=True)
        content = {f"{target.stem}/{name}": text for name, text in (files | licences).items()}
        write_zip(target, content)


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the downloads of a language's HTML."""
    if exception is None and app.builder.name == "html":
        docnames = [page.docname for page in read_pages()]
        write_downloads(app, docnames, GALLERY, app.config.site, app.config.wheel_address)
