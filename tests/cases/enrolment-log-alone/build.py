"""One event log, Enrollment of the management client on 24H2: the service refuses a device nobody registered."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_event_log import write_evtx
from cases.outside_stages import refused


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-log-alone",
        at(2026, 4, 7, 9, 12),
        name="DESKTOP-6VB1MZE",
        serial="WS-0000",
        build="26100.6584",
    )
    for minute in (0, 6.5):
        refused(m, minute, 0x80180014, "s:DeviceNotSupported", "Device Identifier not preregistered")
    ((channel, records),) = m.channels().items()
    path = folder / f"{channel.replace('/', '%4')}.evtx"
    path.write_bytes(write_evtx(records))
    return path
