"""The times of the records of a CMTrace log, read eight characters at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.readers.text_logs.cmtrace_spans import END, TIME_WIDTH, Spans, gather, word

_CLOCK, _FRACTION = b"00:00:00", b".000000\0"
"""The usual time: a digit wherever a 0 stands, the signs, a seventh decimal that is left out, and a quote."""
_READ = word(b"\xff" * 7)
_PARTS = np.dtype([("clock", "<u8"), ("fraction", "<u8"), ("quote", "u1")])
_TIME = (
    r"^(?P<whole>(?P<time>\d{1,2}:\d\d:\d\d(?:\.\d{1,7})?)"
    r'(?:[+ ]?(?P<less>-\d{1,4})|[+ ](?P<more>\d{1,4}))?")'
)
"""Native components write `+` before any offset, `+-120` too; a script may set a blank there."""
_LONGEST = 32
_AT_ONCE = 2**15
"""Records taken together: few enough for what is computed of them to stay in the processor's cache."""
_UNKNOWN = np.iinfo(np.int64).min
_Words = NDArray[np.uint64]


def read_times(text: bytes, spans: Spans) -> tuple[pl.Series, pl.Expr, NDArray[np.int64]]:
    """Return time of day, time from local to UTC (null where none is written), and where the trailer goes on.

    Args:
        text: The log.
        spans: Its whole records.
    """
    at = spans.ends + len(END + b'<time="')
    time, usual = np.empty(len(at), np.int64), np.empty(len(at), np.bool_)
    for start in range(0, len(at), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        time[part], usual[part] = _usual(spans.times[part])
    after = at + TIME_WIDTH
    other = np.flatnonzero(~usual)
    to_utc = pl.lit(None, pl.Duration("us"))
    if len(other):
        bias = np.full(len(at), _UNKNOWN)
        time[other], bias[other], length = _unusual(gather(text, _LONGEST)[at[other]])
        after[other] = at[other] + length
        to_utc = pl.lit(pl.Series(bias.view("m8[m]").astype("m8[us]")))
    return pl.Series(time.view("m8[us]")), to_utc, after


def _usual(written: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return microseconds of times of the usual form, and which have it."""
    clock, fraction, quote = (written.view(_PARTS)[name] for name in _PARTS.names or ())
    quoted = quote == ord('"')
    usual = quoted & _follows(clock, _CLOCK) & _follows(fraction & _READ, _FRACTION)
    hours, minutes, seconds = _pairs(clock, _CLOCK, 0, 3, 6)
    usual &= (hours < 24) & (minutes < 60) & (seconds < 60)
    time = (hours * 60 + minutes) * 60 + seconds
    for pair in _pairs(fraction, _FRACTION, 1, 3, 5):
        time = time * 100 + pair
    return time, usual


def _unusual(written: NDArray[Any]) -> tuple[NDArray[np.int64], ...]:
    """Return microseconds, minutes to UTC and length of times such as `13:05:12.345-060"`."""
    texts = pl.Series([bytes(text).decode("ascii", "replace") for text in written], dtype=pl.String)
    parts = texts.str.extract_groups(_TIME).struct.unnest()
    columns = parts.select(
        pl.col("time").str.to_time("%H:%M:%S%.f", strict=False).cast(pl.Int64) // 1000,
        pl.coalesce("less", "more").cast(pl.Int64, strict=False),
        pl.col("whole").str.len_bytes().cast(pl.Int64).fill_null(0),
    ).fill_null(_UNKNOWN)
    return tuple(column.to_numpy() for column in columns)


def _follows(words: _Words, form: bytes) -> NDArray[np.bool_]:
    """Return which words have digits and signs where a form has them.

    Less the form, a digit is at most 9 and a sign 0: what is more, reaches the highest bit of its byte when
    as much is added as 9 or 0 lack to it.
    """
    beyond = words ^ word(form)
    lacking = bytes(0x76 if letter == ord("0") else 0x7F for letter in form)
    follows: NDArray[np.bool_] = ((beyond | (beyond + word(lacking))) & word(b"\x80" * 8)) == 0
    return follows


def _pairs(words: _Words, form: bytes, *places: int) -> list[NDArray[np.int64]]:
    """Return the numbers of two digits that stand at some places of words that follow a form."""
    digits = words ^ word(form)
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    return [((pairs >> np.uint64(8 * place)) & np.uint64(0xFF)).view(np.int64) for place in places]
