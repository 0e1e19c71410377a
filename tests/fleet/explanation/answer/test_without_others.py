"""A group is told without what another one carries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.without_others import without_others

FIRST = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shared", "words"),
    [(12, "; without profile Kiosk 8 of 68 failed"), (2, "; without profile Kiosk 8 of 78 failed"), (0, "")],
)
def test_a_group_is_told_without_what_another_one_carries(shared, words):
    rows = pl.DataFrame(
        {
            "device": f"D-{n}",
            "started_at": FIRST + timedelta(hours=n),
            "total": timedelta(minutes=5),
            "outcome": "failed" if n < shared or 72 <= n < 80 else "succeeded",
            "profile": "Kiosk" if n < shared else "Office",
            "site": "MUC" if n < 80 else "BER",
        }
        for n in range(160)
    )
    row = {"where": '{"site": "MUC"}', "at": None, "until": None}
    kiosk = {"where": '{"profile": "Kiosk"}', "at": None, "until": None}
    assert without_others(rows, row, [kiosk]) == words
    assert without_others(rows, row, []) == ""


def test_less_than_a_tenth_carried_by_another_is_not_worth_a_sentence():
    rows = pl.DataFrame(
        {
            "device": [f"D-{n}" for n in range(60)],
            "started_at": [FIRST + timedelta(hours=n) for n in range(60)],
            "total": [timedelta(minutes=5)] * 60,
            "outcome": ["failed"] * 21 + ["succeeded"] * 39,
            "profile": ["Kiosk"] * 2 + ["Office"] * 58,
            "site": ["MUC"] * 60,
        }
    )
    kiosk = {"where": '{"profile": "Kiosk"}', "at": None, "until": None}
    assert without_others(rows, {**kiosk, "where": '{"site": "MUC"}'}, [kiosk]) == ""
