"""A report of the portal: what is pre-provisioned falls back on the default page and fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import sheet

COLUMNS = [
    "DeviceId",
    "UserId",
    "DeviceSerialNumber",
    "DeviceName",
    "UPN",
    "AutopilotProfileName",
    "ESPPolicyName",
    "EnrollmentMethod",
    "EnrollmentStatus",
    "EnrollmentDateTime",
    "DeviceRegisteredDateTime",
    "DeploymentStartDateTime",
    "DeploymentEndDateTime",
    "DeploymentState",
    "DeviceSetupStatus",
    "UserSetupStatus",
    "DeviceSetupDuration",
    "AccountSetupDuration",
    "DeploymentDuration",
    "DeploymentTotalDuration",
    "FailureReason",
    "FailureDetails",
    "OS",
    "OSVersion",
]


def build(folder: Path) -> Path:
    m = Machine("pre-provisioned-without-a-page-for-devices", at(2022, 10, 10, 7, 0))
    rows = []
    for n in range(40):
        sealed = n % 4 == 2
        bad = (sealed and n != 22) or n == 13
        start = m.clock(n * 190.0)
        minutes = 62 if bad else 31 + (n * 5) % 14
        end = m.clock(n * 190.0 + minutes)
        setup = "01:00:01" if bad else f"00:{minutes - 12:02}:20"
        whole = f"{minutes // 60:02}:{minutes % 60:02}:05"
        rows.append(
            [
                m.id(f"device {n}"),
                m.id(f"user {n}"),
                f"WS-{5000 + n * 11}-R",
                f"WS-{5000 + n * 11}",
                "" if sealed else f"user{n}@contoso.com",
                "Staff laptops",
                "All users and all devices" if sealed else "Staff page",
                "Azure AD joined with white glove" if sealed else "Azure AD joined with Autopilot profile",
                "Enrolled",
                f"{start:%Y-%m-%d %H:%M:%S}",
                "2022-08-01 09:00:00",
                f"{start:%Y-%m-%d %H:%M:%S}",
                f"{end:%Y-%m-%d %H:%M:%S}",
                "Failure" if bad else "Success",
                "Failure" if bad else "Success",
                "Not attempted" if bad or sealed else "Success",
                setup,
                "" if bad or sealed else "00:05:10",
                whole,
                whole,
                "",
                "",
                "Windows",
                "10.0.22621.521",
            ]
        )
    return sheet(folder, "AutopilotV1DeploymentStatus_2022-10-17.csv", COLUMNS, rows)
