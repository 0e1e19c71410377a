"""Device preparation goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, CACHE, SETTINGS, Code, Machine, at, compact
from cases.outside_agent import ended, kept, loads, looks, report, runs, says
from cases.outside_noise import lived
from cases.outside_page import desktop, msi
from cases.outside_stages import boot, empty, enrol, join


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-goes-well",
        at(2026, 5, 27, 8, 0),
        name="WS-3930",
        serial="WS-3930-F",
        build="26200.6725",
    )
    lived(m, 70)
    boot(m, -4)
    empty(m, 0)
    m.key(CACHE, AutopilotDevicePrepHint=11)
    join(m, 2.2)
    enrol(m, 3)
    msi(m, 3.6, "{7D2F1C5A-3B66-4E0B-9F1E-0A5C2B7D4E31}", "IntuneWindowsAgent.msi")
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
    says(
        m,
        5,
        "EMS Agent Started",
        "Agent version is: 1.101.109.0",
        "[APv2] Found DevicePrepHintValue = 11.",
        "[APv2] Device is in APv2 mode: True.",
        log="IntuneManagementExtension",
    )
    work = [{"WorkloadId": "SLDM", "FriendlyName": "Policies", "WorkloadState": 1, "ErrorCode": 0}]
    for n, name in enumerate(("Archive Tool", "Contoso Reader")):
        w = 8 + n * 3
        looks(m, w, name)
        loads(m, w + 0.1, name)
        runs(m, w + 0.8, name)
        ended(m, w + 2, 0)
        report(m, w + 2.1, name, 0, "Success")
        kept(m, name, exit_code=0, code=0, state=1000)
        work.append({"WorkloadId": m.id(name), "FriendlyName": name, "WorkloadState": 1, "ErrorCode": 0})
    m.key(rf"{AGENT}\Win32Apps\ProvisioningProgress", ProvisioningProgress=compact({"Workloads": work}))
    boot_key = rf"{SETTINGS}\DevicePreparation\BootstrapperAgent"
    m.key(boot_key, ExecutionContext='{"PolicyId":"b7","Providers":["SLDM","Sidecar"]}')
    m.set(boot_key, "ResumeContext.ProvisioningResult", "0")
    m.event(
        "autopilot",
        14,
        401,
        DisplayPageResult=Code(0),
        AgentResult=Code(0),
        OverallResult=Code(0),
        ConsecutiveHostFailures=0,
        ConsecutiveAgentFailures=0,
    )
    m.event("winlogon", 14.3, 7001, TSId=1, UserSid=m.sid())
    desktop(m, 15)
    return m.as_zip(folder)
