"""Only AppWorkload.log, mailed from Sydney: the installer ends well and the rule does not find the app."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, ended, loads, looks, runs, says, verdict

NAME = "Survey Viewer"


def build(folder: Path) -> Path:
    m = Machine(
        "agent-alone-found-nothing-after-install",
        at(2026, 1, 20, 22, 10),
        zone="Australia/Sydney",
        name="WS-9007",
        serial="WS-9007-A",
    )
    announced(m, 0, "Archive Tool", NAME)
    looks(m, 0.2, "Archive Tool")
    loads(m, 0.4, "Archive Tool")
    runs(m, 1, "Archive Tool")
    ended(m, 2, 0)
    verdict(m, 2.1, "Archive Tool", 0)
    looks(m, 2.5, NAME)
    loads(m, 2.7, NAME)
    runs(m, 3.4, NAME)
    ended(m, 5, 0)
    says(
        m,
        5.05,
        r"[Win32App] Checking file detection rule: path: C:\Program Files\Survey Viewer, file: SurveyViewer.exe, "
        "check32BitOn64System: False",
        r"[Win32App] File: C:\Program Files\Survey Viewer\SurveyViewer.exe does not exist. applicationDetected: False",
    )
    verdict(m, 5.1, NAME, 0x87D1041C, found=False)
    m.rows.clear()
    m.collected = 30
    path = folder / "AppWorkload.log"
    path.write_bytes(m.agent_logs()["AppWorkload.log"])
    return path
