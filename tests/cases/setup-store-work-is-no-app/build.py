"""An app fails; Setup's own Store work minutes before is no app of the deployment."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived, sign_out
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("setup-store-work-is-no-app", at(2026, 4, 7, 8, 45), name="WS-3104", serial="WS-3104-D")
    lived(m, 35)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Meeting Board")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Meeting Board", 1638)
    page_fails(m, t + 5.3, "DeviceSetup.Apps", 0x80070666)
    sign_out(m, t + 12)
    return m.as_zip(folder)
