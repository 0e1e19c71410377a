"""A domain PC of 1809 whose background task looks for a service connection point in vain."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import DAY, HOUR, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "domain-pc-1809",
        utc(2019, 9, 2, 5, 50),
        build="17763.737",
        name="WS-0442.corp.adatum.example",
        first_name="WS-0442.corp.adatum.example",
        serial="ADT-0442",
        domain="adatum.example",
        zone="Europe/Vienna",
    )
    path = r"%windir%\provisioning\Autopilot\AutopilotConfigurationFile.json"
    for n in range(12):
        t = n * 2 * DAY
        stages.boot(d, t)
        d.event(
            "old-autopilot",
            t + 0.3,
            310,
            Message1=path,
            Message2=path.replace("%windir%", r"C:\WINDOWS"),
            Message3="Default",
        )
        d.event("old-autopilot", t + 0.3, 100, 3, Message1="CloudAssignedOobeConfig")
        d.event("old-autopilot", t + 0.6, 164)
        d.event("join", t + 1, 4096)
        d.event(
            "join",
            t + 1.1,
            331,
            DebugOutput="preCheckResult: DoNotJoin\r\nisPrivateKeyFound: undefined\r\nisJoined: undefined",
        )
        if n % 3 == 0:
            d.event("join", t + 1.3, 307, 2, ExitCode=-2145648611)
            d.event(
                "join",
                t + 1.4,
                304,
                2,
                ExitCode=-2145648611,
                ServerErrorMessage="",
                TenantType="Managed",
                JoinType="Join",
                DebugOutput="joinMode: Join\r\ndrsInstance: undefined\r\nregistrationType: undefined\r\n"
                "tenantType: undefined\r\ntenantId: undefined\r\nerrorPhase: discover",
            )
        else:
            d.event("join", t + 1.2, 334, 3)
        stages.shutdown(d, t + 8 * HOUR, "power off", r"C:\Windows\System32\RuntimeBroker.exe")
    d.collected = 24 * DAY
    return d.as_folder(folder)
