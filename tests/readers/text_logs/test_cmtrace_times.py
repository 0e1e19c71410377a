from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.readers.text_logs import cmtrace_times
from autopilot_analysis.readers.text_logs.cmtrace_spans import Spans, find_spans
from autopilot_analysis.readers.text_logs.cmtrace_times import read_times

COLUMNS = ("begins", "ends", "lines", "times")
RECORD = '<![LOG[m]LOG]!><time="{} date="3-2-2026" component="A" context="" type="1" thread="1" file="">\n'


def whole(parts):
    """Return the records of all parts as those of one."""
    *_, last = found = [*parts]
    columns = (np.concatenate([getattr(part, name) for part in found]) for name in COLUMNS)
    return Spans(last.stop, *columns)


def read(*written):
    text = "".join(map(RECORD.format, written)).encode()
    time, to_utc, behind = read_times(text, whole(find_spans(text)))
    frame = time.alias("time").to_frame().with_columns(to_utc=to_utc)
    assert all(text[place:].startswith(b" date=") for place in behind[frame["time"].is_not_null().to_numpy()])
    return frame.rows()


@pytest.mark.parametrize(
    ("written", "microseconds"),
    [
        ('00:00:00.0000000"', 0),
        ('00:00:00.0000019"', 1),
        ('12:34:56.7891234"', 45_296_789_123),
        ('23:59:59.9999999"', 86_399_999_999),
        ('1:02:03"', 3_723_000_000),
        ('13:05:12.345"', 47_112_345_000),
        ('12:34:56.789123?"', 45_296_789_123),
    ],
)
def test_times_are_read_to_the_microsecond(written, microseconds):
    assert read(written) == [(timedelta(microseconds=microseconds), None)]


@pytest.mark.parametrize(
    "written",
    [
        '24:00:00.0000000"',
        '10:60:00.0000000"',
        '10:00:61.0000000"',
        '10:00:0/.0000000"',
        '10:00:0:.0000000"',
        '10.00:00.0000000"',
        '10:00:00,0000000"',
        '10:00:00.000000\u00e9"',
        '10:00:00.00000000"',
        'never"',
    ],
)
def test_what_is_no_time_of_a_day_is_unknown(written):
    assert [time for time, _ in read(written, '10:00:00.0000000"')] == [None, timedelta(hours=10)]


def test_minutes_to_utc_stand_beside_their_own_record_only():
    rows = read('13:05:12.345-060"', '13:05:12.3450000"', '13:05:12.345+480"')
    assert [to_utc for _, to_utc in rows] == [timedelta(minutes=-60), None, timedelta(minutes=480)]


@pytest.mark.parametrize(
    ("offset", "minutes"), [("+-120", -120), (" 60", 60), (" -60", -60), ("+330", 330), ("60", None)]
)
def test_minutes_have_a_sign_or_a_blank_before_them(offset, minutes):
    ((_, to_utc),) = read(f'13:05:12.345678{offset}"')
    assert to_utc == (None if minutes is None else timedelta(minutes=minutes))


def test_times_beyond_those_taken_together_are_read_alike(monkeypatch):
    written = [f'{hour:02}:00:00.{hour:07}"' for hour in range(24)]
    whole = read(*written)
    monkeypatch.setattr(cmtrace_times, "_AT_ONCE", 5)
    assert read(*written) == whole
    assert pl.Series([time for time, _ in whole]).is_unique().all()
