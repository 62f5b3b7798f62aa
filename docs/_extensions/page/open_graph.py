"""What a page shows of itself where somebody shares its address: title, description and a picture, in its own language.

sphinxext-opengraph makes all of it. It needs the site's address; a build without one has none of it, and so needs no
time for the pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts.addresses import language_url

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from facts.site import Site

PICTURE = "_static/social.png"


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Tell the extension where the pages of this language are published, and what the pictures look like."""
    del app
    site: Site = config.site
    config.ogp_site_url = language_url(site, config.language) or ""
    config.ogp_site_name = site.title
    config.ogp_type = "article"
    config.ogp_social_cards = {"image_mini": PICTURE, "line_color": "#0062a3"}
