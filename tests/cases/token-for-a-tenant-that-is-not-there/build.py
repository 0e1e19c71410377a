"""Weeks after a good deployment no token is given: the sign-in name names a tenant that is not found."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_ten import checks_in

SAYS = "AADSTS90002: Tenant 'oldname.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."


def build(folder: Path) -> Path:
    m = Machine(
        "token-for-a-tenant-that-is-not-there",
        at(2025, 11, 3, 8, 0),
        build="22631.6199",
        name="WS-8104",
        serial="WS-8104-D",
    )
    lived(m, 22 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 21)
    for n in range(9):
        w = 20 * DAY + 62 + n * 35
        m.event("aad", w, 1081, 2, Error="invalid_request", ErrorDescription=SAYS, CorrelationID=m.id(f"{n}"))
        m.event(
            "aad",
            w + 0.01,
            1098,
            2,
            Error=0xCAA20001,
            ErrorMessage="The request is malformed or invalid.",
            AdditionalInformation=f"Code: invalid_request; {SAYS}",
        )
    checks_in(m, 20 * DAY + 60, 4)
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State", AzureAdJoined="YES", EnterpriseJoined="NO", DomainJoined="NO", Device_Name=m.name
        ),
        section(
            "Device Details",
            DeviceId=m.id("device"),
            KeyProvider="Microsoft Platform Crypto Provider",
            TpmProtected="YES",
            KeySignTest="PASSED",
            DeviceAuthStatus="SUCCESS",
        ),
        section("Tenant Details", TenantName="Contoso", TenantId=m.id("tenant contoso.com")),
        section("User State", NgcSet="YES", WorkplaceJoined="NO", WamDefaultSet="YES"),
        section(
            "SSO State",
            AzureAdPrt="NO",
            AcquirePrtDiagnostics="PRESENT",
            Previous_Prt_Attempt="2025-11-23 14:02:20.401 UTC",
            Attempt_Status="0xc00000d0",
            User_Identity="robin@oldname.example",
            Credential_Type="Password",
            HTTP_Method="POST",
            HTTP_Error="0x0",
            HTTP_status="400",
            Server_Error_Code="invalid_request",
            Server_Error_Description=SAYS,
        ),
    )
    return m.as_collection(folder)
