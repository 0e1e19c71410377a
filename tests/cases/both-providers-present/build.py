"""A co-managed device with both providers: nothing waits."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "both-providers-present",
        utc(2026, 4, 22, 7, 0),
        build="26100.6584",
        name="WT-2119",
        serial="WT-2119-B",
        domain="wingtip.example",
    )
    deployment.whole(d)
    for scope in ("Device", d.sid()):
        d.key(rf"{stages.TRACKING}\{scope}\Setup\Apps\PolicyProviders\ConfigMgr", TrackingPoliciesCreated=1)
    d.key(
        rf"{stages.TRACKING}\Device\DevicePreparation\PolicyProviders\ConfigMgr",
        InstallationState=3,
        LastError=0,
        Timeout=15,
    )
    return d.as_zip(folder)
