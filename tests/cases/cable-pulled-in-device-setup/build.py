"""Device setup: the network goes away in the middle and does not come back until the page gives up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app, loads, looks, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine("cable-pulled-in-device-setup", at(2026, 8, 4, 11, 0), zone="Europe/Bucharest")
    t = ready(m)
    announced(m, t + 0.1, "Archive Tool", "Design Studio")
    app(m, t + 0.3, "Archive Tool")
    looks(m, t + 3, "Design Studio")
    tracked(m, t + 3.1, "Design Studio", 2)
    loads(m, t + 3.2, "Design Studio", 2_900_000_000, got=410_000_000, minutes=4)
    gone = {"Name": "Network", "Description": "Network", "Guid": "{" + m.id("net") + "}", "Type": 0}
    m.event("net", t + 7.4, 10001, **gone, State=0, Category=0)
    for n in range(7):
        w = t + 9 + n * 8
        m.event("sync", w, 201, 2, HRESULT=Code(0x80072EE7))
        sync(m, w + 0.02, 0x80072EE7)
        says(
            m,
            w + 0.5,
            "[SendWebRequestInternal] Web Exception occurs when sending network request, the exception is "
            "System.Net.WebException: The remote name could not be resolved: 'fef.example.manage.microsoft.com'",
            log="IntuneManagementExtension",
            kind=3,
        )
    page_fails(m, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    state(m, "DeviceSetup", "failed", **GOOD, Apps=("inProgress", "Apps (1 of 2 installed)"))
    m.event("net", t + 74, 10000, **gone, State=9, Category=0)
    lived(m, t + 90)
    return m.as_zip(folder)
