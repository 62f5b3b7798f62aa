"""A page whose name would break a link is refused by its name."""

from __future__ import annotations

import pytest
from minimal_site import MinimalSite
from sphinx.errors import ExtensionError

from _extensions.page.file_names import unusable


def test_names_are_ascii_letters_digits_and_a_few_signs() -> None:
    assert unusable(["index", "guide/drawing-graphs", "gallery/a/plot_b", "a.b"]) == []
    assert unusable(["a b", 'a"b', "a<b", "ă", "a%20b"]) == ["a b", 'a"b', "a%20b", "a<b", "ă"]


def test_a_page_whose_name_holds_markup_fails_the_build(minimal_site: MinimalSite) -> None:
    conf = minimal_site.docs / "conf.py"
    minimal_site.edit(
        conf, '"_extensions.glossary",', '"_extensions.glossary", "_extensions.page",'
    )
    (minimal_site.docs / '"><img src=x onerror=alert(1)>.md').write_text("# Title\n")
    with pytest.raises(ExtensionError, match="rename '\"><img src=x onerror=alert"):
        minimal_site.build("en")
