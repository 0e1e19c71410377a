"""Existing devices: the task sequence copies the configuration file, then generalizes Windows, which deletes it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, empty
from cases.outside_ten import setup_log

SETUP = setup_log(
    ("2026-02-17 08:31:40", "Info", "SYSPRP ========================================================"),
    ("2026-02-17 08:31:40", "Info", "SYSPRP ===  Beginning of a new sysprep run                     ==="),
    ("2026-02-17 08:31:41", "Info", "SYSPRP WinMain:Processing 'generalize' internal provider request"),
    ("2026-02-17 08:33:02", "Info", "SYSPRP ActionPlatform::LaunchModule: Executing 'Generalize' phase"),
    ("2026-02-17 08:34:47", "Info", "SYSPRP WinMain:Completed 'generalize'; shutting down to oobe"),
)
ZONE = 'component="TSManager" context="" type="1" thread="1184" file="tsxml.cpp:1240"'
STEPS = (
    (
        "08:24:10",
        "The task sequence execution engine successfully completed the action (Apply Operating System)",
    ),
    ("08:27:51", "Start executing an instruction. Instruction name: 'Copy Autopilot profile'"),
    (
        "08:27:53",
        "Command line: xcopy.exe .\\AutopilotConfigurationFile.json C:\\Windows\\Provisioning\\Autopilot\\ /c /y",
    ),
    (
        "08:27:54",
        "The task sequence execution engine successfully completed the action (Copy Autopilot profile) with exit code 0",
    ),
    ("08:31:38", "Start executing an instruction. Instruction name: 'Prepare Windows for Capture'"),
    (
        "08:31:39",
        "Executing command line: C:\\Windows\\system32\\sysprep\\sysprep.exe /quiet /generalize /oobe /quit",
    ),
    ("08:34:50", "Sysprep completed with exit code 0"),
)


def build(folder: Path) -> Path:
    m = Machine(
        "configuration-file-lost-to-sysprep",
        at(2026, 2, 17, 9, 0),
        build="22631.6199",
        zone="UTC",
        name="DESKTOP-QH7T2RD",
        serial="WS-8117-S",
    )
    lived(m, 30)
    for n in range(2):
        boot(m, n * 12 - 2)
        empty(m, n * 12)
        for k, name in enumerate(("OobeRegion", "OobeKeyboard", "OobeIDPS")):
            m.event("shell", n * 12 + 2 + k * 2, 62404, CXID=name)
            if k < 2:
                m.event("shell", n * 12 + 3.8 + k * 2, 62405, CXID=name, Result="success")
    m.text(
        "smsts.log",
        "".join(
            f'<![LOG[{words}]LOG]!><time="{at_}.000+000" date="02-17-2026" {ZONE}>\n' for at_, words in STEPS
        ),
    )
    m.text("setupact.log", SETUP)
    return m.as_zip(folder)
