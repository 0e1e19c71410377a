"""Hybrid: the domain has no service connection point."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import account_setup, agent_comes, device_done, device_setup
from cases.outside_stages import boot, enrol, halt, profile


def build(folder: Path) -> Path:
    m = Machine(
        "no-service-connection-point",
        at(2026, 6, 16, 7, 0),
        build="22631.5472",
        name="WS-6033",
        serial="WS-6033-N",
    )
    lived(m, 150)
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    m.event("autopilot", 0.4, 116)
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    m.event("dm", 3.7, 109, HexInt1=Code(1))
    m.event("dm", 7, 107, HRESULT=Code(0))
    m.event("dm", 7.1, 110, HexInt1=Code(2))
    halt(m, 8, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, 9)
    agent_comes(m, 11, 1)
    device_setup(m, 13)
    announced(m, 13.3, "Archive Tool")
    app(m, 13.5, "Archive Tool")
    device_done(m, 17, 1)
    account_setup(m, 22)
    for n in range(8):
        m.event("join", 23 + n * 11, 4096)
        m.event("join", 23.1 + n * 11, 307, 2, ExitCode=Signed(-2145648611))
        m.event(
            "join",
            23.2 + n * 11,
            304,
            2,
            ExitCode=Signed(-2145648611),
            ServerErrorMessage="",
            TenantType="undefined",
            JoinType="undefined",
            DebugOutput="joinMode: Join drsInstance: undefined registrationType: undefined tenantType: undefined errorPhase: discover",
        )
    waits = {
        "SecurityPolicies": ("inProgress", "Security policies (Identifying)"),
        "Certificates": ("notStarted", "Certificates (Identifying)"),
        "NetworkConnections": ("notStarted", "Network connections (Identifying)"),
        "Apps": ("notStarted", "Apps (Identifying)"),
    }
    runs_out(m, 122, "AccountSetup.SecurityPolicies", **waits)
    return m.as_zip(folder)
