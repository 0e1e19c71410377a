"""Hybrid: the connector may not create the computer."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, profile, screen


def build(folder: Path) -> Path:
    m = Machine("connector-may-not-write", at(2026, 1, 14, 9, 30), name="DESKTOP-QH7T2RD", serial="WS-3925-A")
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
                "ErrorCode": "5",
                "RetryCount": "1",
                "ErrorDescription": "Failed to get the ODJ Blob. The ODJ connector does not have sufficient privileges to complete the operation",
                "InstanceId": m.id("instance"),
                "DiagnosticCode": "0x00000800",
                "DiagnosticText": 'Failed to get the ODJ Blob. [Exception Message: "Failed to call NetProvisionComputerAccount"]',
            },
            "Name": "RequestOfflineDomainJoinBlob_Failure",
            "Value": 0,
        }
    }
    for n in range(4):
        m.named = 0
        m.name = "ODJ-SRV-1"
        m.event("connector", 4 + n * 5, 30132, 2, **{"#0": compact(said)})
    m.name = "DESKTOP-QH7T2RD"
    return m.as_folder(folder)
