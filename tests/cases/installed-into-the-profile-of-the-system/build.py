"""An installer for one user is run as the system; the detection looks elsewhere."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

NAME, CODE = "Whiteboard Client", 0x87D1041C
RULE = r"C:\Windows\system32\config\systemprofile\AppData\Local\Programs\Whiteboard\Whiteboard.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "installed-into-the-profile-of-the-system",
        at(2026, 3, 24, 10, 15),
        build="22631.5335",
        name="WS-6037",
        serial="WS-6037-R",
    )
    lived(m, 60)
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", NAME)
    app(m, t + 0.4, "Archive Tool")
    looks(m, t + 3, NAME)
    tracked(m, t + 3.1, NAME, 2)
    loads(m, t + 3.2, NAME)
    runs(m, t + 4, NAME)
    ended(m, t + 5, 0)
    says(
        m,
        t + 5.02,
        "[Win32App] Start detectionManager SideCarFileDetectionManager",
        f"[Win32App] Checked filePath: {RULE}, Exists: False, applicationDetected: False",
        "[Win32App] Completed detectionManager SideCarFileDetectionManager, applicationDetectedByCurrentRule: False",
    )
    m.event(
        "installer",
        t + 4.9,
        11707,
        plain=["Product: Whiteboard -- Installation completed successfully.", "(NULL)", "(NULL)"],
    )
    verdict(m, t + 5.05, NAME, CODE, found=False)
    kept(m, NAME, exit_code=0, code=CODE, state=5000)
    page_fails(m, t + 5.6, "DeviceSetup.Apps", CODE)
    return m.as_zip(folder)
