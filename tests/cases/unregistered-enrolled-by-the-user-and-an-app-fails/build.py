"""A device that the service does not know is joined and enrolled by its user all the same; then an app fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_setup, page_fails
from cases.outside_stages import boot, empty, enrol, join
from cases.outside_twelve import answers_with


def build(folder: Path) -> Path:
    m = Machine(
        "unregistered-enrolled-by-the-user-and-an-app-fails",
        at(2026, 3, 10, 12, 15),
        build="22631.5189",
        zone="Europe/Warsaw",
        name="WS-8342",
        serial="WS-8342-D",
    )
    lived(m, 40)
    boot(m, -4)
    empty(m, 0)
    answers_with(m, 807, "ZtdDeviceIsNotRegistered")
    join(m, 5.2)
    enrol(m, 6)
    agent_comes(m, 7, 2)
    device_setup(m, 9)
    announced(m, 9.3, "Archive Tool", "Badge Printing")
    app(m, 9.5, "Archive Tool")
    app(m, 13, "Badge Printing", 1603)
    page_fails(m, 16, "DeviceSetup.Apps", 0x80070643)
    return m.as_zip(folder)
