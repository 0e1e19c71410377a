"""Logs of WiX Burn, the bootstrapper behind many setup.exe files -> `log_lines`.

Format: WiX Toolset, "Burn log": `[process:thread][local time]`, the first two in hexadecimal, the time
without a zone; then a letter (i, w or e) and a number, then the text.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading

_HEAD = r"^\[[0-9A-F]{2,8}:[0-9A-F]{2,8}\]\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\][iwe]\d{3}: "
_PARTS = (
    r"(?s)^\[(?P<process>[0-9A-F]{2,8}):(?P<thread>[0-9A-F]{2,8})\]"
    r"\[(?P<time>[^\]]{19})\](?P<level>[iwe])(?P<message>\d{3}: .*)$"
)
_SEVERITIES = {"i": "info", "w": "warning", "e": "error"}


def read_burn_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a Burn log; a line without a head belongs to the record before it.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`: component is the process that wrote, in decimal, as "process 4711"; the message
        begins with Burn's own number of it.

    Raises:
        NotThisFormat: No line begins like one of Burn.
    """
    records, unread = split_records(content, _HEAD)
    if records.is_empty():
        raise NotThisFormat.no_line(member, "a Burn log ([process:thread][time]i000:)")
    part = records.select("record", parts=pl.col("message").str.extract_groups(_PARTS)).unnest("parts")
    process = pl.col("process").str.to_integer(base=16, strict=False).cast(pl.String)
    rows = part.select(
        "record",
        "message",
        written_at=pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False),
        severity=pl.col("level").replace_strict(_SEVERITIES, default=None),
        component=pl.concat_str(pl.lit("process "), process),
        thread=pl.col("thread").str.to_integer(base=16, strict=False),
    )
    return Reading({"log_lines": to_lines(rows)}, unread)
