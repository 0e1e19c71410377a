"""An app ends well with 3010 and can be detected only after the restart."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, tracked, verdict
from cases.outside_eighteen import hum
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "firmware-kit-waits-for-a-restart",
        at(2025, 2, 17, 9, 20),
        build="22631.4890",
        zone="Europe/London",
        name="WS-2093",
        serial="PF-2093-LN",
    )
    lived(m, 48)
    t = ready(m, "seal")
    hum(m, t + 0.1)
    n = "Firmware Update Kit"
    announced(m, t + 0.3, "Archive Tool", n)
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, n)
    tracked(m, t + 3.1, n, 2)
    loads(m, t + 3.2, n, 4_100_000)
    runs(m, t + 3.8, n)
    ended(m, t + 30.2, 3010)
    m.event("service", t + 30.1, 1010, Message1="")
    verdict(m, t + 30.3, n, 0x87D1041C, found=False)
    m.key(rf"{TRACKING}\Device\Setup\Apps\Tracking\Sidecar\Win32App_{m.id(n)}_1", RebootRequired=2)
    kept(m, n, exit_code=3010, code=0x87D1041C, state=5000)
    m.rows = [r for r in m.rows if not (r[2] == "service" and r[3].event_id == 1010)]
    page_fails(m, t + 30.6, "DeviceSetup.Apps", 0x87D1041C)
    return m.as_zip(folder)
