"""NetSetup.log, in which Windows writes each step of a domain join -> `log_lines`.

Format: Microsoft, "Troubleshoot domain join errors": month, day and year, device local time with
milliseconds behind a colon, at times a thread's number, then the function that writes. Old Windows wrote
neither year nor milliseconds: such a time is no moment. People paste lines of it without the time or with a
word in its place, as pages on the log do, and with their own words around them.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import LOG_LINE, Reading
from autopilot_analysis.tables.verdict import ERROR

_PARTS = (
    r"^[ \t>]{0,8}(?:(?P<date>\d\d/\d\d/\d{4} \d\d:\d\d:\d\d):(?P<part>\d{3})\s+"
    rf"|\d\d/\d\d \d\d:\d\d:\d\d +|{shared_pattern('PLACE OF A TIME')} +)?"
    r"(?:\[[0-9a-f]{8}\] )?(?P<text>.*)$"
)
_OWN = r"^(?:Netp|netp|NetJoin|NetSetup)\w{3,60}\b"
"""How the functions that write the log are called."""
_FENCE = r"^`{3}"
"""The line by which a text in Markdown begins and ends a quote."""
_ENDED_BADLY = r"^Netp(?:DoDomainJoin|CompleteOfflineDomainJoin): status: +0x0*[1-9A-Fa-f]"


def read_netsetup_log(content: bytes, member: str = "") -> Reading:
    """Return the lines of a NetSetup.log, a record each; the end of a join that failed is an error.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`; `written_at` is null where a line was pasted without its time.

    Raises:
        NotThisFormat: No line is written by a function of the domain join.
    """
    records, unread = split_records(content, r"\S")
    parts = pl.col("message").str.extract_groups(_PARTS).struct
    split = records.select(
        "record",
        written_at=pl.format("{}.{}", parts.field("date"), parts.field("part")).str.to_datetime(
            "%m/%d/%Y %H:%M:%S%.f", time_unit="us", strict=False
        ),
        message=parts.field("text").str.strip_chars(),
    ).filter(pl.col("message").str.contains(r"\w"))
    own = split["message"].str.contains(_OWN)
    if not own.any():
        if not records.height:
            return Reading({"log_lines": pl.DataFrame(schema=LOG_LINE)}, unread)
        raise NotThisFormat.of(member, "holds no line of a domain join (NetSetup.log)")
    if split["written_at"].null_count() == split.height:
        split = _between_own(split, own)
    severity = pl.when(pl.col("message").str.contains(_ENDED_BADLY)).then(pl.lit(ERROR))
    return Reading({"log_lines": to_lines(split.with_columns(severity=severity))}, unread)


def _between_own(lines: pl.DataFrame, own: pl.Series) -> pl.DataFrame:
    """Return the lines of a text without times from the first of the log to its last, no marks of quotes."""
    places = own.arg_true()
    first, last = places[0], places[-1]
    return lines.slice(first, last - first + 1).filter(~pl.col("message").str.contains(_FENCE))
