"""The agent's logs are all there is."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, script


def build(folder: Path) -> Path:
    m = Machine(
        "agent-logs-alone", at(2026, 5, 19, 8, 40), name="WS-1823", serial="WS-1823-U", zone="America/Chicago"
    )
    for n, words in enumerate(
        ("EMS Agent Started", "Agent version is: 1.101.109.0", "[APv2] Device is in APv2 mode: False.")
    ):
        m.line("IntuneManagementExtension", n * 0.001, words)
    announced(m, 0.3, "Archive Tool", "Print Server Link")
    app(m, 0.5, "Archive Tool")
    script(m, 2, "Set corporate time zone", 0)
    app(m, 3, "Print Server Link", 5)
    script(m, 6, "Map drives", 1, error="Test-Path : Access is denied")
    m.drop("autopilot")
    return m.as_folder(folder)
