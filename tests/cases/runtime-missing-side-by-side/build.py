"""An installer cannot be started; the Application log names the runtime it lacks."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eleven import never_started
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

NAME = "Label Designer"


def build(folder: Path) -> Path:
    m = Machine(
        "runtime-missing-side-by-side",
        at(2025, 11, 18, 9, 15),
        build="26100.7171",
        zone="Europe/Bratislava",
        name="WS-1117",
        serial="WS-1117-S",
    )
    lived(m, 30)
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", NAME)
    app(m, t + 0.4, "Archive Tool")
    never_started(m, t + 3, NAME, 14001, 0x800736B1)
    place = rf"C:\Windows\IMECache\{m.id(NAME)}_1\setup.exe"
    lacks = 'Microsoft.VC90.CRT,processorArchitecture="x86",publicKeyToken="1fc8b3b9a1e18e3b",type="win32",version="9.0.30729.6161"'
    m.event("sxs", t + 4.01, 33, 2, plain=[lacks, "", "", "", "", "", "", place])
    page_fails(m, t + 4.6, "DeviceSetup.Apps", 0x800736B1)
    return m.as_zip(folder)
