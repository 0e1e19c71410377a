"""Pre-provisioning: a logon notice stops the automatic sign-in after a restart."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_text
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import boot, halt, sync

AGENT_EXE = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Microsoft.Management.Services.IntuneWindowsAgent.exe"
AREA, LOGON = "LocalPoliciesSecurityOptions", "InteractiveLogon_Message{}ForUsersAttemptingToLogOn"


def build(folder: Path) -> Path:
    m = Machine(
        "notice-before-the-technicians-logon",
        at(2026, 1, 28, 7, 0),
        build="22631.6060",
        name="WS-6029",
        serial="WS-6029-J",
    )
    t = ready(m, "seal")
    policy_text(m, t + 0.3, AREA, LOGON.format("Title"), "Contoso property")
    policy_text(m, t + 0.31, AREA, LOGON.format("Text"), "Authorised use only.")
    notice = {"legalnoticecaption": "Contoso property", "legalnoticetext": "Authorised use only."}
    m.key(r"software\microsoft\windows\currentversion\policies\system", **notice)
    announced(m, t + 0.5, "Archive Tool", "Contoso Reader")
    app(m, t + 0.7, "Archive Tool", 3010)
    halt(m, t + 4, "restart", AGENT_EXE)
    boot(m, t + 5)
    for n in range(5):
        sync(m, t + 9 + n * 40)
    lived(m, t + 200)
    return m.as_zip(folder)
