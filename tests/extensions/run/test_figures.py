"""Each figure is published for light and for dark pages, with a text for those who cannot see it."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from _extensions.run.figures import DARK, darken, image_rst, scrape, shorten, words_rst
from _extensions.run.isolation import STYLE

ALT = "A straight line through the origin."


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    plt.close("all")  # a test before may have left one open, which would be taken for this page's
    plt.style.use(STYLE)
    yield
    plt.close("all")
    mpl.rcdefaults()


def draw(label: str) -> None:
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], label="$y = x$")
    axes.set_xlabel("$x$")
    figure.set_label(label)


def scrape_into(folder: Path) -> str:
    paths = iter([str(folder / "gallery" / f"sphx_glr_plot_x_{n:03}.png") for n in (1, 2)])
    (folder / "gallery").mkdir(exist_ok=True)
    variables = {"image_path_iterator": paths, "src_file": "plot_x.py"}
    return scrape(None, variables, {"src_dir": str(folder)})


def test_a_figure_becomes_two_pictures_with_one_text(tmp_path: Path) -> None:
    draw(ALT)
    rst = scrape_into(tmp_path)
    light = tmp_path / "gallery" / "sphx_glr_plot_x_001.svg"
    dark = tmp_path / "gallery" / "sphx_glr_plot_x_001_dark.svg"
    assert rst.count(f":alt: {ALT}") == 2
    assert "only-light" in rst
    assert "only-dark" in rst
    foreground, first = list(DARK)[:2]
    assert foreground in light.read_text()
    assert first in light.read_text()
    assert dark.read_text() == darken(light.read_text()) != light.read_text()


def test_the_pictures_are_the_same_bytes_on_every_run(tmp_path: Path) -> None:
    pictures = []
    for _ in range(2):
        draw(ALT)
        scrape_into(tmp_path)
        pictures.append((tmp_path / "gallery" / "sphx_glr_plot_x_001.svg").read_bytes())
    assert pictures[0] == pictures[1]


def test_a_photograph_is_stored_as_jpeg_and_a_map_of_values_as_it_is(tmp_path: Path) -> None:
    colours = np.random.default_rng(0).random((32, 32, 3))
    for picture, smooth, kind in (
        (colours, "bilinear", "jpeg"),
        (np.eye(4), "nearest", "png"),
    ):
        figure, axes = plt.subplots()
        axes.imshow(picture, interpolation=smooth)
        figure.set_label(ALT)
        scrape_into(tmp_path)
        for name in ("sphx_glr_plot_x_001.svg", "sphx_glr_plot_x_001_dark.svg"):
            text = (tmp_path / "gallery" / name).read_text()
            assert text.count("data:image/") == text.count(f"data:image/{kind};base64,") == 1


def test_the_pictures_have_no_ground_of_their_own(tmp_path: Path) -> None:
    draw(ALT)
    scrape_into(tmp_path)
    text = (tmp_path / "gallery" / "sphx_glr_plot_x_001.svg").read_text()
    assert "fill: #ffffff" not in text


@pytest.mark.parametrize("label", ["", "Figure 1", "plot"])
def test_a_figure_without_a_description_is_refused_by_name(tmp_path: Path, label: str) -> None:
    draw(label)
    with pytest.raises(ValueError, match=r"plot_x\.py: a figure has the alternative text"):
        scrape_into(tmp_path)
    assert plt.get_fignums() == []


def test_a_dark_page_has_another_colour_for_every_colour_of_the_style() -> None:
    style = mpl.rc_params_from_file(STYLE, use_default_template=False)
    foreground = style["text.color"]
    cycle = style["axes.prop_cycle"].by_key()["color"]
    assert list(DARK) == [foreground, *cycle]


def test_the_colours_of_a_dark_page_stand_out_from_its_ground() -> None:
    def luminance(colour: str) -> float:
        """Return the relative luminance of WCAG 2.2 of a colour, between 0 and 1."""
        parts = np.array(mpl.colors.to_rgb(colour))
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    ground = luminance("#131416")  # furo's
    assert all((luminance(colour) + 0.05) / (ground + 0.05) >= 7 for colour in DARK.values())


def test_darken_changes_the_colours_of_the_style_only() -> None:
    assert darken("<a fill='#1b1c1d' stroke='#0079b8' color='#808488'/>") == (
        "<a fill='#e4e6e8' stroke='#4db3ff' color='#808488'/>"
    )


def test_the_words_in_a_figure_become_messages_below_its_pictures(tmp_path: Path) -> None:
    figure, axes = plt.subplots()
    axes.set(xlabel="training step k", ylabel="$x$")
    axes.set_title("not * markup_")
    figure.set_label(ALT)
    rst = scrape_into(tmp_path)
    assert rst.endswith("\n.. figure-words::\n\n   training step k\n\n   not \\* markup\\_\n")


def test_coordinates_have_two_decimals_and_scales_keep_all() -> None:
    assert (
        shorten("M 1.234567 -0.5 L 12.3 4 scale(0.015625)")
        == "M 1.23 -0.5 L 12.3 4 scale(0.015625)"
    )


def test_a_picture_says_nothing_of_the_program_that_drew_it(tmp_path: Path) -> None:
    draw(ALT)
    scrape_into(tmp_path)
    assert "metadata" not in (tmp_path / "gallery" / "sphx_glr_plot_x_001.svg").read_text()


def test_a_figure_without_words_has_no_messages_of_them() -> None:
    assert words_rst([]) == ""


def test_the_directives_of_both_pictures_are_complete() -> None:
    assert image_rst("a.svg", "b.svg", "Text of it.") == (
        "\n.. image:: /a.svg\n   :alt: Text of it.\n   :class: figure only-light\n"
        "\n.. image:: /b.svg\n   :alt: Text of it.\n   :class: figure only-dark\n"
    )
