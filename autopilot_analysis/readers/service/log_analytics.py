"""Log Analytics exports of Intune's tables, CSV or JSON -> rows."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.service.report_csv import read_report_csv


def read_log_analytics(content: bytes, member: str = "") -> Reading:
    """Read IntuneOperationalLogs, IntuneDevices or IntuneAuditLogs, saved as CSV, JSON or lines of JSON.

    IntuneDevices is a snapshot a day: of each device the newest row is kept, as its table documents.

    Args:
        content: The member's bytes.
        member: Its path, for messages.

    Raises:
        NotThisFormat: A web page, or columns no known table has.
    """
    reading = read_report_csv(content, member)
    if "identities" not in reading.rows:
        return reading
    newest = newest_snapshot(reading.rows["identities"])
    return Reading({**reading.rows, "identities": newest}, reading.unread)


def newest_snapshot(identities: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each device of the daily inventory; rows of other reports stay.

    Args:
        identities: Rows of the table `identities`.
    """
    daily = identities["report"] == "IntuneDevices"
    newest = (
        identities.filter(daily)
        .sort("at", nulls_last=False)
        .unique("device", keep="last", maintain_order=True)
    )
    return pl.concat([identities.filter(~daily), newest])
