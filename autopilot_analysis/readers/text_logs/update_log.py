"""WindowsUpdate.log, as Get-WindowsUpdateLog decodes it and as Windows up to 8.1 wrote it -> `log_lines`.

Format: Microsoft, "Windows Update log files". Both write date, time, process, thread, component and text: the
decoded one the date with slashes, in the time of the computer that decoded it; the older one tabs between
them and a colon before the milliseconds, in the device's local time.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import LOG_LINE, Reading
from autopilot_analysis.tables.verdict import ERROR, INFO, WARNING

HEAD = (
    r"^(?P<date>\d{4}[/-]\d\d[/-]\d\d)[ \t]+(?P<time>\d\d:\d\d:\d\d)[.:](?P<part>\d{3})\d*"
    r"[ \t]+(?P<process>[0-9A-Fa-f]{1,8})[ \t]+(?P<thread>[0-9A-Fa-f]{1,8})"
    r"[ \t]+(?P<component>\w+)[ \t]+(?P<text>\S.*)"
)
_LINE = rf"(?s){HEAD}$"
_ERROR = r"^FATAL:|Exit code = 0x8[0-9A-Fa-f]{7}"
_WARNING = r"^WARNING:|\*FAILED\*"
_DECIMAL, _HEX = 10, 16


def read_update_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a WindowsUpdate.log; lines that begin without a time belong to that before them.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`: error where a line says FATAL or ends a run with the code of a failure, warning
        where it says WARNING or *FAILED*.

    Raises:
        NotThisFormat: No line has the shape of either.
    """
    records, unread = split_records(content, HEAD)
    if records.is_empty():
        if not content.strip():
            return Reading({"log_lines": pl.DataFrame(schema=LOG_LINE)}, unread)
        raise NotThisFormat.no_line(member, "a log of Windows Update")
    parts = records.select("record", parts=pl.col("message").str.extract_groups(_LINE)).unnest("parts")
    text = pl.col("text")
    severity = (
        pl.when(text.str.contains(_ERROR))
        .then(pl.lit(ERROR))
        .when(text.str.contains(_WARNING))
        .then(pl.lit(WARNING))
        .otherwise(pl.lit(INFO))
    )
    decoded = pl.col("date").str.contains("/", literal=True)
    thread = (
        pl.when(decoded)
        .then(pl.col("thread").str.to_integer(base=_DECIMAL, strict=False))
        .otherwise(pl.col("thread").str.to_integer(base=_HEX, strict=False))
    )
    day = pl.col("date").str.replace_all("/", "-", literal=True)
    rows = parts.select(
        "record",
        "component",
        message=text,
        severity=severity,
        thread=thread,
        written_at=pl.format("{} {}.{}", day, "time", "part").str.to_datetime(
            "%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False
        ),
    )
    return Reading({"log_lines": to_lines(rows)}, unread)
