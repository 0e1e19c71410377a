"""Logs that apps and scripts write themselves, in a form of their own -> `log_lines`.

Nothing is known of them but that they are lines: a record is a line, and its severity is what it says of
itself. Three ways to write its time are read: ISO 8601 with an offset, which is an instant, without one, and
the one with slashes and AM or PM, where a day beyond the twelfth tells which number is the month.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.dated_lines import INSTANT, LOCAL, SLASHED, by_a_program, is_log
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.tables.verdict import ERROR, WARNING

MOST = 5000
"""So many lines are read, the last ones: how a run ended stands at the end."""
_LINE = r"\S"
_TWELFTH = 12
_LEVEL = r"^\[?\d{4}-\S{15,30}\s+\[?(?:%s)\b"
_NO_ERROR = r"(?i)\b(?:no|0|without) (?:an )?errors?\b|\berror(?:s| ?code| ?level)? ?[:=] ?0\b"
_ERROR = r"(?i)\b(?:error|fatal|exception)\b|\berror ?code\b"
_WARNING = r"(?i)\bwarn(?:ing)?\b"


def read_own_log(content: bytes, member: str = "") -> Reading:
    """Return the lines of a log of unknown form; blank ones are left out.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`: severity is error or warning where the line says so, else null; times where they
        are written in one of the three ways, null else.

    Raises:
        NotThisFormat: It holds no line.
    """
    records, unread = split_records(content, _LINE)
    if records.is_empty():
        raise NotThisFormat.of(member, "holds no line of text")
    text = pl.col("message")
    error = text.str.contains(_ERROR) & ~text.str.contains(_NO_ERROR)
    error |= text.str.contains(_LEVEL % "ERR|FTL")
    warning = pl.when(text.str.contains(_WARNING) | text.str.contains(_LEVEL % "WRN")).then(pl.lit(WARNING))
    severity = pl.when(error).then(pl.lit(ERROR)).otherwise(warning)
    rows = to_lines(records.tail(MOST).with_columns(_at(), _written_at(), severity=severity))
    if more := max(0, records.height - MOST):
        unread = (*unread, Unread(f"of its lines only the last {MOST:,} are read", count=more))
    return Reading({"log_lines": rows}, unread)


def find_own_lines(content: bytes) -> Reading | None:
    """Return the lines of a log that stand in a text, as those that a mail quotes; None without one.

    Of a text that is a log every line is one; of any other those whose time no person types.

    Args:
        content: The whole file.
    """
    lines = written_lines(content)
    if is_log(lines):
        return read_own_log(content)
    kept = [line.lstrip(" \t>|") if by_a_program(line) else "" for line in lines]
    return read_own_log("\n".join(kept).encode()) if any(kept) else None


def _at() -> pl.Expr:
    """Return the instant of a line whose time says its offset."""
    spelt = pl.col("message").str.extract(INSTANT).str.replace("Z$", "+00:00")
    return spelt.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False
    ).alias("at")


def _written_at() -> pl.Expr:
    """Return the local time of a line, without its offset; of slashes where all lines write one order."""
    iso = pl.col("message").str.extract_groups(LOCAL).struct
    local = pl.concat_str(iso.field("1"), pl.lit("T"), iso.field("2"))
    parts = pl.col("message").str.extract_groups(SLASHED).struct
    first, second = (parts.field(name).cast(pl.Int64, strict=False) for name in ("1", "2"))
    spelt = pl.concat_str(*(parts.field(name) for name in "1234"), separator=" ")
    month_first, day_first = (second > _TWELFTH).any(), (first > _TWELFTH).any()
    slashed = (
        pl.when(month_first & ~day_first)
        .then(spelt.str.to_datetime("%m %d %Y %I:%M:%S %p", time_unit="us", strict=False))
        .when(day_first & ~month_first)
        .then(spelt.str.to_datetime("%d %m %Y %I:%M:%S %p", time_unit="us", strict=False))
    )
    plain = local.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
    return pl.coalesce(plain, slashed).alias("written_at")
