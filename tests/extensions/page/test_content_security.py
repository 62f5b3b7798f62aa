"""Pages may run the theme's one inline script and nothing else that is inline."""

import pytest
from sphinx.errors import ExtensionError

from _extensions.page.content_security import THEME_TEMPLATE, policy, script_hashes, theme_policy


def test_a_script_is_allowed_by_the_hash_of_its_text() -> None:
    # The example of the Content Security Policy standard, level 2.
    assert script_hashes("<script>alert('Hello, world.');</script>") == [
        "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    ]


def test_scripts_are_never_allowed_inline_as_such() -> None:
    text = theme_policy(THEME_TEMPLATE.read_text(encoding="utf-8"))
    (scripts,) = [part for part in text.split("; ") if part.startswith("script-src")]
    assert "unsafe" not in scripts
    assert scripts.count("sha256-") == 1


def test_what_is_not_named_is_forbidden() -> None:
    assert policy([]).startswith("default-src 'none'; ")


@pytest.mark.parametrize("template", ["<p>", "<script>a</script><script>b</script>"])
def test_a_theme_with_other_scripts_is_refused(template: str) -> None:
    with pytest.raises(ExtensionError, match="inline scripts instead of one"):
        theme_policy(template)
