"""Hybrid: the connector finds an older computer account of the same name and may not use it again."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "computer-name-may-not-be-used-again",
        at(2026, 2, 24, 10, 0),
        name="DESKTOP-QH7T2RD",
        serial="WS-3303-T",
        zone="Europe/Rome",
    )
    lived(m, 60)
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    m.event("dm", 3.7, 109, HexInt1=Code(1))
    m.event("dm", 28.7, 110, HexInt1=Code(3))
    m.event("shell", 3.8, 62404, CXID="OobeDomainJoin")
    screen(m, 28.9, "CDJUIError", "80070774")
    screen(m, 28.91, "CDJUIShowPage", "idErrorPage")
    said = {
        "Metric": {
            "Dimensions": {
                "RequestId": m.id("request"),
                "DeviceId": m.id("device"),
                "DomainName": "corp.contoso.com",
                "ErrorCode": "2732",
                "RetryCount": "1",
                "ErrorDescription": "Failed to get the ODJ Blob.",
                "InstanceId": m.id("instance"),
                "DiagnosticCode": "0x00000800",
                "DiagnosticText": 'Failed to get the ODJ Blob. [Exception Message: "Failed to call NetProvisionComputerAccount"] '
                '[Exception Message: "An account with the same name exists in Active Directory. Re-using the account was blocked '
                'by security policy."]',
            },
            "Name": "RequestOfflineDomainJoinBlob_Failure",
            "Value": 0,
        }
    }
    m.named = 0
    m.name = "ODJ-SRV-2"
    for n in range(3):
        m.event("connector", 4 + n * 6, 30132, 2, **{"#0": compact(said)})
    m.name = "DESKTOP-QH7T2RD"
    return m.as_folder(folder)
