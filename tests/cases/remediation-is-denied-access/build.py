"""One log of remediations: one of two is denied access each morning, the other is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at, compact
from cases.outside_agent import says
from cases.outside_fifteen import one_text

ERROR = (
    r"Set-ItemProperty : Requested registry access is not allowed. At C:\Windows\IMECache\HealthScripts\{}_1\remediate.ps1:14 "
    "char:1"
)


def build(folder: Path) -> Path:
    m = Machine("remediation-is-denied-access", at(2026, 3, 9, 7, 0), zone="Europe/Paris")
    good, bad = m.id("good"), m.id("bad")
    for day in range(5):
        t = day * DAY + 5
        begins(m, t, good)
        says(
            m,
            t + 0.1,
            f"[HS] the pre-remdiation detection script compliance result for {good} is True",
            log="HealthScripts",
        )
        begins(m, t + 1, bad, "value missing", 1)
        result = {
            "PolicyId": bad,
            "UserId": m.id("user"),
            "Result": 4,
            "ErrorCode": 0,
            "PreRemediationDetectScriptOutput": "value missing",
            "PreRemediationDetectScriptError": "",
            "RemediationScriptErrorDetails": ERROR.format(bad),
            "RemediationScriptOutputDetails": "",
            "PostRemediationDetectScriptOutput": "value missing",
            "RemediationStatus": 2,
            "Info": {
                "RemediationExitCode": 1,
                "FirstDetectExitCode": 1,
                "LastDetectExitCode": 1,
                "ErrorDetails": "",
            },
            "TargetType": 2,
            "RunAsAccount": 2,
        }
        says(
            m,
            t + 1.2,
            f"[HS] the pre-remdiation detection script compliance result for {bad} is False",
            "[HS] remediation is not optional, kick off remediation script",
            "Powershell execution is done, exitCode = 1",
            f"[HS] err output = {ERROR.format(bad)}",
            "[HS] Returned exitcode from child process is 1",
            "[HS] RemediationScript parsing result is done ",
            "[HS] remediation script exit code is 1",
            "[HS] PostDetectScript parsing result is done ",
            f"[HS] the post detection script result for {bad} is False",
            f"[HS] new result = {compact(result)}",
            log="HealthScripts",
        )
    return one_text(m, folder, "HealthScripts")


def begins(m: Machine, t: float, policy: str, said: str = "", code: int = 0) -> None:
    """Detection of one remediation."""
    says(
        m,
        t,
        f"[HS] ProcessScript PolicyId: {policy} PolicyType: 6",
        "[HS] The policy needs be run as User" if code else "[HS] The policy needs be run as System",
        f"Powershell execution is done, exitCode = {code}",
        "[HS] err output = ",
        f"[HS] std output = {said}",
        "[HS] PreDetectScript parsing result is done ",
        f"[HS] Returned exitcode from child process is {code}",
        f"[HS] exit code of the script is {code}",
        log="HealthScripts",
    )
