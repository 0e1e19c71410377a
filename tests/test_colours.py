"""A colour stands once: figures draw with it, and pages know it by its name."""

import re
from colorsys import rgb_to_hls
from pathlib import Path

import pytest

from autopilot_analysis import colours
from autopilot_analysis.colours import SHADES, SHOWN_AS, coloured
from autopilot_analysis.figures import style
from autopilot_analysis.report.page.vectors import INKS

PACKAGE = Path(colours.__file__).parent
STYLE = (PACKAGE / "report" / "template" / "page.css").read_text("utf-8")
SHEETS = (STYLE, (PACKAGE / "timeline" / "module" / "timeline.css").read_text("utf-8"))
HEX = re.compile(r"#[0-9a-f]{3,8}\b")
WHITE_AND_BLACK = {"#fff", "#000"}
"""Of masks, and of what stands on paper: no colours that anybody would change."""


@pytest.mark.parametrize("name", SHOWN_AS)
def test_a_page_knows_each_colour_of_a_figure_by_its_name(name):
    assert f'"{name}"' in STYLE
    assert f'"{name}"' not in coloured(STYLE)
    assert f'"{SHOWN_AS[name].lower()}"' in coloured(STYLE)


def test_words_and_axes_of_a_figure_follow_the_ink_of_the_page():
    assert INKS[style.INK.lower()] == "currentColor"


@pytest.mark.parametrize("name", SHADES)
def test_a_page_or_the_timeline_shows_each_shade_by_day_and_by_night(name):
    for where, colour in (("light", SHADES[name].light), ("dark", SHADES[name].dark)):
        sheets = [sheet for sheet in SHEETS if f'"{name} {where}"' in sheet]
        assert sheets
        assert all(colour in coloured(sheet) for sheet in sheets)


def test_paper_shows_the_shade_of_the_day_where_it_has_none_of_its_own():
    named = 'a { --bad: "bad printed"; --soft: "soft printed" }'
    assert coloured(named) == f"a {{ --bad: {SHADES['bad'].light}; --soft: {SHADES['soft'].printed} }}"


def test_no_sheet_calls_a_shade_that_is_none():
    assert [re.findall(r'"[\w-]+ (?:light|dark|printed)"', coloured(sheet)) for sheet in SHEETS] == [[], []]


def test_no_module_and_no_page_spells_a_colour_that_has_a_name():
    shades = {colour for shade in SHADES.values() for colour in shade if colour}
    known = {colour.lower() for colour in {*SHOWN_AS.values(), colours.INK, *shades}} - WHITE_AND_BLACK
    spelt = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in PACKAGE.rglob("*")
        if path.suffix in (".css", ".js", ".py") and path.name != "colours.py"
        if (found := known & set(HEX.findall(path.read_text("utf-8").lower())))
    }
    assert spelt == {}


def test_each_colour_is_spelt_once():
    spelt = HEX.findall((PACKAGE / "colours.py").read_text("utf-8").lower())
    assert {colour for colour in spelt if spelt.count(colour) > 1} - WHITE_AND_BLACK == {"#444"}


def hue(colour):
    """The hue of a colour in degrees."""
    return 360 * rgb_to_hls(*(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)))[0]


WASHES = {name.removesuffix("-wash"): shade for name, shade in SHADES.items() if name.endswith("-wash")}


@pytest.mark.parametrize("name", WASHES)
def test_a_wash_has_the_hue_of_its_shade_by_day_and_by_night(name):
    pairs = [(SHADES[name].light, WASHES[name].light), (SHADES[name].dark, WASHES[name].dark)]
    pairs += [(SHADES[name].light, colours.PALE_ACCENT)] if name == "accent" else []
    for shade, pale in pairs:
        apart = abs(hue(shade) - hue(pale))
        assert min(apart, 360 - apart) < 8, (shade, pale)
