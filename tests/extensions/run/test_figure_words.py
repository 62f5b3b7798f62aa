"""The words in a figure stay text, so that they can be translated; formulas, numbers and code are outlines."""

import io
import re
from collections.abc import Callable, Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

from _extensions.run.figure_words import with_words, words_of
from _extensions.run.isolation import STYLE


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    plt.close("all")
    plt.style.use(STYLE)
    yield
    plt.close("all")
    mpl.rcdefaults()


def both_ways(draw: Callable[[Axes], object]) -> tuple[str, str]:
    """Draw one figure and return it with its texts as outlines, and as text."""
    figure, axes = plt.subplots()
    draw(axes)
    ways = []
    for kind in ("path", "none"):
        with mpl.rc_context({"svg.fonttype": kind}):
            file = io.StringIO()
            figure.savefig(file, format="svg", metadata={"Date": None})
            ways.append(file.getvalue())
    return ways[0], ways[1]


def texts(svg: str) -> list[str]:
    return re.findall(r"<text\b[^>]*>([^<]*)<", svg)


def test_words_are_text_and_everything_else_is_outlines() -> None:
    def draw(axes: Axes) -> None:
        axes.plot([1, 1000], [1, 2], label=r"$\ell$")
        axes.set(xlabel="training step k", ylabel="loss ℓ", xscale="log")
        axes.text(1, 1, "jacfwd", family="monospace")
        axes.legend()

    svg = with_words(*both_ways(draw))
    assert texts(svg) == ["training step k", "loss ℓ"]
    assert words_of(svg) == ["training step k", "loss ℓ"]


def test_a_word_is_in_a_face_that_every_reader_has() -> None:
    svg = with_words(*both_ways(lambda axes: axes.set_xlabel("time")))
    assert "DejaVu Sans'" not in svg
    assert svg.count("font-family") == 1
    assert "system-ui" in svg


def test_a_word_keeps_its_anchor() -> None:
    def draw(axes: Axes) -> None:
        axes.set_ylabel("height")
        axes.text(0.5, 0.5, "far end", ha="right")
        axes.text(0.5, 0.7, "near end")

    svg = with_words(*both_ways(draw))
    anchors = {
        text: re.search(r"text-anchor: (\w+)", style)
        for style, text in re.findall(r"<text ([^>]*)>([^<]*)<", svg)
    }
    found = {text: match and match[1] for text, match in anchors.items()}
    assert found == {"height": "middle", "far end": "end", "near end": "start"}


def test_every_letter_that_a_formula_uses_is_defined_once() -> None:
    def draw(axes: Axes) -> None:
        # The formula's upright letters are first used in the word before it.
        axes.set_xlabel("sin and cos")
        axes.set_ylabel(r"$\mathdefault{sincos}$")

    svg = with_words(*both_ways(draw))
    used = set(re.findall(r'xlink:href="#([^"]+)"', svg))
    defined = re.findall(r'<path id="([^"]+)"', svg)
    assert used <= set(defined)
    assert len(defined) == len(set(defined))
    assert any(name.startswith("DejaVuSans") for name in used)


def test_the_letters_of_a_word_are_not_kept_as_outlines() -> None:
    outlined, written = both_ways(lambda axes: axes.set_xlabel("Quixotic"))
    assert len(with_words(outlined, written)) < len(outlined)


def test_a_figure_without_words_stays_as_it_is() -> None:
    outlined, written = both_ways(lambda axes: axes.set_xlabel("$x$"))
    assert with_words(outlined, written) == outlined


def test_the_power_of_ten_of_an_axis_is_no_word() -> None:
    svg = with_words(*both_ways(lambda axes: axes.plot([0, 1e-9])))
    assert words_of(svg) == []


def test_a_word_that_stands_twice_is_one_message() -> None:
    def draw(axes: Axes) -> None:
        axes.set(xlabel="R & D", ylabel="R & D")
        axes.set_title("art & craft <new>")
        axes.text(0, 0, "art & craft <new>")

    assert words_of(with_words(*both_ways(draw))) == ["art & craft <new>"]


@pytest.mark.parametrize("label", ["loss $\\ell$", "$k$ steps"])
def test_words_beside_a_formula_are_refused(label: str) -> None:
    ways = both_ways(lambda axes: axes.set_xlabel(label))
    with pytest.raises(ValueError, match="mixes words and a formula") as error:
        with_words(*ways)
    assert repr(label) in str(error.value)


def test_a_label_of_several_lines_is_refused() -> None:
    ways = both_ways(lambda axes: axes.set_xlabel("training\nstep"))
    with pytest.raises(ValueError, match=r"\['training', 'step'\] of a figure has several lines"):
        with_words(*ways)
