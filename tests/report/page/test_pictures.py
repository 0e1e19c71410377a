from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from autopilot_analysis.report.page import pictures
from autopilot_analysis.report.page.pictures import as_png, as_svg, can_be_svg


@pytest.fixture
def figure():
    figure, _ = plt.subplots(figsize=(4, 2), dpi=96, layout="constrained")
    yield figure
    plt.close(figure)


def test_marks_of_every_kind_count_and_images_are_drawn_in_dots(figure, monkeypatch):
    ax = figure.axes[0]
    ax.barh([1, 2], [3, 4])
    ax.plot([1, 2, 3], [1, 2, 3])
    ax.text(1, 1, "a")
    ax.scatter([1, 2], [1, 2])
    monkeypatch.setattr(pictures, "MOST_MARKS", 8)
    assert can_be_svg(figure)
    monkeypatch.setattr(pictures, "MOST_MARKS", 7)
    assert not can_be_svg(figure)
    monkeypatch.setattr(pictures, "MOST_MARKS", 1000)
    ax.imshow(np.zeros((2, 2)))
    assert not can_be_svg(figure)


def test_words_stay_words_and_the_same_figure_gives_the_same_bytes():
    drawn = []
    for _ in range(2):
        figure, ax = plt.subplots(figsize=(4, 2), layout="constrained")
        ax.barh(["a lane"], [3], hatch="//")
        drawn.append(as_svg(figure))
        plt.close(figure)
    assert ">a lane</text>" in drawn[0]
    assert 'width="288pt" height="144pt"' in drawn[0]
    assert drawn[0] == drawn[1]


def test_long_names_have_their_room(figure):
    ax = figure.axes[0]
    ax.barh(["a name that takes half of the width"], [3])
    before = ax.get_position().x0
    as_svg(figure)
    assert ax.get_position().x0 > before + 0.2


def test_a_picture_of_dots_is_twice_as_fine_as_it_is_large(figure, tmp_path):
    content, about = as_png(figure)
    (tmp_path / "a.png").write_bytes(content)
    assert about == {"width": 384, "height": 192}
    assert Image.open(tmp_path / "a.png").size == (768, 384)
