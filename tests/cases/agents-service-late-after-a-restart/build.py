"""After a restart in device setup the agent's service does not start in time, then it does; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_noise import days, lived
from cases.outside_page import finish, part, ready
from cases.outside_stages import boot, halt, sync
from cases.outside_ten import AGENT_EXE
from cases.outside_twelve import service_late


def build(folder: Path) -> Path:
    m = Machine(
        "agents-service-late-after-a-restart",
        at(2026, 4, 21, 7, 10),
        build="26200.7171",
        zone="Europe/Lisbon",
        name="WS-8304",
        serial="WS-8304-D",
    )
    t = ready(m)
    announced(m, t + 0.3, "Filter Driver", "Contoso Reader")
    app(m, t + 0.5, "Filter Driver", 3010)
    halt(m, t + 4, "restart", AGENT_EXE)
    boot(m, t + 5)
    service_late(m, t + 5.9)
    part(m, t + 6.5, "DeviceSetup")
    sync(m, t + 6.7)
    says(
        m,
        t + 8,
        "EMS Agent Started",
        "Agent version is: 1.101.109.0",
        "[APv2] Device is in APv2 mode: False.",
        log="IntuneManagementExtension",
    )
    app(m, t + 8.5, "Contoso Reader")
    finish(m, t + 12)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_collection(folder)
