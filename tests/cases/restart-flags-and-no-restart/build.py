"""Account setup: five policies say that they want a restart, none comes, and none is needed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import account_done, account_setup, desktop, device_done, ready

POLICY = "./Device/Vendor/MSFT/Policy/Config"
ASKED = (
    "DmaGuard/DeviceEnumerationPolicy",
    "DeviceGuard/LsaCfgFlags",
    "Update/ManagePreviewBuilds",
    "LocalPoliciesSecurityOptions/UserAccountControl_RunAllAdministratorsInAdminApprovalMode",
    "WindowsSandbox/AllowNetworking",
)


def build(folder: Path) -> Path:
    m = Machine(
        "restart-flags-and-no-restart",
        at(2025, 6, 11, 6, 50),
        zone="Europe/Stockholm",
        name="WS-6121",
        serial="WS-6121-L",
    )
    lived(m, 6 * DAY + 60)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    account_setup(m, t + 7)
    for n, uri in enumerate(ASKED):
        m.event("dm", t + 8 + n * 0.002, 2800, Message1=f"{POLICY}/{uri}")
    account_done(m, t + 10)
    desktop(m, t + 10.4)
    days(m, 1, 7)
    for day in range(1, 7):
        for n, uri in enumerate(ASKED):
            m.event("dm", day * DAY + 48 + n * 0.002, 2800, Message1=f"{POLICY}/{uri}")
    return m.as_zip(folder)
