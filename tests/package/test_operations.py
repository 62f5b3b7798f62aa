"""Operations go by torch's names, and views are told from other operations."""

from __future__ import annotations

import pytest
from package.autograd_graphs import leaf

import autograd_vi as av
from autograd_vi.operations import is_view, op_and_kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("torch::autograd::CppNode<(anonymous namespace)::Twice>", ("Twice", "custom")),
        ("torch::autograd::NoPythonClass", ("NoPythonClass", "operation")),
    ],
)
def test_functions_written_in_cpp_go_by_their_own_name(
    name: str, expected: tuple[str, str]
) -> None:
    stand_in = type("CppFunction", (), {"name": lambda _: name})()
    assert op_and_kind(stand_in) == expected


def test_views_are_told_from_operations() -> None:
    x = leaf(4, 4)
    views = [
        *(x.t(), x[0], x[:, 1:], x.view(16), x.reshape(2, 8), x.expand(2, 4, 4), x.unbind()[0]),
        *(x.diagonal(), x.permute(1, 0), x.unsqueeze(0), x.split(2)[0], x.unfold(0, 2, 1)),
    ]
    assert [av.trace(view).nodes[0].kind for view in views] == ["view"] * len(views)
    others = [x + 1, x.clone(), x.sum(), x.relu(), x @ x, x.repeat(1, 2), x.mul(2).add_(1)]
    assert [av.trace(other).nodes[0].kind for other in others] == ["operation"] * len(others)


def test_a_name_that_torch_has_no_schema_for_is_no_view() -> None:
    assert not is_view("CopySlices")
    assert not is_view("NoSuchThingBackward0")
