"""Only the agent's logs: the Store's source cannot be opened because its name is not resolved."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, report, says
from cases.outside_fifteen import store_unreachable
from cases.outside_page import ready
from cases.outside_seven import agent_folder

CODE = 0x80072EE7


def build(folder: Path) -> Path:
    m = Machine(
        "store-source-is-not-resolved", at(2026, 3, 18, 13, 0), zone="America/Chicago", name="WS-1509"
    )
    t, name = ready(m), "Company Portal"
    announced(m, t + 0.1, "Archive Tool", name)
    app(m, t + 0.3, "Archive Tool")
    for n in range(3):
        store_unreachable(m, t + 3 + n * 6, name, "9CONTOSOCP22", CODE)
        report(m, t + 4 + n * 6, name, CODE, "Error")
        says(m, t + 4.1 + n * 6, "[Win32App][V3Processor] Done processing subgraph.")
    end = f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application {m.id(name)}"
    says(m, t + 16.2, f"{end} with name: {name}.")
    return agent_folder(m, folder)
