"""Only the registry dump of a machine in use: what once failed is there now."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, Machine, at
from cases.outside_agent import kept
from cases.outside_files import write_dump
from cases.outside_page import GOOD, account_done, agent_comes, device_done, state
from cases.outside_stages import enrol, join, profile


def build(folder: Path) -> Path:
    m = Machine("dump-with-an-old-error-beside-an-installed-app", at(2025, 9, 8, 7, 10))
    profile(m, 0)
    join(m, 2)
    enrol(m, 3)
    agent_comes(m, 4)
    device_done(m, 12)
    account_done(m, 15)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (2 of 2 installed)"))
    kept(m, "Archive Tool", exit_code=0, code=0, state=1000)
    kept(m, "Plant Viewer", exit_code=0, code=0, state=1000)
    path = rf"{AGENT}\Win32Apps\{m.id('object of the user')}\{m.id('Whiteboard')}_3"
    m.key(path, ExitCode="1602", Intent=1)
    m.key(
        rf"{path}\ComplianceStateMessage",
        ComplianceStateMessage='{"Applicability":0,"ComplianceState":1,"DesiredState":2,"ErrorCode":0}',
    )
    m.key(
        rf"{path}\EnforcementStateMessage",
        EnforcementStateMessage='{"EnforcementState":5000,"ErrorCode":-2147023294}',
    )
    file = folder / "MdmDiagReport_RegistryDump.reg"
    file.write_bytes(write_dump(m.keys))
    return file
