"""Device preparation takes fifty minutes of its ninety and finishes."""

from __future__ import annotations

from pathlib import Path

from cases.outside import SETTINGS, Machine, at, compact
from cases.outside_agent import ended, kept, loads, looks, report, runs
from cases.outside_noise import days, lived
from cases.outside_page import desktop
from cases.outside_preparation import begins, progress, result
from cases.outside_stages import sync
from cases.outside_twelve import beside_the_page

NAME = "Design Suite"


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-of-fifty-minutes",
        at(2026, 11, 10, 1, 0),
        build="26200.7171",
        zone="Australia/Perth",
        name="WS-8324",
        serial="WS-8324-Z",
    )
    t = begins(m)
    settings = {"AgentDownloadTimeoutSeconds": 900, "PageTimeoutSeconds": 5400, "AllowSkipOnFailure": False}
    m.key(rf"{SETTINGS}\DevicePreparation", PageSettings=compact(settings))
    beside_the_page(m, t + 1, "Archive Tool", 0)
    looks(m, t + 4, NAME)
    loads(m, t + 4.1, NAME, 9_400_000_000, minutes=24.0)
    runs(m, t + 28.3, NAME)
    ended(m, t + 45.5, 0)
    report(m, t + 45.6, NAME, 0, "Success")
    kept(m, NAME, exit_code=0, code=0, state=1000)
    for n in range(4):
        result(m, t + 8 + n * 10, 400, 0x8000000A, agent=0x8000000A, page=0x8000000A)
        sync(m, t + 6 + n * 11)
    progress(m, ("Policies", 1, 0), ("Archive Tool", 1, 0), (NAME, 1, 0))
    m.set(rf"{SETTINGS}\DevicePreparation\BootstrapperAgent", "ResumeContext.ProvisioningResult", "0")
    result(m, t + 48.5, 401, 0, agent=0, page=0)
    m.event("winlogon", t + 49, 7001, TSId=1, UserSid=m.sid())
    desktop(m, t + 49.7)
    days(m, 1, 3)
    lived(m, 3 * 1440.0)
    return m.as_zip(folder)
