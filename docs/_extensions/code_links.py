"""Link the names in code cells to the reference: PyTorch's from the inventories here, the package's on this site.

sphinx-gallery finds the names when it runs a script and knows how to link them; its extension as a whole would also
run the gallery, which the languages must not. So only that part of it is registered (it is private to sphinx-gallery
0.22, as pyproject.toml pins it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_gallery._doctree_links import setup_doctree_links

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register sphinx-gallery's transform for code cells, with the configuration that it reads."""
    app.add_config_value("sphinx_gallery_conf", {}, "html", types=frozenset({dict}))
    setup_doctree_links(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
