"""A change makes another value, and there is one for each kind of value in an assert."""

import numpy as np
import pytest
import torch

from sitebuild.checks.changes import changes, changes_of_bound, is_zero


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (True, ["negated"]),
        (3, ["sign", "factor", "one more"]),
        (0, ["one more"]),
        (1, ["sign", "factor"]),
        (0.5, ["sign", "factor", "1 %"]),
        (0.0, ["0.01 more"]),
        ("text", ["another label"]),
        (None, ["another object"]),
        (torch.tensor([1.0, 2.0]), ["sign", "factor", "1 %", "order"]),
        (torch.tensor([0.0, 0.0]), ["0.01 more"]),
        (torch.tensor([1.0, 1.000001]), ["sign", "factor", "1 %"]),
        (torch.tensor(2), ["sign", "factor", "one more"]),
        (torch.tensor([True, False]), ["negated"]),
        (np.array([1.0, 2.0]), ["sign", "factor", "1 %", "order"]),
        ([1.0, 2.0], ["sign", "factor", "1 %", "order", "length"]),
        ([[36, 81], [-12, -8]], ["sign", "factor", "one more", "order", "length"]),
        ((), ["length"]),
        ({"a": 1.5}, ["sign", "factor", "1 %"]),
        ({"a", "b"}, ["one more"]),
    ],
)
def test_the_changes_of_a_value(value: object, names: list[str]) -> None:
    found = dict(changes(value))
    assert set(names) <= set(found)
    assert not {"sign", "factor", "1 %", "order"} & (set(found) - set(names))


def test_no_change_leaves_the_value_as_it_was() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for _, changed in changes(x):
        assert not torch.equal(changed, x)
    assert x.tolist() == [1.0, 2.0]
    for value in ([1.0, 1.0], [None, "a"], ([torch.ones(2)], 3)):
        assert all(changed is not value for _, changed in changes(value))


def test_a_bound_is_moved_far_away() -> None:
    assert dict(changes_of_bound(2.0)) == {
        "a thousandfold": 2000.0,
        "a thousandth": 0.002,
        "0.01 more": 2.01,
    }
    assert dict(changes_of_bound(0.0)) == {"0.01 more": 0.01}
    assert not dict(changes_of_bound([1.0]))
    assert not dict(changes_of_bound(True))


@pytest.mark.parametrize(
    ("value", "zero"),
    [
        (0.0, True),
        (torch.zeros(3), True),
        (torch.tensor([0.0, 1.0]), False),
        (False, False),
        ("", False),
    ],
)
def test_what_is_zero(value: object, zero: bool) -> None:
    assert is_zero(value) == zero
