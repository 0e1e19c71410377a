"""Hybrid: device setup takes longer than the page's hour, within its forty minutes more, and goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import account_done, account_setup, desktop, device_done
from cases.outside_stages import sync
from cases.outside_ten import hybrid_to_device_setup


def build(folder: Path) -> Path:
    m = Machine(
        "hybrid-page-takes-its-forty-minutes-more",
        at(2026, 5, 19, 6, 30),
        build="22631.5909",
        zone="Europe/Helsinki",
        name="WS-8114",
        serial="WS-8114-P",
    )
    t = hybrid_to_device_setup(m, 3)
    announced(m, t + 0.3, "Archive Tool", "Drawing Suite", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 4, "Drawing Suite", minutes=58)
    for n in range(5):
        sync(m, t + 8 + n * 14)
    app(m, t + 66, "Contoso Reader", minutes=18)
    device_done(m, t + 86, 3)
    m.event("join", t + 87, 4096)
    m.event("join", t + 87.5, 306)
    account_setup(m, t + 90)
    account_done(m, t + 93)
    desktop(m, t + 93.5)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_collection(folder)
