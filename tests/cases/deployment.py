"""A whole deployment, or all of it up to device setup, where nothing goes wrong."""

from __future__ import annotations

from cases.agent import app
from cases.building import Device
from cases.stages import boot, desktop, enrol, join, profile, self_deploy
from cases.status_page import account_done, account_setup, device_done, device_setup, preparation


def until_setup(d: Device, *, mode: str = "user-driven", apps: int = 2) -> float:
    """Everything up to the start of device setup, all well; returns the minute it starts."""
    boot(d, -1)
    profile(d, 0, mode)
    if mode == "pre-provisioning":
        d.event("management", 0.3, 509, UInt1=1)
    if mode in ("self-deploying", "pre-provisioning"):
        self_deploy(d, 1)
    else:
        join(d, 2)
        enrol(d, 3)
    preparation(d, 4, apps)
    device_setup(d, 6)
    return 6.0


def whole(d: Device, *, mode: str = "user-driven") -> float:
    """A deployment that succeeds, with two apps; returns the minute of the desktop."""
    t = until_setup(d, mode=mode)
    app(d, t + 0.1, "Archive Tool")
    app(d, t + 4, "Contoso Reader")
    device_done(d, t + 8)
    if mode == "self-deploying":
        return t + 8
    account_setup(d, t + 9)
    account_done(d, t + 11)
    desktop(d, t + 11.5)
    d.collected = t + 30
    return t + 11.5
