"""A page of Graph's autopilotEvents with the details of its policies: one app failed on one device."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page

ERROR = -2147023278  # 0x80070652


def build(folder: Path) -> Path:
    m = Machine("graph-page-names-the-app", at(2026, 7, 14, 6, 30))
    rows = []
    for n in range(3):
        bad = n == 1
        start, end = m.clock(n * 75.0), m.clock(n * 75.0 + (21 if bad else 34))
        when = f"{end:%Y-%m-%dT%H:%M:%SZ}"
        details = [
            {"id": m.id(f"detail {n} {name}"), "displayName": name, "lastReportedDateTime": when, **rest}
            for name, rest in (
                ("Archive Tool", _detail("application", "installed")),
                ("Voice Client", _detail("application", *(("error", ERROR) if bad else ("installed",)))),
                ("Staff baseline", _detail("configurationPolicy", "compliant")),
            )
        ]
        rows.append(
            {
                "id": m.id(f"event {n}"),
                "deviceId": m.id(f"device {n}"),
                "userId": m.id(f"user {n}"),
                "eventDateTime": when,
                "deviceRegisteredDateTime": "2026-06-30T09:00:00Z",
                "enrollmentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentType": "azureADJoinedWithAutopilotProfile",
                "deviceSerialNumber": f"WS-33{n}1-G",
                "managedDeviceName": f"WS-33{n}1",
                "userPrincipalName": f"user{n}@contoso.com",
                "windowsAutopilotDeploymentProfileDisplayName": "Staff laptops",
                "enrollmentState": "enrolled",
                "windows10EnrollmentCompletionPageConfigurationDisplayName": "Staff page",
                "deploymentState": "failure" if bad else "success",
                "deviceSetupStatus": "failure" if bad else "success",
                "accountSetupStatus": "notAttempted" if bad else "success",
                "osVersion": "10.0.26100.6584",
                "deploymentDuration": "PT20M12S" if bad else "PT33M8.2S",
                "deploymentTotalDuration": "PT21M" if bad else "PT34M",
                "deviceSetupDuration": "PT12M41S" if bad else "PT19M2.5S",
                "accountSetupDuration": "PT0S" if bad else "PT4M11S",
                "deploymentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "deploymentEndDateTime": when,
                "enrollmentFailureDetails": "",
                "policyStatusDetails": details,
            }
        )
    return graph_page(folder, "autopilotEvents-2026-07-14.json", "deviceManagement/autopilotEvents", rows)


def _detail(kind: str, status: str, code: int = 0) -> dict:
    return {
        "policyType": kind,
        "complianceStatus": status,
        "trackedOnEnrollmentStatus": True,
        "errorCode": code,
    }
