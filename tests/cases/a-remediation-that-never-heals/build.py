"""A remediation fails every hour on a machine that was deployed well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at, compact
from cases.outside_agent import announced, app, says
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine("a-remediation-that-never-heals", at(2025, 12, 8, 7, 0), name="WS-5132", serial="WS-5132-B")
    lived(m, 6 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 6)
    policy = m.id("remediation")
    for n in range(48):
        w = DAY + 60 + n * 60
        result = {
            "PolicyId": policy,
            "RemediationStatus": 2,
            "TargetType": 2,
            "ErrorCode": 0,
            "RunAsAccount": 1,
            "Result": 4,
            "Info": {
                "FirstDetectExitCode": 1,
                "RemediationExitCode": 1,
                "LastDetectExitCode": 1,
                "ErrorDetails": "",
            },
            "PreRemediationDetectScriptOutput": "Firmware setting not found",
            "PostRemediationDetectScriptOutput": "Firmware setting not found",
        }
        says(
            m,
            w,
            f"[HS] ProcessScript PolicyId: {policy} PolicyType: 6",
            "[HS] The policy needs be run as System",
            "[HS] exit code of the script is 1",
            "[HS] std output = Firmware setting not found",
            f"[HS] the pre-remdiation detection script compliance result for {policy} is False",
            "[HS] remediation is not optional, kick off remediation script",
            "[HS] remediation script exit code is 0",
            f"[HS] the post detection script result for {policy} is False",
            f"[HS] new result = {compact(result)}",
            log="HealthScripts",
        )
    return m.as_zip(folder)
