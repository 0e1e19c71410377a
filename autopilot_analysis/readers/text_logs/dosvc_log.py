"""Logs of the Delivery Optimization service as text (dosvc.log) -> `log_lines` and `properties`.

Format: genuine logs decoded on a device: `2026-03-02T08:15:00.1234567Z process thread level {function} text`;
what a download is about stands in its lines as `name = value`, in any order.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.readers.installer_logs.own_log import read_own_log
from autopilot_analysis.readers.reading import LOG_LINE, Reading
from autopilot_analysis.readers.texts.properties import Properties

SECTION = "Delivery Optimization job"
"""Heading of what is told of a download, before the id of its job."""
_JOB = r"(?i)\bjob(?:Id = | )([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
_SEVERITIES = {"Info": "info", "Warn": "warning", "Warning": "warning", "Error": "error"}
_LEVEL = rf"^\S+Z\s+[0-9A-F]+\s+[0-9A-F]+\s+({'|'.join(_SEVERITIES)})\s+\{{"
FACTS = {
    "address": r"\b(?:Uri|cdnUrl) = (https?://[^\s,]+)",
    "bytes": r"\bbytes: \[File: (\d+)",
    "mode": r"\bdownloadMode = (\d+)",
    "result": r"\bhr = (0x[0-9A-Fa-f]{8}|0|8[0-9A-Fa-f]{7})\b",
    "received from peers": r"\b(?:peers|bytesFromPeers)(?: =|:) (\d+)",
}
"""What lines tell of a job, the last of each; `result` 0 is no failure."""


def read_dosvc_log(content: bytes, member: str = "") -> Reading:
    """Return the lines of the service's log, and what they tell of each download.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: It holds no line.
    """
    reading = read_own_log(content, member)
    text = pl.col("message")
    level = text.str.extract(_LEVEL).replace_strict(_SEVERITIES, default=None, return_dtype=pl.String)
    lines = reading.rows["log_lines"].with_columns(severity=level.cast(LOG_LINE["severity"]))
    named = lines.select(
        "record",
        job=text.str.extract(_JOB).str.to_lowercase(),
        **{name: text.str.extract(pattern) for name, pattern in FACTS.items()},
    ).drop_nulls("job")
    jobs = named.group_by("job", maintain_order=True).agg(
        pl.col("record").first(), *(pl.col(name).drop_nulls().last() for name in FACTS)
    )
    found = Properties()
    for row in jobs.iter_rows(named=True):
        for name in FACTS:
            if row[name] is not None:
                found.add(f"{SECTION} {row['job']}", name, row[name], row["record"])
    return Reading({"log_lines": lines, **found.reading().rows}, reading.unread)
