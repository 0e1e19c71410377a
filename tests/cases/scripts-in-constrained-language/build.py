"""The agent's logs alone: two scripts fail because PowerShell runs in Constrained Language Mode."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, script
from cases.outside_seven import agent_folder, starts

TYPES = "New-Object : Cannot create type. Only core types are supported in this language mode."
METHODS = "Cannot invoke method. Method invocation is supported only on core types in this language mode."


def build(folder: Path) -> Path:
    m = Machine(
        "scripts-in-constrained-language",
        at(2026, 4, 8, 22, 10),
        zone="Australia/Brisbane",
        name="WS-1118",
        serial="WS-1118-T",
    )
    starts(m, 0)
    script(m, 1, "Set region", 1, error=TYPES)
    script(m, 3, "Pin start menu", 1, error=METHODS)
    script(m, 5, "Write marker", 0)
    announced(m, 7, "Archive Tool")
    app(m, 7.5, "Archive Tool")
    return agent_folder(m, folder)
