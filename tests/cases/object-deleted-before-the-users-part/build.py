"""In account setup the agent gets no token, since somebody deleted the device's object a minute before."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import BEGUN, no_token, runs_out, user_waits
from cases.outside_noise import lived
from cases.outside_page import account_setup, device_done, ready
from cases.outside_stages import sync
from cases.outside_twelve import token_refused

SAYS = "Code: invalid_grant; AADSTS700003: Device object was not found in the tenant 'contoso.com' directory."


def build(folder: Path) -> Path:
    m = Machine(
        "object-deleted-before-the-users-part",
        at(2026, 6, 9, 7, 30),
        build="26100.4652",
        zone="Europe/Vienna",
        name="WS-8317",
        serial="WS-8317-S",
    )
    lived(m, 85)
    t = ready(m, apps=1)
    announced(m, t + 0.2, "Archive Tool")
    app(m, t + 0.4, "Archive Tool")
    device_done(m, t + 4, 1)
    a = t + 6
    account_setup(m, a)
    for n in range(10):
        token_refused(m, a + 0.5 + n * 6, SAYS, 0xCAA20003)
        no_token(m, a + 1 + n * 6)
        sync(m, a + 2 + n * 6)
    user_waits(m)
    runs_out(m, a + 61, "AccountSetup.Apps", Apps=BEGUN)
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State", AzureAdJoined="YES", EnterpriseJoined="NO", DomainJoined="NO", Device_Name=m.name
        ),
        section(
            "Device Details",
            DeviceId=m.id("device"),
            KeyProvider="Microsoft Platform Crypto Provider",
            TpmProtected="YES",
            DeviceAuthStatus="FAILED. Device is either disabled or deleted",
        ),
        section("Tenant Details", TenantName="Contoso", TenantId=m.id("tenant contoso.com")),
        section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="YES"),
        section("SSO State", AzureAdPrt="NO"),
    )
    return m.as_collection(folder)
