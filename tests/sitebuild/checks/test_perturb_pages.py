"""Weak asserts are found, strong ones are not, and the page runs as it would."""

import json
from pathlib import Path
from typing import Any

import pytest

from sitebuild.checks.perturb_pages import main, perturb

HEAD = '"""\nA page\n======\n"""\nimport torch\nx = torch.tensor([1.0, -2.0, 3.0])\n'


def perturbed(tmp_path: Path, code: str) -> dict[str, Any]:
    path = tmp_path / "plot_a.py"
    path.write_text(HEAD + code, encoding="utf-8")
    return perturb(path)


def survivors(tmp_path: Path, code: str) -> list[tuple[str, list[str]]]:
    outcome = perturbed(tmp_path, code)
    assert outcome["failure"] is None, outcome["failure"]
    return [(survivor["part"], survivor["changes"]) for survivor in outcome["survivors"]]


@pytest.mark.parametrize(
    "code",
    [
        "torch.testing.assert_close(2 * x, x + x)",
        "assert (2 * x - (x + x)).norm() < 1e-6",
        "assert x.tolist() == [1, -2, 3]",
        "assert abs(x.sum().item() - 2) < 1e-6",
        "assert x.max() > 0.5",
        "assert all(torch.equal(a, b) for a, b in zip(x, x, strict=True))",
        "message = 'a size mismatch'\nassert 'size mismatch' in message",
        "for n in (0.0, 1.0):\n    torch.testing.assert_close(n * x, x * n)",
        "assert x.shape == (3,)",
        "assert not torch.equal(x, 2 * x)",
        "assert (x - x).abs().max() < 1e-9",
    ],
)
def test_a_strong_claim_refuses_each_change(tmp_path: Path, code: str) -> None:
    assert survivors(tmp_path, code) == []


ZERO = "it is zero: neither its sign nor its factor is seen"


@pytest.mark.parametrize(
    ("code", "part", "change"),
    [
        ("torch.testing.assert_close(x, x + 0.001, rtol=0.1, atol=0.1)", "0.001", "sign"),
        ("torch.testing.assert_close(1.05 * x, x, rtol=0.1, atol=0)", "x", "1 %"),
        ("y = torch.zeros(3)\ntorch.testing.assert_close(x - y, x)", "y", ZERO),
        ("y = torch.zeros(3)\ntorch.testing.assert_close(y * x.exp(), y)", "x.exp()", "sign"),
        ("assert x.abs().max() < 1e9", "x.abs().max()", "a thousandfold"),
        ("assert [x, 'a list is always true']", "[x, 'a list is always true']", "sign"),
        ("assert (x.norm() - 3.7).abs() < 1", "3.7", "1 %"),
    ],
)
def test_a_weak_claim_is_listed_with_the_change_that_it_lets_through(
    tmp_path: Path, code: str, part: str, change: str
) -> None:
    found = survivors(tmp_path, code)
    assert any(name == part and change in names for name, names in found), found


def test_a_claim_in_a_loop_has_to_refuse_a_change_once(tmp_path: Path) -> None:
    code = "for y in ({}torch.tensor(2.0),):\n    torch.testing.assert_close(x + y, y + x)\n"
    assert survivors(tmp_path, code.format("torch.tensor(0.0), ")) == []
    weak = code.replace("2.0", "0.0").format("")
    assert {part for part, _ in survivors(tmp_path, weak)} == {"y"}


def test_the_claims_are_checked_as_they_stand(tmp_path: Path) -> None:
    outcome = perturbed(tmp_path, "assert x[0] == 2, 'not two'\n")
    assert outcome["failure"] == {"line": 7, "error": "AssertionError: not two", "cell": 5}


def test_no_call_of_the_page_is_made_twice(tmp_path: Path) -> None:
    code = (
        "w = torch.ones(2, requires_grad=True)\ncalls = []\n"
        "def f():\n    calls.append(1)\n    return torch.rand(3)\n"
        "assert torch.autograd.grad((2 * w).sum(), w)[0].tolist() == [2, 2]\n"
        "assert f().shape == (3,)\nassert len(calls) == 1\n"
    )
    outcome = perturbed(tmp_path, code)
    assert outcome["failure"] is None
    assert outcome["survivors"] == []
    assert outcome["claims"] == 3
    assert outcome["unchanged"] == 0
    assert outcome["changes"] > 9


def test_a_line_of_json_a_page_goes_into_the_file_also_after_a_page_that_fails(
    tmp_path: Path,
) -> None:
    pages = [tmp_path / "plot_a.py", tmp_path / "plot_b.py"]
    for page, code in zip(pages, ("assert False\n", "assert x.abs().max() < 1e9\n"), strict=True):
        page.write_text(HEAD + code, encoding="utf-8")
    outcomes = tmp_path / "outcomes.jsonl"
    main(str(outcomes), *map(str, pages))
    failing, weak = map(json.loads, outcomes.read_text(encoding="utf-8").splitlines())
    assert (failing["page"], failing["failure"]["line"]) == (str(pages[0]), 7)
    assert (weak["page"], weak["failure"], weak["claims"]) == (str(pages[1]), None, 1)
    assert [survivor["part"] for survivor in weak["survivors"]] == ["x.abs().max()"]
