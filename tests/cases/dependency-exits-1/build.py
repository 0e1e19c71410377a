"""An app's dependency fails; the app itself was never begun."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, report, says, tracked
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("dependency-exits-1", at(2026, 3, 3, 11, 0), name="WS-1378", serial="WS-1378-P")
    lived(m, 40)
    t = ready(m)
    announced(m, t + 0.3, "Ledger Client", "Ledger Runtime", needs={"Ledger Client": ["Ledger Runtime"]})
    both = f"{m.id('Ledger Client')}, {m.id('Ledger Runtime')}"
    says(m, t + 0.4, f"[Win32App][V3Processor] Processing subgraph with app ids: {both}")
    app(m, t + 0.5, "Ledger Runtime", 1)
    report(m, t + 2.7, "Ledger Client", 0x87D300D0, "DependencyFailedToInstall")
    says(
        m,
        t + 2.72,
        f"[Win32App][EspManager] Updating ESP tracked install status from NotInstalled to Error for application "
        f"{m.id('Ledger Client')} with name: Ledger Client.",
    )
    tracked(m, t + 2.73, "Ledger Client", 4, code=0x87D300D0)
    kept(m, "Ledger Client", exit_code=None, code=0x87D300D0, state=6001)
    page_fails(m, t + 3, "DeviceSetup.Apps", 0x80070001)
    return m.as_zip(folder)
