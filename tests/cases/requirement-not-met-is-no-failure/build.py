"""One app does not fit the device and is skipped; all else is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, looks, says, tracked
from cases.outside_noise import lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "requirement-not-met-is-no-failure", at(2026, 3, 24, 7, 15), name="WS-1590", serial="WS-1590-R"
    )
    lived(m, 60)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Dock Firmware", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Dock Firmware", fits="NotApplicable")
    says(
        m,
        t + 3.1,
        f"[Win32App][ReportingManager] Applicability state for app with id: {m.id('Dock Firmware')} has been updated. "
        'Report delta: {"ApplicabilityState":{"OldValue":null,"NewValue":"ScriptRequirementRuleNotMet"}}',
        "[Win32App][V3Processor] Done processing subgraph.",
    )
    tracked(m, t + 3.2, "Dock Firmware", 3)
    kept(m, "Dock Firmware", exit_code=None, code=0, state=3000, compliance=2, applies=1008)
    app(m, t + 4, "Contoso Reader")
    end = finish(m, t + 8, apps=3)
    sign_out(m, end + 12)
    return m.as_zip(folder)
