"""A colour stands once: figures draw with it, and pages know it by its name."""

import re
from pathlib import Path

import pytest

from autopilot_analysis import colours
from autopilot_analysis.colours import SHOWN_AS, coloured
from autopilot_analysis.figures import style
from autopilot_analysis.report.page.vectors import INKS

PACKAGE = Path(colours.__file__).parent
STYLE = (PACKAGE / "report" / "template" / "page.css").read_text("utf-8")


@pytest.mark.parametrize("name", SHOWN_AS)
def test_a_page_knows_each_colour_of_a_figure_by_its_name(name):
    assert f'"{name}"' in STYLE
    assert f'"{name}"' not in coloured(STYLE)
    assert f'"{SHOWN_AS[name].lower()}"' in coloured(STYLE)


def test_words_and_axes_of_a_figure_follow_the_ink_of_the_page():
    assert INKS[style.INK.lower()] == "currentColor"


def test_no_figure_and_no_page_spells_a_colour_that_has_a_name():
    named = re.compile("|".join(colour[1:] for colour in {*SHOWN_AS.values(), colours.INK}), re.IGNORECASE)
    drawn = [path for path in (PACKAGE / "figures").glob("*.py") if named.search(path.read_text("utf-8"))]
    assert [path.name for path in drawn] == []
    assert named.findall(re.sub(r"--[\w-]+: #\w+", "", STYLE)) == []
