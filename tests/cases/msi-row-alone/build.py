"""A registry dump and the page: a line-of-business MSI at Enforcement failed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import MSI, Machine, at
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("msi-row-alone", at(2025, 11, 26, 8, 0), name="WS-3719", serial="WS-3719-U")
    lived(m, 40)
    ready(m)
    product = "{5E0D2C11-6A3B-49B0-8C77-2F9E1B6D4A02}"
    m.key(
        rf"{MSI}\{product}",
        Status=60,
        CurrentDownloadUrl="https://content.example.com/ScannerAgent.msi",
        ProductVersion="4.2.0.0",
        LastError=0x80070643,
        EnforcementRetryCount=3,
    )
    page_fails(m, 12, "DeviceSetup.Apps", 0x80070643)
    m.drop("dm", "enrol", "sync", "service", "pagelog", "packages")
    return m.as_cab(folder)
