"""Transcripts of PowerShell (Start-Transcript) -> `log_lines` and `properties`.

Format: Microsoft, "Start-Transcript". Between two rows of asterisks stands who ran what and since when, each
behind a label in the language of Windows; then what the console showed. Its words are the script's own: only
what PowerShell itself writes of an error that ends a command (`TerminatingError(`) is one.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.properties import Properties

SECTION = "PowerShell transcript"
"""Heading of what the head of a transcript tells, among the properties."""
NAMED, RUN_OF, STARTED = "Machine", "Script", "Started"
ROW = r"^\s*\*{20,}\s*$"
_MOMENT = r"^[^\d:：]{2,60}[:：] ?(\d{14})\s*$"
_MACHINE = r"^[^:：]{2,60}[:：] ?(\S+) \((?:Microsoft )?Windows NT [\d.]+\)\s*$"
_SCRIPT = r"(?i)(?:pwsh|powershell)(?:\.exe|\.dll)?\b.*?\s-f(?:ile)?\s+[\"']?(.+?\.ps1)\b"
_CONSOLE = 5
"""So many characters of a line may stand before the name of an error: the prompt."""
_ENDS = rf"^.{{0,{_CONSOLE}}}TerminatingError\("


def read_transcript(content: bytes, member: str = "") -> Reading:
    """Return the lines of a transcript, a record each, and what its head tells.

    Args:
        content: The whole file; several transcripts may follow one another in it.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`, dated where the head and the end write the time, and rows of `properties`: the
        device's name, the script that ran and when it began, of each transcript.

    Raises:
        NotThisFormat: No row of asterisks stands before a time.
    """
    records, unread = split_records(content, r"\S")
    text = pl.col("message")
    rows = text.str.contains(ROW)
    found = records.with_columns(
        head=rows.cum_sum() > 0,
        moment=text.str.extract(_MOMENT),
        machine=text.str.extract(_MACHINE),
        script=text.str.extract(_SCRIPT),
    )
    if found.filter(pl.col("head"), pl.col("moment").is_not_null()).is_empty():
        raise NotThisFormat(f"{member or 'the file'} has no head of a transcript of PowerShell")
    written = pl.col("moment").str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False)
    severity = pl.when(text.str.contains(_ENDS)).then(pl.lit("error"))
    lines = to_lines(found.filter(~rows).with_columns(written_at=written, severity=severity))
    return Reading({"log_lines": lines, **_told(found).rows}, unread)


def _told(lines: pl.DataFrame) -> Reading:
    """Return what the heads tell; the time is the one before the line of the machine, which no end has."""
    told, began = Properties(), None
    columns = lines.select("record", "moment", "machine", "script")
    for record, moment, machine, script in columns.filter(
        pl.any_horizontal(pl.col("moment", "machine", "script").is_not_null())
    ).iter_rows():
        if moment is not None:
            began = (record, moment)
        elif machine is not None:
            told.add(SECTION, NAMED, machine, record)
            if began is not None:
                told.add(SECTION, STARTED, began[1], began[0])
        elif len(told):
            told.add(SECTION, RUN_OF, script, record)
    return told.reading()
