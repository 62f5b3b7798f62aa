"""What we use of sphinx-gallery although it does not document it."""

import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sphinx_gallery
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform
from sphinx_gallery import _doctree_links, gen_rst
from sphinx_gallery.py_source_parser import split_code_and_text_blocks
from upstream_list import upstream

from _extensions.stages import PostStage
from facts import generated

SCRIPT = '''"""
Title
=====
"""

x = 1

# %%
# Text.

y = 2
'''
SOURCES = "".join(
    path.read_text(encoding="utf-8") for path in Path(sphinx_gallery.__file__).parent.glob("*.py")
)


@upstream("sphinx_gallery._doctree_links.setup_doctree_links")
def test_links_in_code_are_registered_without_the_gallery() -> None:
    asked: dict[str, Any] = {}
    app = SimpleNamespace(
        add_node=lambda node, **writers: asked.update(node=node, html=writers["html"]),
        add_post_transform=lambda transform: asked.update(transform=transform),
    )
    _doctree_links.setup_doctree_links(app)
    assert asked["node"] is _doctree_links.code_links_block
    assert asked.keys() == {"node", "html", "transform"}


@upstream("sphinx_gallery._doctree_links.code_links_block")
def test_a_cell_whose_names_are_links_says_its_language() -> None:
    block = _doctree_links.code_links_block("", "", lang="Python")
    visitor = SimpleNamespace(body=[])
    _doctree_links.visit_code_links_block_html(visitor, block)
    assert "highlight-Python" in visitor.body[0]
    made = inspect.getsource(_doctree_links.CodeLinksTransform)
    assert "code_links_block(lang=lang)" in made


@upstream("sphinx_gallery._doctree_links.CodeLinksTransform")
def test_the_links_come_after_our_folding_and_before_sphinx_colours_the_code() -> None:
    linking = _doctree_links.CodeLinksTransform.default_priority
    assert PostStage.FOLD_CELLS < linking < PostStage.FINISH
    assert linking < HighlightLanguageTransform.default_priority


@upstream("sphinx_gallery.py_source_parser.split_code_and_text_blocks")
def test_a_script_is_split_into_blocks_with_their_kind_text_and_line(tmp_path: Path) -> None:
    path = tmp_path / "plot_x.py"
    path.write_text(SCRIPT, encoding="utf-8")
    blocks = split_code_and_text_blocks(path)[1]
    assert [(block.type, block.content.strip(), block.lineno) for block in blocks[1:]] == [
        ("code", "x = 1", 5),
        ("text", "Text.", 9),
        ("code", "y = 2", 10),
    ]


@upstream("marks in generated pages")
def test_every_mark_that_we_look_for_is_one_that_it_writes() -> None:
    marks = (
        *(generated.PRINTED_CLASS, *generated.BOILERPLATE_CLASSES),
        *(generated.DOWNLOAD_TARGET, generated.GENERATED_COMMENT, generated.THUMBNAILS),
        *(generated.THUMBNAILS_COMMENT, generated.CARD_START, generated.CARD_END),
        *(generated.MEMORY_LINE, generated.ANY_CLASS, generated.VARIABLE_LINK_CLASS),
    )
    assert [mark for mark in marks if mark not in SOURCES] == []


@upstream("marks in generated pages")
def test_what_a_cell_printed_stands_in_a_block_of_the_class_and_language_that_we_look_for() -> None:
    start = f".. rst-class:: {generated.PRINTED_CLASS}\n\n .. code-block:: {generated.PRINTED_LANGUAGE}\n\n"
    assert f"{start}{{0}}\n" == gen_rst.CODE_OUTPUT


@upstream("marks in generated pages")
@pytest.mark.parametrize("template", [gen_rst.RST_BLOCK_HEADER])
def test_the_lines_of_a_block_are_read_from_its_comment(template: str) -> None:
    comment = template.format(3, 7).removeprefix("..").strip()
    assert generated.source_lines(comment) == (3, 7)


@upstream("names of generated files")
def test_files_of_a_script_are_named_as_we_look_for_them() -> None:
    assert "sphx_glr_" in SOURCES
    for ending in (".codeobj.json", ".md5", "_thumb"):
        assert ending in SOURCES, ending
