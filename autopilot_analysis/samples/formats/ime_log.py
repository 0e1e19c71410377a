"""Logs of the Intune Management Extension: CMTrace records, UTF-8 with a byte order mark, local time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

AGENT = "IntuneManagementExtension"
"""The agent's name, and that of its general log."""


@dataclass(frozen=True)
class LogRecord:
    """One record of a log.

    Attributes:
        at: When it was written, UTC.
        message: The text; it may span lines.
        severity: 1 information, 2 warning, 3 error.
        thread: Number of the writing thread.
        zone: The zone the writing process is stuck in; that of the device when None.
        torn: How many characters were written before another record overran it; None for a whole record.
    """

    at: datetime
    message: str
    severity: int = 1
    thread: int = 7
    zone: tzinfo | None = None
    torn: int | None = None


def write_ime_log(records: Iterable[LogRecord], zone: tzinfo, component: str) -> bytes:
    """Return the log as the agent writes it: local time with seven decimals and no offset, date unpadded.

    Args:
        records: Records in the order they were written.
        zone: The time zone the device was set to.
        component: Name of the writing component, which is also the log's name.
    """
    lines = [_line(record, zone, component) for record in records]
    return b"\xef\xbb\xbf" + "".join(lines).encode()


def _line(record: LogRecord, zone: tzinfo, component: str) -> str:
    local = record.at.astimezone(record.zone or zone)
    written = (
        f'time="{local:%H:%M:%S}.{local.microsecond:06d}0" date="{local.month}-{local.day}-{local.year}"'
    )
    kind = f'type="{record.severity}" thread="{record.thread}"'
    line = f'<![LOG[{record.message}]LOG]!><{written} component="{component}" context="" {kind} file="">\r\n'
    return line if record.torn is None else line[: record.torn] + "\r\n"
