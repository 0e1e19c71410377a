"""The user switches off in account setup and does not come back."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import account_setup, device_done, ready, state
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine("switched-off-in-account-setup", at(2026, 3, 4, 15, 30), name="WS-5233", serial="WS-5233-C")
    lived(m, 3 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    account_setup(m, t + 7)
    state(
        m,
        "AccountSetup",
        "inProgress",
        SecurityPolicies=("succeeded", "Security policies (1 of 1 applied)"),
        Certificates=("inProgress", "Certificates (0 of 1 applied)"),
        NetworkConnections=("notStarted", ""),
        Apps=("notStarted", "Apps (Identifying)"),
    )
    halt(m, t + 10, "power off", r"C:\Windows\System32\RuntimeBroker.exe")
    boot(m, 3 * DAY - 20)
    m.event("winlogon", 3 * DAY - 5, 7001, TSId=1, UserSid=m.sid("helpdesk"))
    return m.as_collection(folder)
