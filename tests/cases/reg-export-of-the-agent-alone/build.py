"""One .reg file: somebody exported the agent's key with the registry editor."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, Machine, at
from cases.outside_agent import kept
from cases.outside_files import write_reg


def build(folder: Path) -> Path:
    m = Machine("reg-export-of-the-agent-alone", at(2026, 3, 30, 11, 0))
    m.key(AGENT)
    kept(m, "Archive Tool", exit_code=0, code=0, state=1000)
    kept(m, "Contoso Reader", exit_code=0, code=0, state=1000)
    kept(m, "Weigh Bridge", exit_code=1619, code=0x80070653, state=5000)
    kept(m, "Old Viewer", exit_code=None, code=0, state=3000, compliance=0, applies=1008)
    path = folder / "IntuneManagementExtension.reg"
    path.write_bytes(write_reg(m.keys))
    return path
