"""The agent's logs alone: no token of a user while nobody has signed in, then all goes on."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_nine import without_token
from cases.outside_seven import agent_folder, starts


def build(folder: Path) -> Path:
    m = Machine(
        "agent-without-a-token-until-somebody-signs-in",
        at(2026, 3, 24, 9, 0),
        zone="Asia/Singapore",
        name="WS-7031",
        serial="WS-7031-T",
    )
    starts(m, 0)
    for n in range(12):
        without_token(m, 0.2 + n * 1.1)
    announced(m, 1, "Archive Tool", "Contoso Reader")
    app(m, 1.4, "Archive Tool")
    app(m, 5, "Contoso Reader")
    says(
        m,
        14.5,
        "OnSessionChange: SessionLogon, session id 1",
        "Successfully get the token with client id fc0f3af4-6835-4174-b806-f7db311fd2f3 and resource id "
        "26a4ae64-5862-427f-a9b0-044e62572a4f",
        log="IntuneManagementExtension",
    )
    announced(m, 15, "Meeting Add-in", phase="AccountSetup")
    app(m, 15.4, "Meeting Add-in", phase="AccountSetup")
    says(m, 20, "[Win32App][EspHelper][CheckEspPhase] In EspPhase: NotInEsp")
    return agent_folder(m, folder)
