"""The app is installed; its detection script never ends."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine("detection-script-without-an-end", at(2026, 4, 9, 8, 20), name="WS-5637", serial="WS-5637-G")
    lived(m, 90)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Badge Reader", detection=3)
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Badge Reader")
    tracked(m, t + 3.1, "Badge Reader", 2)
    loads(m, t + 3.2, "Badge Reader")
    runs(m, t + 4, "Badge Reader")
    ended(m, t + 5, 0)
    item = m.id("Badge Reader")
    path = (
        rf"C:\Program Files (x86)\Microsoft Intune Management Extension\Content\DetectionScripts\{item}_1.ps1"
    )
    says(
        m,
        t + 5.1,
        "[Win32App][DetectionActionHandler] Handler invoked for 1 app detections.",
        f"[Win32App][DetectionActionHandler] Detection running for policy with id: {item}.",
        f"[Win32App] Detection script file {path} is saved.",
        "[Win32App] SideCarScriptDetectionManager Create proxy process successfully.",
        "[Win32App] SideCarScriptDetectionManager process id = 8120",
        "[Win32App] SideCarScriptDetectionManager Powershell execution process timeout milliseconds: 3600000.",
    )
    says(
        m,
        t + 5.12,
        "ExecutorLog AgentExecutor gets invoked",
        f"Adding argument powershellDetection with value {path} to the named argument list.",
        "Prepare to run Powershell Script ..",
        f'cmd line for running powershell is -NoProfile -executionPolicy bypass -file  "{path}"',
        "[Executor] created powershell with process id 8344",
        log="AgentExecutor",
    )
    kept(m, "Badge Reader", exit_code=0, code=0, state=2000, compliance=0)
    page_fails(m, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **GOOD,
        Apps=("inProgress", "Apps (1 of 2 installed)"),
    )
    return m.as_zip(folder)
