"""Each figure is published for light and for dark pages, with a text for those who cannot see it."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from _extensions.run.figures import DARK_FOREGROUND, LIGHT_FOREGROUND, darken, image_rst, scrape
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
    assert LIGHT_FOREGROUND in light.read_text()
    assert LIGHT_FOREGROUND not in dark.read_text()
    assert dark.read_text() == light.read_text().replace(LIGHT_FOREGROUND, DARK_FOREGROUND)


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


def test_darken_changes_the_foreground_only() -> None:
    assert darken(f"<a fill='{LIGHT_FOREGROUND}' stroke='#d55e00'/>") == (
        f"<a fill='{DARK_FOREGROUND}' stroke='#d55e00'/>"
    )


def test_the_directives_of_both_pictures_are_complete() -> None:
    assert image_rst("a.svg", "b.svg", "Text of it.") == (
        "\n.. image:: /a.svg\n   :alt: Text of it.\n   :class: figure only-light\n"
        "\n.. image:: /b.svg\n   :alt: Text of it.\n   :class: figure only-dark\n"
    )
