"""CMTrace logs (Intune Management Extension, ConfigMgr) -> `log_lines`, one row a record however many lines.

Facts: Microsoft, "CMTrace" and the logs of the Intune Management Extension. `type` is 1 for information, 2
for a warning, 3 for an error. `time` may end in the minutes that lead from local time to UTC.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.cmtrace_between import BLANK, Stretch, read_between
from autopilot_analysis.readers.cmtrace_spans import BEGIN, Spans, find_spans, gather
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import decode
from autopilot_analysis.tables import SCHEMAS

_SCHEMA = {
    k: v for k, v in SCHEMAS["log_lines"].create_empty().schema.items() if k not in ("device", "member")
}
_SEVERITIES = {"1": "info", "2": "warning", "3": "error"}
_TRAILER = (
    r'^\s*date="(?P<date>[^"\r\n]{0,32})" component="(?P<component>[^"\r\n]*)" context="[^"\r\n]*"'
    r' type="(?P<type>[^"\r\n]{0,16})" thread="(?P<thread>[^"\r\n]{0,32})" file="[^"\r\n]*">'
    r"(?P<rest>(?s:.*))$"
)
_TIME = r'^(?P<whole>(?P<time>\d{1,2}:\d\d:\d\d(?:\.\d{1,7})?)(?P<bias>[+-]\d{1,4})?")'
_USUAL_TIME = b'00:00:00.0000000"'
_MICROSECONDS = {0: 36 * 10**9, 1: 36 * 10**8, 3: 6 * 10**8, 4: 6 * 10**7, 6: 10**7, 7: 10**6} | {
    9 + place: 10 ** (5 - place) for place in range(6)
}
"""What a digit of the usual time is worth at each place; the seventh decimal is left out."""
_SIGNS = {place: (sign - ord("0")) & 0xFF for place, sign in enumerate(_USUAL_TIME) if sign != ord("0")}
_LONGEST_TIME = 32
_DAY = 86_400 * 10**6


def read_cmtrace(content: bytes, member: str = "") -> Reading:
    """Return the records of a CMTrace log, whole or cut short at either end.

    A record torn by a second writer, or by the end of the file, becomes a gap; every whole one is a row.
    `written_at` is what the device's clock showed; `at` is known only where the log writes its time zone.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: There is neither a record nor a line that begins with a date.
    """
    content, unread = shorten_lines(content)
    text, replaced = _utf8(content)
    lines, stretches = _records(text, find_spans(text))
    plain, fragments = read_between(text, stretches)
    if not lines.height and not plain.height and BEGIN not in text and text.strip(BLANK.encode()):
        raise NotThisFormat(
            f"{member or 'the file'} holds no CMTrace record and no line that begins with a date"
        )
    if plain.height:
        lines = pl.concat([lines, plain]).sort("record", maintain_order=True)
    gaps = [*unread, *fragments]
    if b"\0" in text:
        nul = text.count(b"\0")
        gaps.append(Unread(f"{nul} bytes are NUL, as a crash leaves them where text was written", count=nul))
    if replaced:
        gaps.append(Unread(f"{replaced} bytes are no UTF-8 text and were replaced", count=replaced))
    return Reading({"log_lines": lines}, tuple(gaps))


def _utf8(content: bytes) -> tuple[bytes, int]:
    """Return the log as UTF-8, and how many bytes had to be replaced for it."""
    if b"\0" in content[:64]:
        return decode(content).encode(), 0
    if content.isascii() or _is_utf8(content):
        return content, 0
    text = content.decode("utf-8", errors="replace")
    replaced = text.count("\ufffd")
    beyond_ascii = len(content) - len(content.translate(None, bytes(range(128, 256))))
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or replaced > beyond_ascii / 2:
        return decode(content).encode(), 0
    return text.encode(), replaced


def _is_utf8(content: bytes) -> bool:
    """Return whether every byte belongs to UTF-8 text; the text itself is not copied."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only this reader needs it

    whole = pa.py_buffer(np.array([0, len(content)], np.int64)), pa.py_buffer(content)
    binary = pl.Series(pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, *whole]))
    try:
        return binary.cast(pl.String).null_count() == 0
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError):
        return False


def _strings(text: bytes, offsets: NDArray[np.int64]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the pieces of `text` between neighbouring offsets as Arrow strings, without copying any."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only this reader needs it

    buffers = pa.py_buffer(np.ascontiguousarray(offsets, np.int64)), pa.py_buffer(text)
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, *buffers)


def _records(text: bytes, spans: Spans) -> tuple[pl.DataFrame, list[Stretch]]:
    """Return the whole records as rows, and the stretches of text that belong to none."""
    if not len(spans.begins):
        return pl.DataFrame(schema=_SCHEMA), [Stretch(0, len(text), line=1)]
    time, bias, trailers = _times(text, spans.ends + 14)
    starts = spans.begins + len(BEGIN)
    pieces = np.append(np.column_stack((starts, spans.ends, trailers)).ravel(), len(text))
    strings = pl.Series(_strings(text, pieces))
    rows = _trailers(strings.gather_every(3, 2)).with_columns(
        record=pl.Series(spans.lines),
        written_at=pl.col("date").cast(pl.Datetime("us")) + time,
        bias=bias,
        message=strings.gather_every(3, 0),
        begin=pl.Series(spans.begins),
        following=pl.Series(np.append(spans.begins[1:], len(text))),
        stop=pl.Series(np.append(starts[1:], len(text))),
    )
    whole = rows if rows["rest"].null_count() == 0 else rows.filter(pl.col("rest").is_not_null())
    return _lines(whole), [Stretch(0, int(spans.begins[0]), line=1), *_stretches(rows)]


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Return whole records with the columns of `log_lines`."""
    known = (pl.col("written_at") + pl.col("bias")).is_not_null()
    return rows.select(
        "record",
        "written_at",
        at=(pl.col("written_at") + pl.col("bias")).dt.replace_time_zone("UTC"),
        clock=pl.when(known).then(pl.lit("declared")).otherwise(pl.lit("unknown")).cast(_SCHEMA["clock"]),
        severity="severity",
        component="component",
        thread="thread",
        message="message",
    )


def _stretches(rows: pl.DataFrame) -> list[Stretch]:
    """Return what stands behind the trailers of whole records, and the records whose trailer is torn.

    Behind a trailer there is a line end, and then the next record's begin marker.
    """
    behind = pl.col("rest").str.strip_suffix(BEGIN.decode()).str.strip_chars(BLANK)
    odd = rows.filter((behind != "").fill_null(True))
    start = pl.coalesce(pl.col("stop") - pl.col("rest").str.len_bytes().cast(pl.Int64), "begin")
    found = odd.select(start, "following", "record", "begin")
    return [Stretch(*row) for row in found.iter_rows()]


def _trailers(tails: pl.Series) -> pl.DataFrame:
    """Return date, component, severity, thread and whatever follows, of each trailer from `date=` on.

    A log has few different trailers: each is taken apart once.
    """
    codes = tails.cast(pl.Categorical(pl.Categories.random())).to_physical().rename("code")
    firsts = codes.to_frame().with_row_index().unique("code", keep="first").sort("code")
    parts = tails.gather(firsts["index"]).str.extract_groups(_TRAILER).struct.unnest()
    parsed = parts.select(
        date=pl.col("date").str.to_date("%m-%d-%Y", strict=False),
        component=pl.col("component"),
        severity=pl.col("type").replace_strict(_SEVERITIES, default=None).cast(_SCHEMA["severity"]),
        thread=pl.col("thread").cast(pl.Int64, strict=False),
        rest=pl.col("rest"),
    )
    return parsed[codes]


def _times(text: bytes, at: NDArray[np.int64]) -> tuple[pl.Series, pl.Series, NDArray[np.int64]]:
    """Return time of day, minutes from local time to UTC, and where the trailer goes on.

    Args:
        text: The log.
        at: Where each time is written, behind its opening quote.
    """
    digits = gather(text, len(_USUAL_TIME))[at].view(np.uint8).reshape(len(at), -1) - np.uint8(ord("0"))
    usual = (digits[:, list(_MICROSECONDS)] < 10).all(axis=1)
    for place, sign in _SIGNS.items():
        usual &= digits[:, place] == sign
    time = digits[:, list(_MICROSECONDS)].astype(np.int64) @ np.array(list(_MICROSECONDS.values()))
    bias = np.full(len(at), np.iinfo(np.int64).min)
    after = at + len(_USUAL_TIME)
    other = np.flatnonzero(~usual)
    if len(other):
        time[other], bias[other], length = _unusual_times(gather(text, _LONGEST_TIME)[at[other]])
        after[other] = at[other] + length
    time[time >= _DAY] = np.iinfo(np.int64).min
    return pl.Series(time.view("m8[us]")), pl.Series(bias.view("m8[m]").astype("m8[us]")), after


def _unusual_times(written: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return microseconds, minutes to UTC and length of times such as `13:05:12.345-060"`."""
    texts = pl.Series([bytes(text).decode("ascii", "replace") for text in written], dtype=pl.String)
    parts = texts.str.extract_groups(_TIME).struct.unnest()
    columns = parts.select(
        pl.col("time").str.to_time("%H:%M:%S%.f", strict=False).cast(pl.Int64) // 1000,
        pl.col("bias").cast(pl.Int64, strict=False),
        pl.col("whole").str.len_bytes().cast(pl.Int64).fill_null(0),
    ).fill_null(np.iinfo(np.int64).min)
    time, bias, length = (columns.to_series(i).to_numpy() for i in range(3))
    return time, bias, length
