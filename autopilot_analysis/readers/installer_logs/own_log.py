"""Logs that apps and scripts write themselves, in a form of their own -> `log_lines`.

Nothing is known of them but that they are lines: a record is a line, its time is not read, and its severity
is what it says of itself.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading, Unread

MOST = 5000
"""So many lines are read, the last ones: how a run ended stands at the end."""
_LINE = r"\S"
_NO_ERROR = r"(?i)\b(?:no|0|without) (?:an )?errors?\b|\berror(?:s| ?code| ?level)? ?[:=] ?0\b"
_ERROR = r"(?i)\b(?:error|fatal|exception)\b|\berror ?code\b"
_WARNING = r"(?i)\bwarn(?:ing)?\b"


def read_own_log(content: bytes, member: str = "") -> Reading:
    """Return the lines of a log of unknown form; blank ones are left out.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines` without a time: severity is error or warning where the line says so, else null.

    Raises:
        NotThisFormat: It holds no line.
    """
    records, unread = split_records(content, _LINE)
    if records.is_empty():
        raise NotThisFormat(f"{member or 'the file'} holds no line of text")
    text = pl.col("message")
    error = text.str.contains(_ERROR) & ~text.str.contains(_NO_ERROR)
    warning = pl.when(text.str.contains(_WARNING)).then(pl.lit("warning"))
    severity = pl.when(error).then(pl.lit("error")).otherwise(warning)
    rows = to_lines(records.tail(MOST).with_columns(severity=severity))
    if more := max(0, records.height - MOST):
        unread = (*unread, Unread(f"of its lines only the last {MOST:,} are read", count=more))
    return Reading({"log_lines": rows}, unread)
