"""Device preparation: the tenant blocks personal devices and the device has no corporate identifier."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, join, leave, refused


def build(folder: Path) -> Path:
    m = Machine(
        "personal-device-in-device-preparation",
        at(2024, 7, 2, 8, 20),
        build="22631.3810",
        zone="Europe/Amsterdam",
        name="DESKTOP-QH7T2RD",
        serial="WS-4106-P",
    )
    lived(m, 25)
    boot(m, -4)
    empty(m, 0)
    m.key(CACHE, AutopilotDevicePrepHint=11)
    join(m, 2.2)
    refused(m, 3, 0x80180014, "DeviceNotSupported", "Device Identifier not preregistered")
    leave(m, 3.6)
    return m.as_cab(folder)
