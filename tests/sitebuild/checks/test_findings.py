"""Where two runs disagree is told with page, line, machine and both texts."""

import pytest
from page_outcomes import outcome

from sitebuild.checks import differences
from sitebuild.checks.agreement import Tolerance
from sitebuild.checks.findings import Finding, findings
from sitebuild.checks.pages import Outcome

PAGE = "gallery/one/plot_x"


def found(plain: Outcome, here: Outcome) -> list[Finding]:
    return findings("gpu", {PAGE: plain}, {PAGE: here})


def test_outputs_that_agree_are_no_finding() -> None:
    assert found(outcome("1.0", "2.0"), outcome("1.0", "2.00001")) == []


def test_a_differing_output_is_told_with_both_texts() -> None:
    (finding,) = found(outcome("1.0", "2.0"), outcome("1.0", "3.0"))
    assert (finding.page, finding.line, finding.machine, finding.texts) == (
        PAGE,
        2,
        "gpu",
        ("2.0", "3.0"),
    )
    assert str(finding) == f"{PAGE}:2, on gpu: the output differs\n  2.0\n  3.0"
    assert "```text\n2.0\n" in finding.as_markdown()


def test_a_missing_and_an_additional_output_are_findings() -> None:
    assert [finding.line for finding in found(outcome("1.0", "2.0"), outcome("1.0"))] == [2]
    assert [finding.line for finding in found(outcome("1.0"), outcome("1.0", "2.0"))] == [2]


def test_a_failure_is_told_once_and_not_as_missing_outputs() -> None:
    (finding,) = found(outcome("1.0", "2.0", "3.0"), outcome("1.0", failure=(2, "AssertionError")))
    assert (finding.line, finding.what, finding.texts) == (2, "AssertionError", ())


def test_a_page_that_is_not_compared_has_to_run() -> None:
    here = {PAGE: outcome("9.0", failure=(5, "TypeError: no"))}
    (finding,) = findings("seed-1", {}, here)
    assert finding.what == "TypeError: no"


def test_pictures_are_compared_by_their_operations() -> None:
    def graph(name: str) -> Outcome:
        return outcome("", html=f"<svg><text>{name}</text></svg>")

    assert found(graph("NativeBatchNormBackward0"), graph("CudnnBatchNormBackward0")) == []
    (finding,) = found(graph("AddBackward0"), graph("MulBackward0"))
    assert finding.texts == ("AddBackward0 ×1", "MulBackward0 ×1")


def test_a_picture_may_have_other_operations_where_that_is_stated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def graph(name: str) -> Outcome:
        return outcome("", html=f"<svg><text>encoder</text><text>{name}</text></svg>")

    stated = differences.Stated(PAGE, "encoder", "Why.", Tolerance(names=True))
    monkeypatch.setattr(differences, "read", lambda: (stated,))
    assert found(graph("AddBackward0"), graph("MulBackward0")) == []


@pytest.mark.parametrize(
    ("here", "there"),
    [("ViewBackward0", "ReshapeAliasBackward0"), ("MmBackward0", "LinearBackward0")],
)
def test_kernels_that_do_the_same_are_the_same_operation(here: str, there: str) -> None:
    def graph(name: str) -> Outcome:
        return outcome("", html=f"<svg><text>{name}</text></svg>")

    assert found(graph(here), graph(there)) == []
