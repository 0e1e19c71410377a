"""The diagnostic log of winget -> `log_lines`.

Format: winget-cli, "Logging": local time to the millisecond without a zone, in newer versions a letter for
the level, then the part of winget that wrote, in four letters; further lines belong to the
record before them.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading

_HEAD = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (?:<[VIWEC]> )?\[[A-Z]{2,4} {0,2}\] "
_PARTS = (
    r"(?s)^(?P<time>\S{10} \S{12}) (?:<(?P<level>\w)> )?\[(?P<component>\w{2,4}) {0,2}\] (?P<message>.*)$"
)
_SEVERITIES = {"V": "info", "I": "info", "W": "warning", "E": "error", "C": "error"}


def read_winget_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a diagnostic log of winget.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`: component is the part of winget, severity null where the log writes no level.

    Raises:
        NotThisFormat: No line begins like one of winget.
    """
    records, unread = split_records(content, _HEAD)
    if records.is_empty():
        raise NotThisFormat.no_line(member, "a log of winget (time [CORE] text)")
    part = records.select("record", parts=pl.col("message").str.extract_groups(_PARTS)).unnest("parts")
    rows = part.select(
        "record",
        "message",
        "component",
        written_at=pl.col("time").str.to_datetime("%Y-%m-%d %H:%M:%S%.3f", time_unit="us", strict=False),
        severity=pl.col("level").replace_strict(_SEVERITIES, default=None),
    )
    return Reading({"log_lines": to_lines(rows)}, unread)
