"""A user of another organisation at the branded sign-in page."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "user-of-another-tenant",
        utc(2025, 5, 20, 10, 45),
        build="26100.4061",
        name="DESKTOP-4K7Q2LM",
        serial="FAB-2525-C",
        domain="fabrikam.example",
        renamed_at=1e9,
    )
    stages.boot(d, -1)
    stages.profile(d, 0)
    stages.screen(d, 0.8, "OobeRegion")
    d.event("shell", 2, 62404, CXID="OobeAAD")
    d.event("shell", 2.01, 62406, Name="Visible")
    d.event("shell", 2.1, 62407, Name="Identity.UsernameView.Branding.HasBoilerPlateText", Value="1")
    for minute in (4, 7):
        d.event("shell", minute, 62407, Name="CDJUITenantMismatchExists", Value="1")
        d.event("shell", minute + 0.01, 62407, Name="CDJUIError", Value="ztdTenantMismatch")
        d.event("shell", minute + 0.01, 62407, Name="CDJUIShowPage", Value="idErrorPage")
    d.key(stages.DIAGNOSTICS, TenantMatched=0, AadTenantId=d.guid("other tenant"))
    d.collected = 20
    return d.as_zip(folder)
