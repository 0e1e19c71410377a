"""An existing device with a configuration file, Windows 10: all well, and nothing known of a registration."""

from __future__ import annotations

import json
from pathlib import Path

from cases import agent, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "offline-file-and-no-registration",
        utc(2023, 11, 7, 7, 30),
        build="19045.3570",
        name="ADT-2718",
        serial="ADT-2718-E",
        domain="adatum.example",
        zone="Europe/Vienna",
    )
    path = r"%windir%\provisioning\Autopilot\AutopilotConfigurationFile.json"
    file = {
        "Version": 2049,
        "CloudAssignedTenantId": d.tenant,
        "CloudAssignedTenantDomain": d.domain,
        "CloudAssignedOobeConfig": 1310,
        "CloudAssignedDomainJoinMethod": 0,
        "CloudAssignedForcedEnrollment": 1,
        "ZtdCorrelationId": d.guid("correlation"),
        "CloudAssignedDeviceName": "ADT-%RAND:4%",
        "Comment_File": "Profile Adatum existing devices",
    }
    d.text("AutopilotConfigurationFile.json", json.dumps(file, indent=1), "ascii")
    stages.boot(d, -1)
    stages.network(d, 0)
    d.event("autopilot", 0.05, 310, Message1=path, Message2=path.replace("%windir%", r"C:\Windows"))
    stages.query(d, 0.1, profile=False)
    stages.use_profile(d, 0.4)
    d.event("autopilot", 0.45, 103, Message1="ZtdCorrelationId", Message2=d.guid("correlation"))
    stages.empty_keys(d)
    d.key(
        stages.DIAGNOSTICS,
        CloudAssignedTenantDomain=d.domain,
        CloudAssignedTenantId=d.tenant,
        AadTenantId=d.tenant,
        TenantMatched=1,
        CloudAssignedForcedEnrollment=1,
        CloudAssignedOobeConfig=1310,
        ZtdCorrelationId=d.guid("correlation"),
    )
    stages.join(d, 2)
    stages.enrol(d, 3)
    status_page.preparation(d, 4, 1)
    status_page.device_setup(d, 6)
    agent.app(d, 6.2, "Archive Tool")
    status_page.device_done(d, 10, 1)
    status_page.account_setup(d, 11)
    status_page.account_done(d, 13)
    stages.desktop(d, 14)
    d.collected = 40
    return d.as_zip(folder)
