"""Device preparation: a required app fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, CACHE, SETTINGS, Code, Machine, at, compact
from cases.outside_agent import ended, kept, loads, looks, report, runs, says, wrapped
from cases.outside_noise import lived
from cases.outside_page import msi
from cases.outside_stages import boot, empty, enrol, join


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-app-fails",
        at(2026, 3, 26, 9, 0),
        name="WS-3927",
        serial="WS-3927-C",
        build="26100.6584",
    )
    lived(m, 45)
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
    for name, code in (("Archive Tool", 0), ("Payroll Agent", 1603)):
        w = 8 if code == 0 else 11
        looks(m, w, name)
        loads(m, w + 0.1, name)
        runs(m, w + 0.8, name)
        ended(m, w + 2, code)
        report(m, w + 2.1, name, wrapped(code), "Success" if code == 0 else "Error")
        kept(m, name, exit_code=code, code=wrapped(code), state=1000 if code == 0 else 5000)
    work = [
        {"WorkloadId": "SLDM", "FriendlyName": "Policies", "WorkloadState": 1, "ErrorCode": 0},
        {
            "WorkloadId": m.id("Archive Tool"),
            "FriendlyName": "Archive Tool",
            "WorkloadState": 1,
            "ErrorCode": 0,
        },
        {
            "WorkloadId": m.id("Payroll Agent"),
            "FriendlyName": "Payroll Agent",
            "WorkloadState": 4,
            "ErrorCode": -2147023293,
        },
        {
            "WorkloadId": m.id("Contoso Reader"),
            "FriendlyName": "Contoso Reader",
            "WorkloadState": 0,
            "ErrorCode": 0,
        },
    ]
    m.key(rf"{AGENT}\Win32Apps\ProvisioningProgress", ProvisioningProgress=compact({"Workloads": work}))
    boot_key = rf"{SETTINGS}\DevicePreparation\BootstrapperAgent"
    m.key(boot_key, ExecutionContext='{"PolicyId":"b7","Providers":["SLDM","Sidecar"]}')
    m.set(boot_key, "ResumeContext.ProvisioningResult", "2147944003")
    m.event(
        "autopilot",
        13.4,
        401,
        DisplayPageResult=Code(0x80070643),
        AgentResult=Code(0x80070643),
        OverallResult=Code(0x80070643),
        ConsecutiveHostFailures=0,
        ConsecutiveAgentFailures=0,
    )
    return m.as_zip(folder)
