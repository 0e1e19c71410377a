"""A download stops at a fifth and the page's hour runs out."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, Machine, at
from cases.outside_agent import announced, app, kept, loads, looks, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine("download-stands-still", at(2026, 1, 13, 8, 0), name="WS-1489", serial="WS-1489-Q")
    lived(m, 80)
    t = ready(m, apps=2)
    announced(m, t + 0.3, "Archive Tool", "Drawing Suite")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Drawing Suite")
    tracked(m, t + 3.1, "Drawing Suite", 2)
    loads(m, t + 3.2, "Drawing Suite", 3_900_000_000, got=790_000_000, minutes=9)
    for n in range(8):
        says(
            m,
            t + 14 + n * 5,
            f"[StatusService] Downloading app (id = {m.id('Drawing Suite')}, name Drawing Suite) via DO, bytes "
            f"790000000/3900000000 for user {DEVICE}",
        )
    says(
        m,
        t + 53,
        "[Win32App DO] DO download is not finished within the timeout of 1800 seconds, "
        f"file: intunewin-bin_{m.id('Drawing Suite')}_1",
        "[Win32App][DownloadActionHandler] Handler completed with action status: Timeout.",
    )
    kept(m, "Drawing Suite", exit_code=None, code=0, state=2000, compliance=0)
    page_fails(m, t + 60, "DeviceSetup.Apps", 0x81036502, timeout=True)
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **GOOD,
        Apps=("inProgress", "Apps (1 of 2 installed)"),
    )
    return m.as_zip(folder)
