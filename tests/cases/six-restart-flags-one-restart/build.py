"""Six policies ask for a restart; one of them in device setup, and only that one got it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import first_hours
from cases.outside_page import account_done, account_setup, desktop, device_done, part, ready
from cases.outside_stages import boot, halt, query, sync

POLICY = "./Device/Vendor/MSFT/Policy/Config"
LATER = (
    f"{POLICY}/DmaGuard/DeviceEnumerationPolicy",
    f"{POLICY}/Update/ManagePreviewBuilds",
    f"{POLICY}/LocalPoliciesSecurityOptions/UserAccountControl_RunAllAdministratorsInAdminApprovalMode",
    f"{POLICY}/Cryptography/TLSCipherSuites",
    f"{POLICY}/WindowsSandbox/AllowNetworking",
)


def build(folder: Path) -> Path:
    m = Machine(
        "six-restart-flags-one-restart",
        at(2025, 6, 10, 7, 15),
        zone="Europe/Stockholm",
        name="WS-6120",
        serial="WS-6120-L",
    )
    first_hours(m)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    m.event("dm", t + 2, 2800, Message1=f"{POLICY}/DeviceGuard/EnableVirtualizationBasedSecurity")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    halt(m, t + 6, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, t + 7)
    query(m, t + 7.4)
    m.event("autopilot", t + 7.5, 163)
    part(m, t + 8, "DeviceSetup")
    device_done(m, t + 9)
    account_setup(m, t + 12)
    for n in range(4):
        sync(m, t + 13 + n * 9)
    for n, uri in enumerate(LATER):
        m.event("dm", t + 45 + n * 0.002, 2800, Message1=uri)
    account_done(m, t + 48)
    desktop(m, t + 48.5)
    m.collected = t + 75
    return m.as_zip(folder)
