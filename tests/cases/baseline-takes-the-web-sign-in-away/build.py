"""Sealed by the technician; the user's first sign-in page lacks its web sign-in because a baseline was there first."""

from __future__ import annotations

from pathlib import Path

from cases.outside import HOUR, TRACKING, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number, policy_text
from cases.outside_noise import lived
from cases.outside_page import GOOD, part, ready, state
from cases.outside_stages import boot, halt, join, query, sync
from cases.outside_ten import SHELL


def build(folder: Path) -> Path:
    m = Machine(
        "baseline-takes-the-web-sign-in-away",
        at(2026, 6, 2, 9, 0),
        build="26100.8457",
        zone="Europe/Paris",
        name="WS-8123",
        serial="WS-8123-Y",
    )
    t = ready(m, "seal")
    policy_number(m, t + 0.1, "DeviceLock", "DevicePasswordEnabled", 0)
    policy_number(m, t + 0.11, "DeviceLock", "MinDevicePasswordLength", 14)
    policy_number(m, t + 0.12, "LocalPoliciesSecurityOptions", "Accounts_EnableAdministratorAccountStatus", 0)
    policy_text(
        m, t + 0.13, "LocalPoliciesSecurityOptions", "Accounts_RenameAdministratorAccount", "localadm"
    )
    policy_number(m, t + 0.14, "Authentication", "EnableWebSignIn", 1)
    policy_number(m, t + 0.15, "Browser", "AllowPasswordManager", 0)
    announced(m, t + 0.3, "Archive Tool", "Plant Viewer")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Plant Viewer")
    m.page(t + 6, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    m.event("shell", t + 6.001, 62405, Result="success")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (2 of 2 installed)"))
    halt(m, t + 8, "power off", SHELL)
    u = 26 * HOUR
    boot(m, u)
    query(m, u + 1)
    m.event("autopilot", u + 1.1, 163)
    join(m, u + 3)
    part(m, u + 4, "DeviceSetup")
    sync(m, u + 4.1)
    halt(m, u + 7, "restart", SHELL)
    boot(m, u + 8)
    for n in range(4):
        sync(m, u + 15 + n * 40)
    lived(m, u + 190, step=0)
    return m.as_zip(folder)
