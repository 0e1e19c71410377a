"""A policy sets the download mode to bypass, which Windows 11 no longer knows."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, kept, loads, looks, report, says, tracked
from cases.outside_eight import policy_number
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

NAME, CODE = "Contoso Reader", 0x80D02002


def build(folder: Path) -> Path:
    m = Machine(
        "download-mode-one-hundred",
        at(2026, 4, 21, 7, 30),
        build="26100.6899",
        name="WS-6024",
        serial="WS-6024-D",
    )
    lived(m, 60)
    t = ready(m)
    policy_number(m, t + 0.3, "DeliveryOptimization", "DODownloadMode", 100)
    policy_number(m, t + 0.31, "Update", "DeferQualityUpdatesPeriodInDays", 3)
    announced(m, t + 0.5, NAME, "Archive Tool")
    looks(m, t + 0.7, NAME)
    tracked(m, t + 0.8, NAME, 2)
    for n in range(3):
        loads(m, t + 1 + n * 12, NAME, got=0, minutes=10.0)
        says(
            m,
            t + 11.5 + n * 12,
            "[Win32App][DownloadActionHandler] Handler completed with action status: Failed.",
        )
    report(m, t + 36, NAME, CODE, "Error")
    words = (
        "[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application "
    )
    says(m, t + 36.01, f"{words}{m.id(NAME)} with name: {NAME}.")
    tracked(m, t + 36.02, NAME, 4, code=CODE)
    kept(m, NAME, exit_code=None, code=CODE, state=5003)
    page_fails(m, t + 36.5, "DeviceSetup.Apps", CODE)
    return m.as_zip(folder)
