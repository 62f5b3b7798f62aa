"""What we use of MyST-NB, jupyter-cache and sphinx-copybutton although they do not document it."""

import inspect
from pathlib import Path

import nbformat
import sphinx_copybutton
from jupyter_cache import get_cache
from jupyter_cache.cache.main import CacheBundleIn
from myst_nb import sphinx_ext
from myst_nb.core import read, render
from upstream_list import upstream

from _extensions.gallery.announced_outputs import OUTPUT_CLASSES
from _extensions.page.assets import is_joined
from sitebuild import notebooks


@upstream("the class cell_output")
def test_outputs_of_cells_have_a_class_of_their_own() -> None:
    assert "cell_output" in OUTPUT_CLASSES
    assert 'classes=["cell_output"]' in inspect.getsource(render)


@upstream("the style sheet mystnb.*.css")
def test_the_style_sheet_of_cells_is_the_one_that_we_leave_out() -> None:
    assert 'app.add_css_file(f"mystnb.{hash}.css")' in inspect.getsource(sphinx_ext)
    assert is_joined("_static/mystnb.0123abcd.css") is None


@upstream("a page's file_format")
def test_a_page_with_cells_says_so_in_its_metadata() -> None:
    assert 'metadata["file_format"] == "mystnb"' in inspect.getsource(read)


@upstream("files of a cache")
def test_a_cache_has_the_files_that_we_read(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 2")])
    cache = get_cache(path)
    cache.cache_notebook_bundle(CacheBundleIn(notebook, "a.md"), check_validity=False)
    cache.db.dispose()
    contents = notebooks.contents(path)
    assert contents is not None, "the cache cannot be read, or is not whole"
    assert {Path(name).name for name in contents} == {notebooks.VERSION, "base.ipynb"}


@upstream("copybutton.js: messages, locale, iconCopy, iconCheck")
def test_the_copy_button_s_script_has_its_words_and_pictures_where_ours_replaces_them() -> None:
    path = Path(sphinx_copybutton.__file__).parent / "_static" / "copybutton.js_t"
    text = path.read_text(encoding="utf-8")
    for words in ("const messages = {", "let locale = ", "let iconCheck = ", "let iconCopy = "):
        assert words in text, words
    for key in ("copy", "copy_to_clipboard", "copy_success", "copy_failure"):
        assert f"'{key}'" in text, key
