"""The agent's logs alone, of a device in use: everything that looks bad in them is ordinary."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, DEVICE, Machine, at, compact
from cases.outside_agent import looks, report, says

PROBE = ("SD0", "SD1", "SD2", "SD3")


def remembered(m: Machine, t: float, name: str, code: int) -> None:
    """The state of an app as the agent kept it."""
    shown = {
        "ApplicationId": m.id(name),
        "ResultantAppState": None,
        "DesiredState": 2,
        "DetectionState": 1,
        "ApplicabilityState": 0,
        "EnforcementState": 5000 if code else 1000,
        "EnforcementErrorCode": code - (1 << 32) if code else 0,
        "TargetingType": 2,
        "InstallContext": 2,
        "Intent": 3,
    }
    says(
        m,
        t,
        f"[Win32App][ReportingManager] App with id: {m.id(name)} and prior AppAuthority: V3 has been loaded and "
        f"reporting state initialized. ReportingState: {compact(shown)}",
        log="AppWorkload",
    )


def remediation(m: Machine, t: float, name: str, exit_code: int) -> None:
    """One run: detection says what it says, a repair follows where it has to."""
    policy = m.id(name)
    says(
        m,
        t,
        f"[HS] ProcessScript PolicyId: {policy} PolicyType: 6",
        "[HS] The policy needs be run as System",
        f"Powershell execution is done, exitCode = {exit_code}",
        "[HS] err output = ",
        f"[HS] exit code of the script is {exit_code}",
        f"[HS] the pre-remdiation detection script compliance result for {policy} is {exit_code == 0}",
        log="HealthScripts",
    )
    if exit_code:
        says(
            m,
            t + 0.2,
            "[HS] remediation is not optional, kick off remediation script",
            "[HS] remediation script exit code is 0",
            f"[HS] the post detection script result for {policy} is True",
            log="HealthScripts",
        )


def build(folder: Path) -> Path:
    m = Machine("agent-logs-of-a-quiet-week", at(2026, 9, 7, 5, 30), zone="America/Chicago")
    for day in range(7):
        t = day * DAY
        says(m, t, "EMS Agent Started", "Agent version is: 1.103.104.0", log="IntuneManagementExtension")
        says(
            m,
            t + 1,
            "Failed to get AAD token. len = 4102 using client id fc0f3af4-6835-4174-b806-f7db311fd2f3 and resource "
            "id 26a4ae64-5862-427f-a9b0-044e62572a4f, errorCode = 3399614475",
            "Need user interaction to continue.",
            log="IntuneManagementExtension",
        )
        says(m, t + 9, "Successfully get the token with client id", log="IntuneManagementExtension")
        says(m, t + 10, "[Win32App] The EspPhase: NotInEsp in session", log="AppWorkload")
        for n, name in enumerate(("Fonts", "Printer Client", "Reader", "Tax Forms")):
            remembered(m, t + 10.1 + n * 0.01, name, 0x80070643 if name == "Printer Client" else 0)
            looks(m, t + 11 + n * 0.1, name, found=True)
        remediation(m, t + 30, "Clean temp folder", day % 2)
        says(
            m,
            t + 45,
            "Starting TCP probe after heartbeat call",
            "TCP probe Phase 1 completed. Same endpoint test: SUCCESS, Resolved IP: 192.0.2.23, Subnet: SD2",
            *(f"TCP probe Phase 2 {name}: SUCCESS (IPs attempted: 1)" for name in PROBE),
            *(
                f"TCP probe Phase 2 {name}: FAILED (IPs attempted: 3) (DAILY_SELECTED_IPS_FAILED_TIMEOUT)"
                for name in ("SD4", "SD5", "SD6")
            ),
            log="ClientHealth",
        )
    looks(m, 2 * DAY + 60, "Screen Reader", fits="NotApplicable")
    report(m, 2 * DAY + 61, "Reader", 0, "Success")
    m.line(
        "IntuneManagementExtension", 3 * DAY, f"[PowerShell] Get 0 policies for user {DEVICE} in session 0"
    )
    return m.as_folder(folder)
