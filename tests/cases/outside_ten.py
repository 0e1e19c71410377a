"""What the tenth outside judge adds: a hybrid join up to account setup, a PIN that fails, refusals of the service, setup's logs."""

from __future__ import annotations

from cases.outside import Code, Machine, Signed
from cases.outside_agent import announced, app, says
from cases.outside_page import agent_comes, device_done, device_setup
from cases.outside_stages import boot, enrol, halt, leave, profile, refused, screen

SHELL = r"C:\Windows\System32\CloudExperienceHostBroker.exe"
AGENT_EXE = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Microsoft.Management.Services.IntuneWindowsAgent.exe"
WAITS = {
    "SecurityPolicies": ("inProgress", "Security policies (Identifying)"),
    "Certificates": ("notStarted", "Certificates (Identifying)"),
    "NetworkConnections": ("notStarted", "Network connections (Identifying)"),
    "Apps": ("notStarted", "Apps (Identifying)"),
}


def signed(code: int) -> Signed:
    return Signed(code - (1 << 32) if code >= 1 << 31 else code)


def hybrid_to_device_setup(m: Machine, apps: int = 1) -> float:
    """Hybrid: profile, enrolment, blob, restart, device preparation; returns the minute device setup begins."""
    boot(m, -4)
    profile(m, 0, "hybrid", name="Office PCs domain")
    m.event("autopilot", 0.4, 116)
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    m.event("dm", 3.7, 109, HexInt1=Code(1))
    m.event("dm", 7, 107, HRESULT=Code(0))
    m.event("dm", 7.1, 110, HexInt1=Code(2))
    halt(m, 8, "restart", SHELL)
    boot(m, 9)
    agent_comes(m, 11, apps)
    device_setup(m, 13)
    return 13.0


def hybrid_to_account_setup(m: Machine) -> float:
    """The same, and device setup done with one app; returns the minute of the person's sign-in."""
    t = hybrid_to_device_setup(m)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    device_done(m, t + 4, 1)
    return t + 8


def join_task_fails(m: Machine, t: float, code: int, phase: str, says: str = "") -> None:
    """The background task of the hybrid join fails: 304 in its join or discovery, 305 in its sign-in."""
    m.event("join", t, 4096)
    if phase == "discover":
        m.event("join", t + 0.1, 307, 2, ExitCode=signed(code))
    m.event(
        "join",
        t + 0.2,
        305 if phase == "auth" else 304,
        2,
        ExitCode=signed(code),
        ServerErrorMessage=says,
        TenantType="Federated" if phase == "auth" else "undefined",
        JoinType="undefined",
        DebugOutput=f"joinMode: Join drsInstance: azure registrationType: fallback_sync tenantType: Federated errorPhase: {phase}",
    )


def refused_twice(m: Machine, code: int, fault: str, reason: str) -> None:
    """The service refuses enrolment two times, the page says so, the device leaves Entra again."""
    for n in range(2):
        t = 3 + n * 7
        refused(m, t, code, fault, reason)
        screen(m, t + 0.5, "CDJUIError", f"{code:08x}")
        screen(m, t + 0.51, "CDJUIShowPage", "idErrorPage")
        leave(m, t + 0.7)


def pin_fails(m: Machine, t: float, code: int) -> None:
    """The person chooses a PIN, and its key cannot be registered."""
    m.event("shell", t, 62404, CXID="NGC")
    m.event("hello", t + 0.01, 3024)
    m.event(
        "join",
        t + 0.5,
        301,
        2,
        ExitCode=signed(code),
        ClientRequestId=m.id(f"pin {t}"),
        ServerRequestId="",
        ErrorCode="",
        ServerErrorMessage="",
        RecommendedClientResponse="",
        ServerResponse="",
    )
    m.event("hello", t + 0.6, 6045, 2, HRESULT=Code(code))


def checks_in(m: Machine, first: float, count: int, step: float = 60) -> None:
    """The agent's ordinary rounds: nothing new, a healthy probe."""
    for n in range(count):
        says(
            m,
            first + n * step,
            "[Win32AppAsync] Starting app check in",
            "Checking throttle setting",
            "Finish throttle checking.",
            "[Win32App] Got 0 Win32App(s) for user 00000000-0000-0000-0000-000000000000 in session 0",
            "[Win32AppAsync] End app check in",
            log="IntuneManagementExtension",
        )
        says(
            m,
            first + n * step + 1,
            "TCP probe Phase 1: endpoint reached.",
            "Client Health evaluation completed, result = Success",
            log="ClientHealth",
        )


def setup_log(*rows: tuple[str, str, str]) -> str:
    """Lines of a setupact.log: instant, level, words."""
    return "".join(f"{at}, {level:<21} {words}\n" for at, level, words in rows)
