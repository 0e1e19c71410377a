"""Account setup waits for an agent whose place another provider has taken."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import HOUR, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "waits-for-sidecar-of-the-user",
        utc(2026, 4, 21, 7, 0),
        build="26100.6584",
        name="WT-2118",
        serial="WT-2118-A",
        domain="wingtip.example",
    )
    t = deployment.until_setup(d, apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    status_page.device_done(d, t + 4, 1)
    stages.shutdown(d, t + 5)
    stages.boot(d, t + 7)
    status_page.account_setup(d, t + 10)
    providers = rf"{stages.TRACKING}\{d.sid()}\Setup\Apps\PolicyProviders"
    del d.registry[rf"HKEY_LOCAL_MACHINE\{providers}\Sidecar"]
    d.key(rf"{providers}\ConfigMgr", TrackingPoliciesCreated=1)
    d.key(rf"{stages.TRACKING}\Device\Setup\Apps\PolicyProviders\ConfigMgr", TrackingPoliciesCreated=1)
    d.category("AccountSetup", "inProgress", **status_page.FINE, Apps=("inProgress", "Apps (Identifying)"))
    for hour in range(4):
        stages.session(d, t + 20 + hour * HOUR)
    d.collected = t + 10 + 4 * HOUR
    return d.as_collection(folder)
