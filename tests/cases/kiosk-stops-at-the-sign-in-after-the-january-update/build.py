"""A self-deploying kiosk of a build of January 2023: all well, and the kiosk's user is never signed in."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import finish, ready
from cases.outside_stages import boot, first_sync, halt, sync
from cases.outside_ten import SHELL, checks_in

NODE = "./Device/Vendor/MSFT/AssignedAccess/Configuration"
PAGE = r"software\microsoft\windows\autopilot\EnrollmentStatusTracking\ESPTrackingInfo\Diagnostics\ExpectedPolicies"


def build(folder: Path) -> Path:
    m = Machine(
        "kiosk-stops-at-the-sign-in-after-the-january-update",
        at(2023, 1, 24, 9, 0),
        build="22621.1105",
        zone="Europe/Amsterdam",
        name="FOYER-07",
        serial="WS-8101-A",
    )
    lived(m, 220)
    t = ready(m, "self")
    announced(m, t + 0.3, "Signage Player", "Screen Tools")
    app(m, t + 0.5, "Signage Player")
    app(m, t + 3, "Screen Tools")
    finish(m, t + 6, user=False)
    first_sync(m, 60, IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1, ExpectedPolicies=NODE)
    m.key(rf"{PAGE}\{m.clock(t + 1):%Y-%m-%dT%H:%M:%S}Z", **{NODE: 1})
    m.key(
        r"software\microsoft\windows nt\currentversion\winlogon",
        AutoAdminLogon="1",
        DefaultDomainName=".",
        DefaultUserName="kioskUser0",
    )
    m.key(
        r"software\microsoft\windows\assignedaccessconfiguration\configs\kioskUser0",
        DefaultProfileId="{" + m.id("profile") + "}",
    )
    for n in range(3):
        halt(m, t + 20 + n * 40, "restart", SHELL)
        boot(m, t + 21 + n * 40)
        sync(m, t + 25 + n * 40)
    checks_in(m, t + 30, 3)
    return m.as_zip(folder)
