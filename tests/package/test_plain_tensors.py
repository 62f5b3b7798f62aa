"""The numbers of any tensor, as one plain tensor."""

from __future__ import annotations

import pytest
import torch

from autograd_vi.plain_tensors import has_numbers, plain

pytestmark = pytest.mark.filterwarnings(
    "ignore:Sparse .* tensor support is in beta:UserWarning",
    "ignore:torch.quantize_per_tensor:UserWarning",
)

DENSE = torch.zeros(4, 4)
DENSE[1, 2], DENSE[3, 3] = 5.0, -7.0


@pytest.mark.parametrize(
    "layout",
    [torch.sparse_coo, torch.sparse_csr, torch.sparse_csc, torch.sparse_bsr, torch.sparse_bsc],
)
def test_a_sparse_tensor_stores_some_numbers_and_has_other_zeros(layout: torch.layout) -> None:
    blocks = (2, 2) if layout in {torch.sparse_bsr, torch.sparse_bsc} else None
    sparse = DENSE.to_sparse(layout=layout, blocksize=blocks)
    found = plain(sparse)
    assert found is not None
    stored, zeros = found
    assert zeros
    assert stored.layout is torch.strided
    assert sorted(n for n in stored.flatten().tolist() if n) == [-7, 5]


def test_a_sparse_tensor_that_stores_all_entries_has_no_other_zeros() -> None:
    found = plain(torch.ones(3, 3).to_sparse())
    assert found is not None
    assert not found[1]


def test_a_quantised_tensor_gives_what_it_stands_for() -> None:
    found = plain(torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.5, 0, torch.qint8))
    assert found is not None
    assert found[0].tolist() == [1, 2]


def test_where_there_are_no_numbers_there_is_nothing() -> None:
    assert plain(torch.ones(3, device="meta")) is None
    inside: list[bool] = []

    def look(x: torch.Tensor) -> torch.Tensor:
        inside.append(has_numbers(x))
        return x

    torch.func.vmap(look)(torch.ones(2, 3))
    assert inside == [False]
