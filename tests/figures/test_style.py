from __future__ import annotations

import pytest

from autopilot_analysis.figures.style import new_axes, plain


@pytest.mark.parametrize("text", ["$\\frac{1}", "cost $5 and $6", "a\x1b[31mb", "x\u202ey", "\x00"])
def test_hostile_text_is_drawn_as_it_stands(text):
    ax = new_axes()
    ax.text(0, 0, plain(text))
    ax.figure.canvas.draw()
    assert "\x1b" not in plain(text)
    assert "\u202e" not in plain(text)
