"""A domain PC with a work account: the agent is installed and takes itself off again."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg
from cases.outside import Machine, at
from cases.outside_noise import days
from cases.outside_stages import boot, enrol

PRODUCT = "Microsoft Intune Management Extension"


def build(folder: Path) -> Path:
    m = Machine(
        "agent-goes-away-on-a-registered-pc",
        at(2019, 3, 20, 8, 0),
        build="17763.379",
        name="WS-7109.corp.contoso.com",
        fresh="WS-7109.corp.contoso.com",
        serial="WS-7109-X",
    )
    boot(m, -5)
    enrol(m, 2)
    for n in range(3):
        t = 10 + n * 90.0
        m.event("installer", t, 11707, plain=[f"Product: {PRODUCT} -- Installation completed successfully."])
        m.event(
            "installer", t + 0.1, 1033, plain=[PRODUCT, "1.18.120.0", "1033", "0", "Microsoft Corporation"]
        )
        m.event("installer", t + 22, 11724, plain=[f"Product: {PRODUCT} -- Removal completed successfully."])
        m.event(
            "installer", t + 22.1, 1034, plain=[PRODUCT, "1.18.120.0", "1033", "0", "Microsoft Corporation"]
        )
    days(m, 1, 2)
    m.text(
        "dsregcmd.txt",
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="NO",
                EnterpriseJoined="NO",
                DomainJoined="YES",
                DomainName="CORP",
            ),
            dsreg.section("User State", NgcSet="NO", WorkplaceJoined="YES", WamDefaultSet="NO"),
            dsreg.section("SSO State", AzureAdPrt="NO", EnterprisePrt="NO"),
            dsreg.section(
                "Work Account 1",
                WorkplaceDeviceId=m.id("workplace"),
                WorkplaceIdp="login.windows.net",
                WorkplaceTenantId=m.id("tenant contoso.com"),
                WorkplaceTenantName="Contoso",
                WorkplaceMdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
            ),
        ),
    )
    return m.as_folder(folder)
