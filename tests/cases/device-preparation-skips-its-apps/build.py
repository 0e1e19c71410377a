"""Device preparation ends well and brings nothing: the device never got into the policy's group."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import says
from cases.outside_noise import lived
from cases.outside_page import desktop
from cases.outside_preparation import begins, progress, result


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-skips-its-apps",
        at(2026, 4, 21, 8, 0),
        build="26100.3775",
        zone="Europe/Dublin",
        name="DESKTOP-QH7T2RD",
        serial="WS-6230-D",
    )
    t = begins(m)
    says(m, t + 0.5, "[Win32App] Got 0 Win32App(s) for user session 0", log="IntuneManagementExtension")
    progress(
        m,
        ("Policies", 1, 0),
        ("Add office printer", 2, 0),
        ("Contoso Reader", 2, 0),
        ("Archive Tool", 2, 0),
    )
    result(m, t + 2, 401, 0, agent=0, page=0)
    m.event("winlogon", t + 2.3, 7001, TSId=1, UserSid=m.sid())
    desktop(m, t + 3)
    lived(m, t + 40)
    return m.as_collection(folder)
