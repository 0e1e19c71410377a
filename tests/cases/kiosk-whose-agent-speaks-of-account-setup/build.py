"""A self-deploying kiosk that is well; its agent takes the kiosk's own sign-in for account setup."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready, state
from cases.outside_stages import first_sync


def build(folder: Path) -> Path:
    m = Machine(
        "kiosk-whose-agent-speaks-of-account-setup",
        at(2026, 7, 14, 5, 0),
        name="KIOSK-0207",
        serial="KIOSK-0207-S",
        build="26100.4946",
        zone="Australia/Sydney",
    )
    t = ready(m, "self")
    announced(m, t + 0.1, "Signage Player", "Card Reader")
    app(m, t + 0.3, "Signage Player")
    app(m, t + 3, "Card Reader")
    end = finish(m, t + 7, user=False)
    local = "S-1-5-21-1004336348-1177238915-682003330-1003"
    m.event("winlogon", end + 1, 7001, TSId=1, UserSid=local)
    m.event("shell", end + 1.1, 62405, Result="exitCxhSuccess")
    says(
        m,
        end + 2,
        "After impersonation: KIOSK-0207\\kioskUser0",
        "[Win32App][EspHelper][CheckEspPhase] Checking ESP status and phase for sessionId: 1",
        "[Win32App][EspHelper][CheckEspPhase] In EspPhase: AccountSetup",
        log="AppWorkload",
    )
    for n in range(4):
        says(
            m,
            end + 3 + n * 60,
            "Failed to get AAD token. len = 0 using client id fc0f3af4-6835-4174-b806-f7db311fd2f3 and resource id "
            "26a4ae64-5862-427f-a9b0-044e62572a4f, errorCode = 3399548929",
            "[Win32App] The EspPhase: AccountSetup in session",
            log="IntuneManagementExtension",
        )
    state(m, "AccountSetup", "notStarted")
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=1, IsSyncDone=1, SkipUserStatusPage=0xFFFFFFFF)
    days(m, 1, 20)
    lived(m, 20 * 1440.0)
    return m.as_zip(folder)
