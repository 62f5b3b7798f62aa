"""Names in the cells of a page lead to the reference, in every language."""

from docutils import nodes
from sphinx_gallery._doctree_links import code_links_block

from _extensions.downloads.markdown import PageMarkdown


def test_the_markdown_of_a_page_has_a_writer_for_linked_code() -> None:
    assert hasattr(PageMarkdown, f"visit_{code_links_block.__name__}")


def test_linked_code_keeps_its_text() -> None:
    link = nodes.reference("", "", nodes.inline("", "torch"), refuri="https://example.org")
    block = code_links_block("", "", nodes.inline("", "import "), link, lang="Python")
    assert block.astext() == "import torch"
