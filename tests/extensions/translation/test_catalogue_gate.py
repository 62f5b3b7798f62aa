"""A language whose catalogues are wrong or missing is not built as if they were right."""

from __future__ import annotations

import pytest
from minimal_site import Built, MinimalSite
from sphinx.errors import ConfigError, ExtensionError

PAGE = "gallery/first/plot_square"


def _found(built: Built) -> list[str]:
    return [line for line in built.warnings if "WARNING" in line]


def test_all_problems_of_all_catalogues_are_listed_at_once(minimal_site: MinimalSite) -> None:
    minimal_site.edit(minimal_site.catalogue(PAGE), 'msgid "Twice', '#, fuzzy\nmsgid "Twice')
    minimal_site.edit(minimal_site.catalogue("index"), "Đọc tiếp", "Đọc hoá")
    warnings = "\n".join(_found(minimal_site.build("vi")))
    assert "[translation.fuzzy]" in warnings
    assert "[translation.spelling]" in warnings
    assert "index.po:" in warnings


def test_a_catalogue_that_cannot_be_read_stops_the_build_with_its_line(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.edit(minimal_site.catalogue(PAGE), 'msgid "Twice', "msgid Twice")
    with pytest.raises(
        ExtensionError, match=r"plot_square\.po:\d+: this is no line of a catalogue"
    ):
        minimal_site.build("vi")


def test_a_language_without_catalogues_is_a_configuration_error(minimal_site: MinimalSite) -> None:
    with pytest.raises(
        ConfigError, match=r"the language 'fr' has no catalogues: .*make translations"
    ):
        minimal_site.build("fr")


def test_a_broken_glossary_is_a_configuration_error(minimal_site: MinimalSite) -> None:
    (minimal_site.docs / "glossary.toml").write_text("[[term", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"glossary\.toml is not valid TOML"):
        minimal_site.build("vi")
