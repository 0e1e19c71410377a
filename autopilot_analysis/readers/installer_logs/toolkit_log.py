"""Logs of PSAppDeployToolkit, the wrapper around many installers, in both of its styles -> `log_lines`.

The CMTrace style writes the minutes that local time lies east of UTC, other than Configuration Manager's
minutes to UTC, and leaves daylight time out (its own logs of 2024 to 2026): they are not used. The plain
style writes `[time] [phase] [function] [level] :: text`; until version 3 without a level and month first,
since 4.1 with the offset.
"""

from __future__ import annotations

import polars as pl
from msgspec.structs import replace

from autopilot_analysis.clock.provenance import NOT_KNOWN
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import LOG_LINE, Reading
from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace
from autopilot_analysis.readers.text_logs.cmtrace_spans import BEGIN

_TIME = (
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:[+-]\d\d:\d\d|Z)?"
    r"|\d\d-\d\d-\d{4} \d\d:\d\d:\d\d(?:\.\d{1,7})?"
)
_HEAD = rf"^\[(?:{_TIME})\] \[[^\]]{{1,64}}\] \["
_PARTS = (
    rf"(?s)^\[(?P<time>{_TIME})\] (?P<phase>\[[^\]]{{1,64}}\]) \[(?P<component>[^\]]{{1,128}})\]"
    r"(?: \[(?P<level>[A-Za-z]+)\])? (?P<text>:: .*)$"
)
_SEVERITIES = {"info": "info", "success": "info", "warning": "warning", "error": "error"}


def read_toolkit_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a log of PSAppDeployToolkit; the message begins with the phase, `[Install] :: `.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: It is of neither style.
    """
    if BEGIN in content:
        reading = read_cmtrace(content, member)
        nowhere = [
            pl.lit(None, LOG_LINE["at"]).alias("at"),
            pl.lit(NOT_KNOWN, LOG_LINE["clock"]).alias("clock"),
        ]
        return replace(reading, rows={"log_lines": reading.rows["log_lines"].with_columns(nowhere)})
    records, unread = split_records(content, _HEAD)
    if records.is_empty():
        raise NotThisFormat.no_line(member, "a log of PSAppDeployToolkit")
    part = records.select("record", parts=pl.col("message").str.extract_groups(_PARTS)).unnest("parts")
    known = part.filter(pl.col("text").is_not_null()).with_columns(_local(), _instant())
    rows = known.with_columns(
        severity=pl.col("level").str.to_lowercase().replace_strict(_SEVERITIES, default=None),
        message=pl.concat_str("phase", pl.lit(" "), "text"),
    )
    return Reading({"log_lines": to_lines(rows)}, unread)


def _local() -> pl.Expr:
    """Return the local time of a record, whichever order its date has."""
    plain = pl.col("time").str.replace(r"(?:[+-]\d\d:\d\d|Z)$", "").str.replace("T", " ", literal=True)
    forms = ("%Y-%m-%d %H:%M:%S%.f", "%m-%d-%Y %H:%M:%S%.f")
    return pl.coalesce(plain.str.to_datetime(form, time_unit="us", strict=False) for form in forms).alias(
        "written_at"
    )


def _instant() -> pl.Expr:
    """Return the instant of a record whose time says its offset."""
    spelt = pl.when(pl.col("time").str.contains(r"(?:[+-]\d\d:\d\d|Z)$")).then("time")
    return spelt.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False
    ).alias("at")
