"""A record whose XML breaks off: its whole elements, closed."""

from __future__ import annotations

import pytest

from autopilot_analysis.readers.event_log.event_xml_cut import until_cut

SYSTEM = "<System><EventID>7</EventID><Level>2</Level></System>"
WHOLE = f"<Event>{SYSTEM}<EventData><Data>a</Data></EventData></Event>"


@pytest.mark.parametrize(
    ("until", "whole"),
    [
        ("<Level>2<", "<Event><System><EventID>7</EventID></System></Event>"),
        ("</Level>", "<Event><System><EventID>7</EventID></System></Event>"),
        ("</System>", "<Event><System><EventID>7</EventID><Level>2</Level></System></Event>"),
        ("</Data>", "<Event><System><EventID>7</EventID><Level>2</Level></System></Event>"),
        ("</EventID>", None),
    ],
)
def test_what_the_break_lies_in_is_left_out(until, whole):
    assert until_cut(WHOLE[: WHOLE.index(until)])[0] == whole


def test_words_behind_the_break_are_no_part_of_the_record():
    text = "<Event><System><EventID>7</EventID><Level>2</Le\n\nRegards </System>"
    assert until_cut(text) == ("<Event><System><EventID>7</EventID></System></Event>", text.index("<Level>"))


def test_an_element_without_content_is_whole():
    assert until_cut("<Event><System><EventID>7</EventID><Correlation />")[0] == (
        "<Event><System><EventID>7</EventID><Correlation /></System></Event>"
    )
