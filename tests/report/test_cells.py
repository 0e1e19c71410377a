from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.report.cells import frame_html, say_plainly
from autopilot_analysis.report.markup import clean


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ('"network"', "enum", "network"),
        ('"a "quoted" word"', "str", 'a "quoted" word'),
        ('"', "str", '"'),
        ('"cut sho…', "str", "cut sho…"),
        ("2026-03-02 08:00:00.300 UTC", "datetime[μs, UTC]", "2026-03-02 08:00:00"),
        ("2023-12-26 19:31:00.915518", "datetime[μs]", "2023-12-26 19:31:00"),
        ('"2026-03-02 08:33:08.000000+00:00"', "str", "2026-03-02 08:33:08 UTC"),
        ("1m 48s 92533µs", "duration[μs]", "1m 48s"),
        ("1m 43s 512ms", "duration[μs]", "1m 44s"),
        ("59m 59s 900ms", "duration[μs]", "1h"),
        ("-1s 700ms", "duration[μs]", "-2s"),
        ("0µs", "duration[μs]", "0s"),
        ("-3h", "duration[μs]", "-3h"),
        ("27µs", "duration[μs]", "27µs"),
        ("0.394904", "f64", "0.3949"),
        ("285.453707", "f64", "285.5"),
        ("2.5843e-11", "f64", "2.584e-11"),
        ("1.0", "f64", "1"),
        ("NaN", "f64", "NaN"),
        ("null", "datetime[μs, UTC]", "null"),
        ("54747", "i64", "54747"),
    ],
)
def test_a_cell_is_said_plainly(text, kind, said):
    assert say_plainly(text, kind) == said


FRAME = pl.DataFrame(
    {
        "stage": pl.Series(["network", None], dtype=pl.Enum(["network"])),
        "at": [datetime(2026, 3, 2, 8, 0, 0, 300_000, tzinfo=UTC), None],
        "day": [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)],
        "waited": [timedelta(minutes=1, seconds=2, microseconds=5), None],
        "<b>": ['<i>"x"</i>', "null"],
    }
)


def test_a_notebook_shows_a_frame_without_quotes_and_parts_of_a_second():
    html = frame_html(FRAME)
    assert "<td>network</td>" in html
    assert "<td>2026-03-02 08:00:00</td>" in html
    assert "<td>1m 2s</td>" in html
    assert "<i>" not in html
    assert "shape: (2, 5)" in html


@pytest.mark.parametrize("html", [FRAME._repr_html_(), frame_html(FRAME)])
def test_a_page_shows_the_same_frame_plainly(html):
    page = clean(html)
    assert ">network<" in page
    assert "at (UTC)" in page
    assert ">2026-03-02 08:00:00<" in page
    assert ">2026-03-03<" in page
    assert "<i>" not in page
    assert page.count("nothing known") == 3
    assert '"null"' in page.replace("&quot;", '"')


def test_an_empty_frame_is_one_sentence():
    page = clean(frame_html(FRAME.clear()))
    assert "No rows." in page
    assert "<table" not in page
