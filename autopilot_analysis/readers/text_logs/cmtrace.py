"""CMTrace logs (Intune Management Extension, ConfigMgr) -> `log_lines`, one row a record however many lines.

Facts: Microsoft, "CMTrace" and the logs of the Intune Management Extension. `type` is 1 for information, 2
for a warning, 3 for an error. `time` may end in minutes. Behind the time of a native component, which names
its source file in `file`, they lead from local time to UTC. Scripts in PowerShell set there what
`Win32_TimeZone.Bias` or `GetUtcOffset` gives, which counts the other way round and may leave out summer time,
so theirs fix no instant.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from msgspec.structs import replace

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.pieces import Text
from autopilot_analysis.readers.reading import LOG_LINE, Reading, Unread, rows_of
from autopilot_analysis.readers.text import decode, is_utf8, split_lines
from autopilot_analysis.readers.text_logs.cmtrace_between import BLANK, Stretch, read_between
from autopilot_analysis.readers.text_logs.cmtrace_spans import BEGIN, Spans, find_spans
from autopilot_analysis.readers.text_logs.cmtrace_times import read_times

_SEVERITIES = {"1": "info", "2": "warning", "3": "error"}
_LOOKED_AT = 4096
"""Records that are looked at together for a word that is known: nearly always the first few hold one."""
_TRAILER = (
    r'^\s*date="(?P<date>[^"\r\n]{0,32})" component="(?P<component>[^"\r\n]*)" context="[^"\r\n]*"'
    r' type="(?P<type>[^"\r\n]{0,16})" thread="(?P<thread>[^"\r\n]{0,32})" file="(?P<file>[^"\r\n]*)">'
    r"(?P<rest>(?s:.*))$"
)
_NATIVE = r"(?i)\.(?:c|cc|cpp|cxx|h|hpp)(?::\d{1,9})?$"
"""The source file of a native component, with the line that writes."""


def read_cmtrace(content: bytes, member: str = "") -> Reading:
    """Return the records of a CMTrace log, whole or cut short at either end.

    A record torn by a second writer, or by the end of the file, becomes a gap; every whole one is a row.
    `written_at` is what the device's clock showed; `at` is known only where a native
    component writes its time zone.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: There is neither a record nor a line that begins with a date.
    """
    content, unread = shorten_lines(content)
    text, replaced = _utf8(content)
    lines, stretches = _records(text)
    plain, fragments = read_between(text, stretches)
    if not lines.height and not plain.height and BEGIN not in text and text.strip(BLANK.encode()):
        raise NotThisFormat.of(member, "holds no CMTrace record and no line that begins with a date")
    if plain.height:
        lines = pl.concat([lines, plain]).sort("record", maintain_order=True)
    gaps = [*unread, *fragments]
    if b"\0" in text:
        nul = text.count(b"\0")
        gaps.append(Unread(f"{nul} bytes are NUL, as a crash leaves them where text was written", count=nul))
    if replaced:
        gaps.append(Unread(f"{replaced} bytes are no UTF-8 text and were replaced", count=replaced))
    return Reading({"log_lines": lines}, tuple(gaps))


def read_agent_log(content: bytes, member: str = "") -> Reading:
    """Return what `read_cmtrace` does, and a gap where no record holds a word of a message that is known.

    Known messages are those of facts/ime_patterns.csv: of a log without any of them nothing can be said.
    People paste messages without what the log wraps them in: where one is known, each line is a record.
    """
    try:
        reading = read_cmtrace(content, member)
    except NotThisFormat:
        return _read_bare(content, member)
    lines = reading.rows["log_lines"]
    words = read_facts("ime_patterns")["literal"].unique().to_list()
    blocks = (lines["message"].slice(start, _LOOKED_AT) for start in range(0, lines.height, _LOOKED_AT))
    if not lines.height or any(block.str.contains_any(words).any() for block in blocks):
        return reading
    silent = Unread(f"0 of {lines.height} records understood: no line is known", count=lines.height)
    return replace(reading, unread=(*reading.unread, silent))


def _read_bare(content: bytes, member: str) -> Reading:
    """Return bare messages of the agent, a record each line, without time, thread or severity.

    Raises:
        NotThisFormat: No line holds a word of a message that is known.
    """
    content, unread = shorten_lines(content)
    lines = [(number, line.strip()) for number, line in enumerate(split_lines(decode(content)), 1)]
    messages = [(number, line) for number, line in lines if line]
    words = read_facts("ime_patterns")["literal"].unique().to_list()
    if not pl.Series([line for _, line in messages], dtype=pl.String).str.contains_any(words).any():
        raise NotThisFormat.of(
            member,
            "holds no CMTrace record, no line that begins with a date and no message "
            "of the agent that is known",
        )
    columns: dict[str, list[object]] = {
        "record": [number for number, _ in messages],
        "clock": [NOT_KNOWN] * len(messages),
        "message": [line for _, line in messages],
    }
    rows = rows_of("log_lines", columns)
    bare = Unread("its messages stand without time and thread, as they are pasted", whole=True)
    return Reading({"log_lines": rows}, (*unread, bare))


def _utf8(content: bytes) -> tuple[bytes, int]:
    """Return the log as UTF-8, and how many bytes had to be replaced for it."""
    if b"\0" in content[:64]:
        return decode(content).encode(), 0
    if is_utf8(content):
        return content, 0
    text = content.decode("utf-8", errors="replace")
    replaced = text.count("\ufffd")
    beyond_ascii = len(content) - len(content.translate(None, bytes(range(128, 256))))
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or replaced > beyond_ascii / 2:
        return decode(content).encode(), 0
    return text.encode(), replaced


def _records(text: bytes) -> tuple[pl.DataFrame, list[Stretch]]:
    """Return the whole records as rows, and the stretches of text that belong to none.

    They are taken some megabytes of text at a time and laid one behind another, each piece as it was made:
    the text itself lies in memory once, as the bytes that were read.
    """
    pieces, first, rows, stretches = Text(text), len(text), [], []
    for spans in find_spans(text):
        first = min(first, int(spans.begins[0]))
        found, behind = _rows(text, pieces, spans)
        rows.append(found.filter(behind.is_not_null()) if behind.null_count() else found)
        stretches += _stretches(spans, behind, min(spans.stop + len(BEGIN), len(text)))
    lines = pl.concat(rows) if rows else pl.DataFrame(schema=LOG_LINE)
    return _lines(lines), [Stretch(0, first, line=1), *stretches]


def _rows(text: bytes, pieces: Text, spans: Spans) -> tuple[pl.DataFrame, pl.Series]:
    """Return records as rows, and of each how many bytes stand behind its trailer, as `_trailers` tells."""
    time, to_utc, trailers = read_times(text, spans)
    stop = min(spans.stop + len(BEGIN), len(text))
    bounds = spans.begins + len(BEGIN), spans.ends, trailers
    message, trailer = pieces.between(*bounds, columns=[0, 2], stop=stop)
    which = trailer.cast(pl.Categorical(pl.Categories.random()))
    different = which.unique()
    different_trailers = _trailers(different.gather(different.to_physical().arg_sort()).cast(pl.String))[
        which.to_physical()
    ]
    written_at = pl.col("date").cast(pl.Datetime("us")) + time
    rows = different_trailers.select(
        record=pl.Series(spans.lines),
        written_at=written_at,
        at=pl.when("native").then(written_at + to_utc).cast(LOG_LINE["at"]),
        clock=pl.lit(NOT_KNOWN, LOG_LINE["clock"]),
        severity="severity",
        component="component",
        thread="thread",
        message=message,
    )
    return rows, different_trailers["behind"]


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Return records with `clock` saying for which the log itself tells the instant."""
    if rows["at"].null_count() == rows.height:
        return rows
    declared = pl.when(pl.col("at").is_not_null()).then(pl.lit(DECLARED, LOG_LINE["clock"]))
    return rows.with_columns(clock=declared.otherwise("clock"))


def _stretches(spans: Spans, behind: pl.Series, reach: int) -> list[Stretch]:
    """Return what stands behind the trailers of whole records, and the records whose trailer is torn.

    Args:
        spans: Records.
        behind: How many bytes stand behind their trailers, as `_trailers` tells.
        reach: Where what was counted behind the last one's trailer ends.
    """
    odd = behind.ne_missing(0).arg_true().to_numpy()
    begins, ends = spans.begins[odd], np.append(spans.begins[1:], spans.stop)[odd]
    counted_to = np.append(spans.begins[1:] + len(BEGIN), reach)[odd]
    starts = np.where(behind[odd].is_null(), begins, counted_to - behind[odd].fill_null(0).to_numpy())
    columns = (starts, ends, spans.lines[odd], begins)
    return [Stretch(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _trailers(tails: pl.Series) -> pl.DataFrame:
    """Return date, component, severity and thread of trailers, from `date=` on, with `native` and `behind`.

    The first tells whether a native component wrote the record. The second is how many bytes stand behind a
    trailer, the begin marker of the next record included: 0 where these are only the marker and blanks, null
    where the trailer is torn.

    Args:
        tails: The different ones; a log has few.
    """
    parts = tails.str.extract_groups(_TRAILER).struct.unnest()
    rest = pl.col("rest")
    nothing = rest.str.strip_suffix(BEGIN.decode()).str.strip_chars(BLANK) == ""
    return parts.select(
        date=pl.col("date").str.to_date("%m-%d-%Y", strict=False),
        component=pl.col("component"),
        severity=pl.col("type").replace_strict(_SEVERITIES, default=None).cast(LOG_LINE["severity"]),
        thread=pl.col("thread").cast(pl.Int64, strict=False),
        native=pl.col("file").str.contains(_NATIVE),
        behind=pl.when(nothing).then(0).otherwise(rest.str.len_bytes()).cast(pl.Int64),
    )
