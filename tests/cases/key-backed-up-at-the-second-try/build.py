"""BitLocker's key cannot be saved while the Wi-Fi changes; five minutes later it is."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready

VOLUME = {"VolumeName": r"\\?\Volume{2b1d8f6e-4c07-4f0e-9d0a-55c7f1a01188}", "VolumeMountPoint": "C:"}


def build(folder: Path) -> Path:
    m = Machine(
        "key-backed-up-at-the-second-try",
        at(2026, 4, 27, 8, 0),
        zone="Europe/Dublin",
        name="WS-1188",
        serial="WS-1188-B",
    )
    lived(m, 2 * DAY + 300)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    m.event("net", t + 4.9, 10001, Name="Guest", Guid="{" + m.id("guest") + "}", Type=0, State=9, Category=0)
    m.event(
        "bitlocker", t + 5, 846, 2, **VOLUME, TraceGUID="{" + m.id("t1") + "}", ErrorCode=Code(0x80072EE7)
    )
    m.event("net", t + 5.2, 10000, Name="Staff", Guid="{" + m.id("staff") + "}", Type=0, State=9, Category=0)
    done = {"ProtectorGUID": "{" + m.id("protector") + "}", "TraceGUID": "{" + m.id("t2") + "}"}
    m.event("bitlocker", t + 10, 845, **VOLUME, **done)
    m.event("bitlocker", t + 10.1, 768, **VOLUME)
    m.event("bitlocker", t + 45, 769, **VOLUME)
    finish(m, t + 12)
    days(m, 1, 3)
    return m.as_collection(folder)
