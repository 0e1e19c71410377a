from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.widgets import markup

HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m"


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (None, "", ""),
        (timedelta(seconds=59), "", "59 s"),
        (timedelta(minutes=12, seconds=3), "", "12 min 03 s"),
        (timedelta(hours=-1, minutes=-2), "", "−1 h 02 min"),
        (datetime(2026, 1, 5, 7, 8, 9, tzinfo=UTC), "", "2026-01-05 07:08:09"),
        (0.123, "share", "12.3%"),
        (0.000123, "p", "0.000123"),
        (12345, "n", "12,345"),
        (12345, "record", "12345"),
        ("a\x1bb", "", "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_values_are_spelt_as_a_person_reads_them(value, name, text):
    assert markup.spell(value, name) == text


def test_nothing_from_an_export_becomes_markup():
    frame = pl.DataFrame({HOSTILE: [HOSTILE]})
    for html in (markup.table(HOSTILE, frame), markup.sentence(HOSTILE), markup.picture(b"", HOSTILE + '"')):
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html
        assert "\x1b" not in html


def test_a_long_table_says_how_much_of_it_is_shown():
    html = markup.table("All", pl.DataFrame({"n": range(1000)}))
    assert html.count("<tr>") == markup.ROWS + 1
    assert "showing 50 of 1,000 rows" in html


def test_one_thing_is_not_called_things():
    assert markup.showing(1, 1, "devices") == "1 device"
    assert markup.showing(200, 10_000, "devices") == "showing 200 of 10,000 devices"
