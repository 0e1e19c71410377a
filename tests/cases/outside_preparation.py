"""Device preparation (v2): the device's side of a run without a profile."""

from __future__ import annotations

from cases.outside import AGENT, CACHE, SETTINGS, Code, Machine, compact
from cases.outside_agent import says
from cases.outside_page import PRODUCT, msi
from cases.outside_stages import boot, empty, enrol, join


def begins(m: Machine) -> float:
    """All goes well until the agent is there; returns the minute its work begins."""
    boot(m, -4)
    empty(m, 0)
    m.key(CACHE, AutopilotDevicePrepHint=11)
    join(m, 2.2)
    enrol(m, 3)
    m.event("join", 3.5, 243)
    msi(m, 3.6, PRODUCT, "IntuneWindowsAgent.msi")
    result(m, 4.8, 400, 0x8000000A, agent=0, page=0)
    says(
        m,
        5,
        "EMS Agent Started",
        "Agent version is: 1.103.104.0",
        "[APv2] Checking if device is in APv2 mode.",
        "[APv2] Found DevicePrepHintValue = 11.",
        "[APv2] Device is in APv2 mode: True.",
        log="IntuneManagementExtension",
    )
    key = rf"{SETTINGS}\DevicePreparation\BootstrapperAgent"
    m.key(key, ExecutionContext=compact({"PolicyId": m.id("policy"), "Providers": ["SLDM", "Sidecar"]}))
    return 6.0


def result(m: Machine, t: float, number: int, overall: int, *, agent: int, page: int) -> None:
    """What the page's host writes about itself and the agent."""
    fields = {"DisplayPageResult": Code(page), "AgentResult": Code(agent), "OverallResult": Code(overall)}
    if number == 400:
        m.event("autopilot", t, number, ChangeType=1, **fields)
    else:
        m.event("autopilot", t, number, **fields, ConsecutiveHostFailures=0, ConsecutiveAgentFailures=0)


def progress(m: Machine, *work: tuple[str, int, int]) -> None:
    """How far each workload came: name, state, code."""
    rows = [
        {
            "WorkloadId": "SLDM" if name == "Policies" else m.id(name),
            "FriendlyName": name,
            "WorkloadState": state,
            "ErrorCode": code,
        }
        for name, state, code in work
    ]
    m.key(rf"{AGENT}\Win32Apps\ProvisioningProgress", ProvisioningProgress=compact({"Workloads": rows}))
