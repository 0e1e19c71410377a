from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis.readers.service.cells.duration import negative_durations, read_durations, says_none


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT3M21.5549443S", timedelta(minutes=3, seconds=21, microseconds=554944)),
        ("PT1H3M21.5549443S", timedelta(hours=1, minutes=3, seconds=21, microseconds=554944)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("P3D", timedelta(days=3)),
        ("P1W", timedelta(weeks=1)),
        ("PT0S", timedelta(0)),
        ("1.02:03:04.5", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("01:02:03", timedelta(hours=1, minutes=2, seconds=3)),
        ("52:10:01", timedelta(hours=52, minutes=10, seconds=1)),
        ("3821", timedelta(seconds=3821)),
        ("3821.25", timedelta(seconds=3821.25)),
        (" PT5M ", timedelta(minutes=5)),
    ],
)
def test_every_documented_spelling_is_read(text, span):
    # Alone, and among spellings of other kinds.
    assert read_durations(pl.Series([text])).to_list() == [span]
    mixed = read_durations(pl.Series(["PT1S", "7", "0:00:02", None, text]))
    assert mixed.to_list() == [timedelta(seconds=1), timedelta(seconds=7), timedelta(seconds=2), None, span]


@pytest.mark.parametrize(
    "text", ["-PT2M57.2190107S", "PT-2M", "-5", "-1:00:00", "-00:10:00",
              "PT1H-5M", "P1M", "P1Y", "P", "PT", "", "52:10", "x",
             "1:x:3", "PTS", "nan", "P999999999999D", "PT5M3", "P1H"],
)  # fmt: skip
def test_what_is_negative_or_no_span_stays_null(text):
    assert read_durations(pl.Series([text, "PT1S"])).to_list() == [None, timedelta(seconds=1)]


def test_negative_spans_are_told_from_unreadable_ones():
    assert negative_durations(pl.Series(["-PT2M", "x", None, "PT1S"])).to_list() == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "none", "negative"),
    [
        ("--", True, False),
        ("-", True, False),
        ("– –", True, False),
        (" N/A ", True, False),
        ("", True, False),
        ("-PT2M", False, True),
        ("PT-2M", False, True),
        ("-00:10:00", False, True),
        ("12-", False, False),
        ("soon", False, False),
        ("52:10", False, False),
    ],
)
def test_a_dash_without_a_number_says_that_there_is_no_span_and_is_not_negative(text, none, negative):
    texts = pl.Series([text, None])
    assert says_none(texts).to_list() == [none, False]
    assert negative_durations(texts).to_list() == [negative, False]
    assert read_durations(texts).to_list() == [None, None]


def test_an_empty_or_null_column_is_read():
    assert read_durations(pl.Series([], dtype=pl.String)).to_list() == []
    assert read_durations(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("38 min", 38 * 60),
        ("38min.", 38 * 60),
        ("38,5 Min", 38.5 * 60),
        ("1:05 h", 65 * 60),
        ("1 h 05", 65 * 60),
        ("1 Std. 5 Min.", 65 * 60),
        ("1 Stdn. 5 Min.", 65 * 60),
        ("1,5 h", 90 * 60),
        ("2 hours 10 minutes", 130 * 60),
        ("1 h 5 min 20 s", 65 * 60 + 20),
        ("45 sec", 45),
        ("1:65 h", None),
        ("38 km", None),
        ("12 apples", None),
        ("3 Tage", None),
    ],
)
def test_spans_as_people_write_them(text, seconds):
    (read,) = read_durations(pl.Series([text])).to_list()
    assert (read.total_seconds() if read is not None else None) == seconds
