"""Logs that apps and scripts write themselves, in a form of their own -> `log_lines`.

Nothing is known of them but that they are lines: a record is a line, and its severity is what it says of
itself. Three ways to write its time are read: ISO 8601 with an offset, which is an instant, one with the
year first, and one with it last, where the days themselves must tell which number is the month.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.dated_lines import INSTANT, YEAR_FIRST, YEAR_LAST, by_a_program, in_runs, is_log
from autopilot_analysis.facts.error_records import CATEGORY, error_records
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines, with_errors_folded
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.tables.verdict import ERROR, WARNING

MOST = 5000
"""So many lines are read, the last ones: how a run ended stands at the end."""
_NAMED = ".log"
"""How a file is called that is a log as a whole; of any other text those lines that it quotes of one."""
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
    if not member.lower().endswith(_NAMED) and not is_log(lines := written_lines(content)):
        content = "\n".join(quoted).encode() if any(quoted := of_programs(lines)) else content
    records, unread = split_records(content, _LINE)
    if records.is_empty():
        raise NotThisFormat.of(member, "holds no line of text")
    records = with_errors_folded(records)
    text = pl.col("message")
    error = text.str.contains(_ERROR) & ~text.str.contains(_NO_ERROR)
    error |= text.str.contains(_LEVEL % "ERR|FTL") | text.str.contains(f"(?m){CATEGORY}")
    warning = pl.when(text.str.contains(_WARNING) | text.str.contains(_LEVEL % "WRN")).then(pl.lit(WARNING))
    severity = pl.when(error).then(pl.lit(ERROR)).otherwise(warning)
    rows = to_lines(records.tail(MOST).with_columns(_at(), _written_at(), severity=severity))
    if more := max(0, records.height - MOST):
        unread = (*unread, Unread(f"of its lines only the last {MOST:,} are read", count=more))
    return Reading({"log_lines": rows}, unread)


def of_programs(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text that a log or an error of PowerShell has, every other one empty.

    Args:
        lines: Without their ends.
    """
    kept = in_runs(lines)
    for record in error_records(lines):
        for number in record:
            kept[number] = lines[number]
    return kept


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
    """Return the local time of a line, without its offset; of a year that is last where the order is proven.

    A number beyond the twelfth proves it, else the one order in which the lines run forwards; dots are of
    countries that write the day first.
    """
    text = pl.col("message").str
    iso, last = text.extract_groups(YEAR_FIRST).struct, text.extract_groups(YEAR_LAST).struct
    plain = _moment(*(iso.field(name) for name in "12345"))
    first, second = (last.field(name).cast(pl.Int64, strict=False) for name in "13")
    days_first = _moment(*(last.field(name) for name in "43156"))
    months_first = _moment(*(last.field(name) for name in "41356"))
    day, month = (first > _TWELFTH).any(), (second > _TWELFTH).any()
    back_by_day, back_by_month = (_runs_back(one) for one in (days_first, months_first))
    dots = (last.field("2") == ".").all()
    by_day = (day & ~month) | (~day & ~month & ((back_by_month & ~back_by_day) | dots))
    by_month = (month & ~day) | (~day & ~month & back_by_day & ~back_by_month & ~dots)
    return pl.coalesce(plain, pl.when(by_day).then(days_first).when(by_month).then(months_first)).alias(
        "written_at"
    )


def _runs_back(moments: pl.Expr) -> pl.Expr:
    """Tell whether some times of a log are earlier than the one before them."""
    return (moments.drop_nulls().diff() < timedelta(0)).any()


def _moment(year: pl.Expr, month: pl.Expr, day: pl.Expr, clock: pl.Expr, half: pl.Expr) -> pl.Expr:
    """Return the time that texts spell, with the half of the day where one stands there."""
    spelt = pl.concat_str(year, month, day, clock, separator=" ")
    halved = pl.concat_str(
        spelt, half.str.to_uppercase().str.replace_all(".", "", literal=True), separator=" "
    )
    whole = spelt.str.to_datetime("%Y %m %d %H:%M:%S", time_unit="us", strict=False)
    return (
        pl.when(half.is_null())
        .then(whole)
        .otherwise(halved.str.to_datetime("%Y %m %d %I:%M:%S %p", time_unit="us", strict=False))
    )
