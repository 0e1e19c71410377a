"""Device preparation: the Intune agent cannot be loaded."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, MSI, SETTINGS, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, enrol, join


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-agent-never-came",
        at(2026, 4, 23, 10, 0),
        name="WS-3928",
        serial="WS-3928-D",
        build="26100.6584",
    )
    lived(m, 60)
    boot(m, -4)
    empty(m, 0)
    m.key(CACHE, AutopilotDevicePrepHint=11)
    join(m, 2.2)
    enrol(m, 3)
    product = "{7D2F1C5A-3B66-4E0B-9F1E-0A5C2B7D4E31}"
    url = "https://naprodimedatapri.azureedge.net/IntuneWindowsAgent.msi"
    for n in range(4):
        w = 3.6 + n * 6
        m.event("dm", w, 1905, Message1=product, Message2=m.enrolment, Message3=url)
        m.event(
            "dm",
            w + 0.5,
            1907,
            2,
            Message1=product,
            Message2=m.enrolment,
            Message3=url,
            Message4="BITS",
            HRESULT=Code(0x80072EFD),
        )
    m.key(rf"{MSI}\{product}", Status=30, CurrentDownloadUrl=url, LastError=0x80072EFD)
    m.event(
        "autopilot",
        4.8,
        400,
        ChangeType=1,
        DisplayPageResult=Code(0),
        AgentResult=Code(0),
        OverallResult=Code(0x8000000A),
    )
    m.page(
        5,
        "DevicePrepPage_ProgressPercentage_CounterStarted",
        "DevicePrepPage: Starting page progress counter at 1 percent with 0 ms completed",
    )
    m.page(35, "DevicePrepPage_Timeout", "DevicePrepPage: page timed out", 0x800705B4)
    m.event(
        "autopilot",
        35.1,
        401,
        DisplayPageResult=Code(0x800705B4),
        AgentResult=Code(0x8000000A),
        OverallResult=Code(0x800705B4),
        ConsecutiveHostFailures=0,
        ConsecutiveAgentFailures=0,
    )
    boot_key = rf"{SETTINGS}\DevicePreparation\BootstrapperAgent"
    m.key(boot_key, ExecutionContext='{"PolicyId":"b7","Providers":["SLDM","Sidecar"]}')
    return m.as_cab(folder)
