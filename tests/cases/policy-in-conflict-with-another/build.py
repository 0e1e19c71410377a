"""The report on policies by device: one of four is in conflict on a quarter of the devices."""

from __future__ import annotations

from pathlib import Path

from cases.outside_mail import sheet

COLUMNS = ["PolicyId", "PolicyName", "IntuneDeviceId", "DeviceName", "Manufacturer", "Model", "UPN", "PolicyStatus",
           "PspdpuLastModifiedTimeUtc", "UnifiedPolicyType", "ReportStatus"]  # fmt: skip
POLICIES = ("Edge settings", "Disk encryption", "Firewall", "Power")


def build(folder: Path) -> Path:
    rows = [
        [f"5e1f0c00-0000-4000-8000-00000000000{place}", name, f"7a000000-0000-4000-8000-{device:012}",
         f"PC-{device:03}", "Contoso", "Book 7", f"u{device:03}@example.com", _state(place, device),
         f"2026-09-1{device % 9}T10:00:00Z", "Settings catalog", ""]
        for device in range(80)
        for place, name in enumerate(POLICIES)
    ]  # fmt: skip
    return sheet(folder, "DeviceConfigurationPolicyStatuses_2026-09-20.csv", COLUMNS, rows)


def _state(policy: int, device: int) -> str:
    if policy == 1 and device % 4 == 0:
        return "Conflict"
    if policy == 2 and device in (3, 40):
        return "Error"
    return ("NotApplicable", "Pending")[device % 2] if policy == 3 and device < 9 else "Succeeded"
