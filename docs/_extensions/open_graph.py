"""What a page shows of itself where somebody shares its address: title, description and a picture, in its own language.

sphinxext-opengraph makes all of it. It needs the site's address; a build without one has none of it, and so needs no
time for the pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.site_config import read_site

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

PICTURE = "_static/social.png"


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Tell the extension where the pages of this language are published, and what the pictures look like."""
    del app
    site = read_site()
    config.ogp_site_url = f"{site.url}{config.language}/"
    config.ogp_site_name = site.title
    config.ogp_type = "article"
    config.ogp_social_cards = {"image_mini": PICTURE, "line_color": "#0062a3"}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load the extension where the site has an address."""
    if read_site().url:
        app.setup_extension("sphinxext.opengraph")
        app.connect("config-inited", on_config_inited)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
