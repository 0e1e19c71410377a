"""Windows Setup action logs (setupact.log, setuperr.log) -> `log_lines`.

Format: Microsoft, "Windows Setup log files and event logs"; a line is date, time, level, component, message.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis.clock.provenance import NOT_KNOWN
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.reading import BEGINS_INSIDE, LOG_LINE, Reading, Unread
from autopilot_analysis.readers.text import decode, split_lines

_HEAD = (
    r"^(?P<date>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d(?:\.\d{1,6})?), (?P<level>[A-Za-z]{1,16})"
    r"(?:\s{0,64}(?P<area>\[0x[0-9A-Fa-f]{1,16}\]))?"
    r"(?:\s{1,64}\[(?P<bracket>[^\]\r\n]{1,128})\] ?|\s{1,20}(?P<column>[A-Z][A-Z0-9]{1,9})\s{1,16}|\s{0,64})"
    r"(?P<message>.*)$"
)
_BLOCK = 65_536
"""Records that are taken apart at once."""
_SEVERITIES = {
    "info": "info",
    "warning": "warning",
    "error": "error",
    "fatalerror": "error",
    "fatal": "error",
}


def read_setup_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a setup log; a line without a date belongs to the record before it.

    Times are device local and say no zone, so `at` is null until the device's clock is known.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: No line begins like a line of a setup log.
    """
    content, unread = shorten_lines(content)
    lines = pl.DataFrame({"line": split_lines(decode(content))}, schema={"line": pl.String})
    lines = lines.with_row_index("record", offset=1).with_columns(
        head=pl.col("line").str.contains(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?, [A-Za-z]"),
    )
    if not lines["head"].any():
        if lines["line"].str.strip_chars().str.len_bytes().sum() == 0:
            return Reading({"log_lines": pl.DataFrame(schema=LOG_LINE)})
        raise NotThisFormat.no_line(member, "a setup log (date, time, level, message)")
    lines = lines.with_columns(entry=pl.col("head").cum_sum())
    rows = pl.concat([_records(block) for block in _blocks(lines)])
    return Reading({"log_lines": rows}, (*unread, *_unread(lines)))


def _blocks(lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the lines of some records at a time: taking records apart costs many times their text."""
    entries = lines["entry"]
    for first in range(1, int(entries[-1]) + 1, _BLOCK):
        begin, end = (int(entries.search_sorted(entry, side="left")) for entry in (first, first + _BLOCK))
        yield lines[begin:end]


def _records(lines: pl.DataFrame) -> pl.DataFrame:
    """Return one row a record; further lines are joined to its message."""
    entries = lines.group_by("entry", maintain_order=True).agg(
        pl.first("record").cast(pl.Int64),
        pl.first("line").str.extract_groups(_HEAD).alias("part"),
        pl.col("line").slice(1).str.join("\n").alias("further"),
        pl.len().alias("lines"),
    )
    part = pl.col("part").struct
    written = pl.concat_str(part.field("date"), part.field("time"), separator=" ")
    more = pl.when(pl.col("lines") > 1).then(pl.concat_str(pl.lit("\n"), "further")).otherwise(pl.lit(""))
    area = pl.concat_str(part.field("area"), pl.lit(" ")).fill_null("")
    message = pl.concat_str(area, part.field("message"), more)
    return entries.select(
        "record",
        written_at=written.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False),
        at=pl.lit(None, dtype=LOG_LINE["at"]),
        clock=pl.lit(NOT_KNOWN).cast(LOG_LINE["clock"]),
        severity=part.field("level")
        .str.to_lowercase()
        .replace_strict(_SEVERITIES, default=None)
        .cast(LOG_LINE["severity"]),
        component=pl.coalesce(part.field("bracket"), part.field("column")),
        thread=pl.lit(None, dtype=pl.Int64),
        message=message.str.strip_chars_end("\n"),
    )


def _unread(lines: pl.DataFrame) -> tuple[Unread, ...]:
    """Return a gap for the lines before the first record: the log was cut at its beginning."""
    orphans = lines.filter((pl.col("entry") == 0) & (pl.col("line").str.strip_chars() != ""))
    if orphans.is_empty():
        return ()
    reason = f"{BEGINS_INSIDE}: its first lines belong to none"
    return (Unread(reason, record=int(orphans["record"][0]), count=orphans.height),)
