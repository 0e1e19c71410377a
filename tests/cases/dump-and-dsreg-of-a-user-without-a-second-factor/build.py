"""Registry dump and dsregcmd: account setup waits for a user who has no token."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import Machine, at
from cases.outside_eight import user_waits
from cases.outside_files import write_dump
from cases.outside_page import agent_comes, device_done, state
from cases.outside_stages import boot, enrol, first_sync, join, profile
from cases.outside_ten import WAITS

SAYS = (
    "AADSTS50072: Due to a configuration change made by your administrator, or because you moved to a new location, you "
    "must enroll in multi-factor authentication to access '00000002-0000-0000-c000-000000000000'."
)


def build(folder: Path) -> Path:
    m = Machine(
        "dump-and-dsreg-of-a-user-without-a-second-factor",
        at(2026, 3, 16, 7, 45),
        name="WS-1109",
        serial="WS-1109-J",
    )
    boot(m, -3)
    profile(m, 0)
    join(m, 2)
    enrol(m, 3)
    agent_comes(m, 4)
    device_done(m, 12)
    state(m, "AccountSetup", "failed", "Time limit exceeded", **WAITS)
    user_waits(m)
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0)
    path = folder / "WS-1109"
    path.mkdir()
    (path / "MdmDiagReport_RegistryDump.reg").write_bytes(write_dump(m.keys))
    url = "https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc"
    text = status(
        section(
            "Device State", AzureAdJoined="YES", EnterpriseJoined="NO", DomainJoined="NO", Device_Name=m.name
        ),
        section("Device Details", DeviceId=m.id("device"), TpmProtected="YES", DeviceAuthStatus="SUCCESS"),
        section("Tenant Details", TenantName="Contoso", TenantId=m.id("tenant contoso.com"), MdmUrl=url),
        section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="NO"),
        section(
            "SSO State",
            AzureAdPrt="NO",
            AcquirePrtDiagnostics="PRESENT",
            Previous_Prt_Attempt="2026-03-16 08:40:11.221 UTC",
            Attempt_Status="0xc000006d",
            User_Identity=m.upn,
            Credential_Type="Password",
            Endpoint_URI="https://login.microsoftonline.com/common/oauth2/token/",
            HTTP_Method="POST",
            HTTP_Error="0x0",
            HTTP_status="400",
            Server_Error_Code="interaction_required",
            Server_Error_Description=SAYS,
        ),
    )
    (path / "dsregcmd.txt").write_text(text, newline="\r\n")
    return path
