"""Pre-provisioning: the logon notice's policies are empty, the restart goes well, an app fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_text
from cases.outside_noise import lived
from cases.outside_page import page_fails, part, ready
from cases.outside_stages import boot, halt, sync
from cases.outside_ten import AGENT_EXE

AREA, LOGON = "LocalPoliciesSecurityOptions", "InteractiveLogon_Message{}ForUsersAttemptingToLogOn"


def build(folder: Path) -> Path:
    m = Machine(
        "empty-notice-and-an-app-that-fails",
        at(2026, 3, 24, 7, 0),
        build="22631.6060",
        zone="Europe/Zurich",
        name="WS-8314",
        serial="WS-8314-P",
    )
    lived(m, 40)
    t = ready(m, "seal")
    policy_text(m, t + 0.3, AREA, LOGON.format("Title"), "")
    policy_text(m, t + 0.31, AREA, LOGON.format("Text"), "")
    key = r"software\microsoft\windows\currentversion\policies\system"
    m.key(key, legalnoticecaption="", legalnoticetext="")
    announced(m, t + 0.5, "Archive Tool", "Plant Viewer")
    app(m, t + 0.7, "Archive Tool", 3010)
    halt(m, t + 4, "restart", AGENT_EXE)
    boot(m, t + 5)
    part(m, t + 6.5, "DeviceSetup")
    sync(m, t + 6.6)
    app(m, t + 8, "Plant Viewer", 1603)
    page_fails(m, t + 10.3, "DeviceSetup.Apps", 0x80070643)
    m.page(
        t + 10.4,
        "CommercialOOBE_ESPProgress_WhiteGlove_Failed",
        "BootstrapStatus: Failure page shown.",
        0x80070643,
    )
    return m.as_zip(folder)
