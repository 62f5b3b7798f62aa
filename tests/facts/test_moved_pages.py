"""Every address that a page once had leads to a page, and each mistake in the list is told."""

from pathlib import Path

import pytest

from facts.curriculum import read_pages
from facts.errors import BuildError
from facts.moved_pages import read_moved_pages

BEFORE_THE_PARTS = """\
autograd_package: tracking backward stop_tracking emptying_gradients
automatic_differentiation: one_layer_network turning_tracking_off graph jacobian_products
grad_by_example: square two_layers_by_hand
gradients_in_tensors: mini_batch numpy_cuts batchnorm_gradient copying_parameters
gentle_introduction: background training_step by_hand vector_calculus computational_graph
gentle_introduction: out_of_the_graph fine_tuning
"""
"""The folders and pages of the first published order, which followed the notebooks."""


def test_each_page_of_the_first_order_leads_to_the_page_of_the_same_name() -> None:
    moved = read_moved_pages()
    pages = {page.docname for page in read_pages()}
    chapters = [line.split(": ") for line in BEFORE_THE_PARTS.splitlines()]
    old = [f"{chapter}/plot_{idea}" for chapter, ideas in chapters for idea in ideas.split()]
    assert len(old) == 21
    for name in old:
        new = moved[f"gallery/{name}"]
        assert new in pages
        assert Path(new).name == Path(name).name
    assert {moved[f"gallery/{chapter}/index"] for chapter, _ in chapters} == {"learn"}


def test_no_page_stands_at_an_old_address() -> None:
    pages = {page.docname for page in read_pages()}
    assert pages.isdisjoint(read_moved_pages())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file lacks the key 'moved'"),
        ('[moved]\n"../a" = "b"', "'../a' is no page"),
        ('[moved]\na = "https://example.org"', "'https://example.org' is no page"),
        ("[moved]\na = 3", "3 is no page"),
        ('[moved]\na = "b"\nb = "c"', "a leads to b, which moved to c: let it lead there"),
    ],
)
def test_a_list_that_leads_nowhere_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        read_moved_pages(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
