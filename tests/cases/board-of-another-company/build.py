"""A repaired machine carries the registration of its board's former owner."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "board-of-another-company",
        at(2026, 5, 6, 6, 45),
        name="DESKTOP-QH7T2RD",
        serial="WS-8021-H",
        domain="contoso.com",
    )
    lived(m, 26)
    boot(m, -4)
    profile(m, 0, tenant="fabrikam.com", name="Fabrikam Standard")
    m.event("shell", 1, 62404, CXID="OobeAAD")
    for n in range(2):
        t = 2 + n * 3
        screen(m, t, "Identity.UsernameView.Branding.HasBoilerPlateText", 1)
        screen(m, t + 0.8, "CDJUITenantMismatchExists", "true")
        screen(m, t + 0.81, "CDJUIError", "ztdTenantMismatch")
        screen(m, t + 0.82, "CDJUIShowPage", "idErrorPage")
        screen(m, t + 1.8, "CDJUIClickOnErrorTryAgain")
    m.key(AUTOPILOT, AadTenantId=m.id("tenant contoso.com"), TenantMatched=0)
    return m.as_cab(folder)
