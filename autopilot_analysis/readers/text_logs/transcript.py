"""Transcripts of PowerShell (Start-Transcript) -> `log_lines` and `properties`.

Format: Microsoft, "Start-Transcript". Between two rows of asterisks stands who ran what and since when, each
behind a label in the language of Windows; then what the console showed. Its words are the script's own: only
what PowerShell itself writes of an error is one: that it ends a command (`TerminatingError(`), or the block
that ends with its category (`CategoryInfo`).
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.error_records import CATEGORY
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines, with_errors_folded
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.properties import Properties
from autopilot_analysis.tables.verdict import ERROR

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
_UNNAMED = rf"^.{{0,{_CONSOLE}}}TerminatingError\(\)"
_REMOTE = r"(?i)\\wsmprovhost\.exe\b"
"""The host of a remote session, which notes errors of its own that no command met."""
_OF_HOST = r'TerminatingError\(\): "(?:System error\.|The pipeline has been stopped\.)"'
"""What PowerShell itself says where a host or a pipeline was ended."""


def read_transcript(content: bytes, member: str = "") -> Reading:
    """Return the lines of a transcript, a record each, and what its head tells.

    Args:
        content: The whole file; several transcripts may follow one another in it.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`, dated where the head and the end write the time, the block of an error in one,
        and rows of `properties`: of each transcript the device's name, the script and when it began.

    Raises:
        NotThisFormat: No row of asterisks stands before a time.
    """
    records, unread = split_records(content, r"\S")
    records = with_errors_folded(records)
    text = pl.col("message")
    rows = text.str.contains(ROW)
    found = records.with_columns(
        head=rows.cum_sum() > 0,
        moment=text.str.extract(_MOMENT),
        machine=text.str.extract(_MACHINE),
        script=text.str.extract(_SCRIPT),
    )
    if found.filter(pl.col("head"), pl.col("moment").is_not_null()).is_empty():
        raise NotThisFormat.of(member, "has no head of a transcript of PowerShell")
    written = pl.col("moment").str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False)
    remote = pl.when(text.str.contains(_REMOTE)).then(True).when(pl.col("machine").is_not_null()).then(False)
    of_host = text.str.contains(_OF_HOST) | (
        text.str.contains(_UNNAMED) & remote.forward_fill().fill_null(value=False)
    )
    error = (text.str.contains(_ENDS) & ~of_host) | text.str.contains(f"(?m){CATEGORY}")
    severity = pl.when(error).then(pl.lit(ERROR))
    lines = to_lines(found.filter(~rows).with_columns(written_at=written, severity=severity))
    return Reading({"log_lines": lines, **_head_facts(found).rows}, unread)


def _head_facts(lines: pl.DataFrame) -> Reading:
    """Return what the heads tell; the time is the one before the line of the machine, which no end has."""
    facts_of, began = Properties(), None
    columns = lines.select("record", "moment", "machine", "script")
    for record, moment, machine, script in columns.filter(
        pl.any_horizontal(pl.col("moment", "machine", "script").is_not_null())
    ).iter_rows():
        if moment is not None:
            began = (record, moment)
        elif machine is not None:
            facts_of.add(SECTION, NAMED, machine, record)
            if began is not None:
                facts_of.add(SECTION, STARTED, began[1], began[0])
        elif len(facts_of):
            facts_of.add(SECTION, RUN_OF, script, record)
    return facts_of.reading()
