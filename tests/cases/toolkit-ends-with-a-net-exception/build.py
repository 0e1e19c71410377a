"""The installer's wrapper dies of an exception of .NET, and Windows writes down which."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

THROWN = 0xE0434352
PROGRAM = "Invoke-AppDeployToolkit.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "toolkit-ends-with-a-net-exception",
        at(2025, 7, 3, 9, 30),
        zone="Australia/Perth",
        name="WS-7340",
        serial="WS-7340-P",
    )
    lived(m, 55)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Survey Suite")
    app(m, t + 0.5, "Archive Tool")
    thrown = (
        f"Application: {PROGRAM}\nFramework Version: v4.0.30319\nDescription: The process was terminated due to an "
        "unhandled exception.\nException Info: System.IO.FileNotFoundException\n   at Contoso.Launcher.Program.Main()"
    )
    m.event("dotnet", t + 4.18, 1026, 2, plain=[thrown])
    place = rf"C:\Windows\IMECache\{m.id('Survey Suite')}_1\{PROGRAM}"
    fault = [
        "4.1.0.0",
        "68500000",
        "KERNELBASE.dll",
        "10.0.26100.4652",
        "6a1f3b02",
        "e0434352",
        "00000000000c7f7a",
    ]
    m.event("crash", t + 4.19, 1000, 2, plain=[PROGRAM, *fault, "1a2c", "01dbec0000000000", place])
    app(m, t + 3, "Survey Suite", THROWN - (1 << 32), code=THROWN, minutes=1.2)
    page_fails(m, t + 4.8, "DeviceSetup.Apps", THROWN)
    return m.as_zip(folder)
