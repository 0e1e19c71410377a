"""The agent's logs alone: one large app is loaded three times and given up each time."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, Machine, at
from cases.outside_agent import announced, app, loads, looks, report, says


def build(folder: Path) -> Path:
    m = Machine(
        "agent-alone-loads-again-and-again", at(2026, 2, 18, 7, 0), zone="Europe/Madrid", serial="WS-4415-L"
    )
    for n, words in enumerate(
        (
            "EMS Agent Started",
            "Agent version is: 1.101.109.0",
            "[APv2] Found DevicePrepHintValue = 0.",
            "[APv2] Device is in APv2 mode: False.",
        )
    ):
        m.line("IntuneManagementExtension", 0.5 + n * 0.001, words)
    announced(m, 1, "Archive Tool", "Map Data")
    app(m, 1.2, "Archive Tool")
    item = m.id("Map Data")
    for t in (4, 40, 76):
        looks(m, t, "Map Data")
        loads(m, t + 0.1, "Map Data", 8_200_000_000, got=1_140_000_000, minutes=12)
        for n in range(3):
            says(
                m,
                t + 15 + n * 5,
                f"[StatusService] Downloading app (id = {item}, name Map Data) via DO, bytes 1140000000/8200000000 "
                f"for user {DEVICE}",
            )
        says(
            m,
            t + 31,
            f"[Win32App DO] DO download is not finished within the timeout of 1800 seconds, file: intunewin-bin_{item}_1",
            "[Win32App][DownloadActionHandler] Handler completed with action status: Timeout.",
            kind=3,
        )
        report(m, t + 31.1, "Map Data", 0x87D30068, "ErrorDownloadingContent")
    says(
        m,
        107.3,
        f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application {item} "
        "with name: Map Data.",
    )
    m.rows.clear()
    m.texts.clear()
    return m.as_folder(folder)
