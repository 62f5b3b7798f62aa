"""The index of errors leaves no message of PyTorch without its cause and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.published_pages import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OURS = ("ValueError: 'abacus' is no device", "ValueError: nothing tracks the tensor of shape")
"""How the messages of autograd_vi begin that pages show: each says itself what to do."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_messages_of_our_own_package_have_no_exhibit(
    page: Page, site: str, language: str
) -> None:
    page.goto(f"{site}/{language}/errors.html")
    terms = page.locator("#errors-without-an-exhibit dt").all_inner_texts()
    assert len(terms) == len(OURS)
    assert [term for term in terms if not term.startswith(OURS)] == []
