"""What the claims let through fails the check, unless it is allowed with a reason."""

from pathlib import Path
from typing import Any

import pytest

from facts.errors import BuildError
from sitebuild.checks import perturb
from sitebuild.checks.perturb import Lenient, complaints

PAGE = "gallery/a/plot_b"
SURVIVOR = {"line": 3, "claim": "assert x < 9", "part": "x", "changes": ["sign"]}
ALLOWED = Lenient(PAGE, "x", "It may.")


def said(*survivors: dict[str, Any], failure: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        PAGE: {
            "survivors": list(survivors),
            "failure": failure,
            "claims": 1,
            "unchanged": 0,
            "changes": 4,
        }
    }


def test_a_survivor_is_told_with_its_place_value_and_change() -> None:
    (complaint,) = complaints(said(SURVIVOR), [])
    assert complaint == f"{PAGE}:3: x may be changed (sign) in\n  assert x < 9"


def test_an_allowed_one_is_not() -> None:
    assert complaints(said(SURVIVOR), [ALLOWED]) == []


def test_an_entry_that_allows_nothing_is_complained_of() -> None:
    (complaint,) = complaints(said(), [ALLOWED])
    assert "remove the entry" in complaint
    assert complaints(said(), [Lenient("gallery/a/plot_c", "x", "It may.")]) == []


def test_a_page_that_fails_is_told() -> None:
    (complaint,) = complaints(said(failure={"line": 9, "error": "AssertionError"}), [])
    assert complaint == f"{PAGE}:9: the page fails: AssertionError"


@pytest.mark.parametrize(("survivors", "status"), [((), 0), ((SURVIVOR,), 1)])
def test_the_status_says_whether_anything_was_let_through(
    survivors: tuple[dict[str, Any], ...], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perturb, "outcomes", lambda *_, **__: said(*survivors))
    monkeypatch.setattr(perturb, "read", lambda: ())
    assert perturb.main(["plot_square"]) == status


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lenient.toml"
    path.write_text(f'[[claim]]\npage = "{PAGE}"\npart = "x"\n', encoding="utf-8")
    with pytest.raises(BuildError, match="an entry lacks the key 'reason'"):
        perturb.read(path)


def test_the_project_s_own_file_can_be_read() -> None:
    assert all(claim.reason.endswith(".") for claim in perturb.read())
