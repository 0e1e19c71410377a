"""Paragraphs: nothing that stands in them steers the reader's screen."""

from autopilot_analysis.fleet.postmortem.paragraphs import LONGEST, Prose

HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:y) \x1b[31m\u202e"


def test_prose_shows_markup_as_text_and_no_control_character():
    prose = Prose(((HOSTILE, HOSTILE),), title=HOSTILE)
    html = prose._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html + repr(prose)
    assert "\u202e" not in html + repr(prose)


def test_a_paragraph_is_cut_where_it_is_longer_than_anybody_reads():
    shown = repr(Prose((("", "x" * (LONGEST + 1)),)))
    assert (len(shown), shown[-1]) == (LONGEST, "…")
