"""The reference: names that are the same in every language, and links to what PyTorch and others describe.

Config values:
    inventory_digest: the digest of ``docs/inventories/``; set here, so that a changed list makes the pages anew.
    sphinx_gallery_conf: sphinx-gallery's own, of which its links in code cells read a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_gallery._doctree_links import setup_doctree_links

from _extensions.reference import field_dashes, inventory, names, quiet_links

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register names, dashes, inventories and the links in code cells."""
    app.connect("doctree-read", field_dashes.on_doctree_read)
    app.add_transform(names.MarkNames)

    app.setup_extension("sphinx.ext.intersphinx")  # validates the mapping after ours has filled it
    app.add_config_value("inventory_digest", "", "html", types=frozenset({str}))
    app.connect("config-inited", inventory.on_config_inited)
    app.connect("warn-missing-reference", inventory.on_warn_missing_reference)

    # sphinx-gallery finds the names in code cells when it runs a script, and knows how to link them. Its extension as a
    # whole would also run the gallery, which the languages must not: so only that part of it is registered,
    # which others ask for too: https://github.com/sphinx-gallery/sphinx-gallery/issues/846
    app.add_config_value("sphinx_gallery_conf", {}, "html", types=frozenset({dict}))
    setup_doctree_links(app)
    app.add_post_transform(quiet_links.UnlinkVariables)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
