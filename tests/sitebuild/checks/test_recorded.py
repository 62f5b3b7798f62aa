"""Numbers that differ between two machines are kept by the machines' names."""

from pathlib import Path

from page_outcomes import outcome

from facts.recorded_numbers import Number, Seen, read
from sitebuild.checks.recorded import Pair, differing_lines, merged, numbers_of, record

MACHINES = Pair("Some CPU", 'A "GPU"', "2.14")
CPU = {"gallery/a/plot_b": outcome("step = 100  1.5\nstep = 300  0.007439", "tensor([1.])")}
GPU = {
    "gallery/a/plot_b": outcome(
        "step = 100  1.5\nstep = 300  0.007429", "tensor([1.], device='cuda:0')"
    )
}


def test_only_lines_that_differ_are_kept_with_what_stands_before_the_number() -> None:
    (page,) = CPU
    assert list(differing_lines(CPU[page], GPU[page])) == [("step = 300", "0.007439", "0.007429")]


def test_what_was_recorded_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "numbers.toml"
    record(numbers_of(MACHINES, CPU, GPU), path)
    (number,) = read(path)
    assert [seen.machine for seen in number.seen] == ["Some CPU", 'A "GPU"']


def test_a_machine_s_new_number_takes_the_place_of_its_old_one() -> None:
    old = Number("p", "loss", (Seen("A", "2.11", "1.0"), Seen("B", "2.11", "2.0")))
    new = Number("p", "loss", (Seen("A", "2.14", "1.1"),))
    other = Number("p", "gradient", (Seen("A", "2.14", "3.0"),))
    assert merged([old], [new, other]) == [
        Number("p", "loss", (Seen("A", "2.14", "1.1"), Seen("B", "2.11", "2.0"))),
        other,
    ]
