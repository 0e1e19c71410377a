"""How sure an interval and a set of days are, where a line shows both."""

from __future__ import annotations

from datetime import UTC, datetime

from autopilot_analysis.fleet.explanation import sentences
from autopilot_analysis.fleet.explanation.lists import differences

APRIL = {day: datetime(2026, 4, day, tzinfo=UTC) for day in (10, 14, 15)}
GROUP = {
    "where": '{"profile": "A"}', "devices": 0, "lost": None, "share": 0.2, "low": 0.1, "high": 0.3, "k": 2,
    "n": 10, "rest_share": None, "until": None, "at": APRIL[14], "at_low": APRIL[10], "at_high": APRIL[15],
    "complete": None, "note": None, "lift": 2.0,
}  # fmt: skip


def test_a_line_says_of_both_its_bounds_how_sure_they_are():
    assert sentences.group_in_words(GROUP) == (
        "profile A: 2 of 10 (20.0 %; 95 %: 10.0 % to 30.0 %), 2.0 times as often; "
        "since 14 April 2026 (90 %: 10 April to 15 April)"
    )


def test_how_sure_the_days_are_is_what_they_were_chosen_by(monkeypatch):
    monkeypatch.setattr(sentences, "HELD", 0.8)
    monkeypatch.setattr(sentences, "CONFIDENCE", "99 %")
    line = sentences.group_in_words(GROUP)
    assert "(80 %: 10 April to 15 April)" in line
    assert "(20.0 %; 99 %: 10.0 % to 30.0 %)" in line
    assert differences.set_in_words("a", "b") == "(80 %: a to b)"
