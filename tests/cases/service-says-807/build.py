"""The service itself says that it does not know the device."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "service-says-807",
        utc(2024, 11, 12, 9, 40),
        build="22631.4460",
        name="DESKTOP-4K7Q2LM",
        serial="TR-5560-H",
        domain="treyresearch.example",
    )
    answer = (
        '{"ErrorCode":807,"ErrorReason":"ZtdDeviceIsNotRegistered","PolicyDownloadDate":"2024-11-12T09:41:06Z",'
        '"PolicyDownloadCorrelationVector":"pX2m9LrT0Ee3.1.0"}'
    )
    stages.boot(d, -1)
    stages.network(d, 0.5)
    d.event("autopilot", 1, 286)
    d.event("autopilot", 1, 285)
    d.event("autopilot", 1, 705, Message1="DdsZtdPolicyManager")
    d.event("autopilot", 1.01, 164)
    d.event("autopilot", 1.1, 709, 3, HRESULT=Hex32(0x80190194), Message1=answer)
    d.event("autopilot", 1.1, 702, Message1=r"C:\Windows\ServiceState\wmansvc\AutopilotDDSZTDFile.json")
    d.event(
        "autopilot",
        1.11,
        707,
        2,
        HRESULT=Hex32(0x80190194),
        Message1="DdsZtdPolicyManager",
        Message2="pX2m9LrT0Ee3.1.0",
    )
    d.event("autopilot", 1.12, 153, InitialState=0, UpdateState=1)
    d.event("autopilot", 1.13, 170)
    d.event("autopilot", 1.2, 314)
    stages.screen(d, 3, "OobeRegion", minutes=2)
    stages.screen(d, 6, "OobeIDPS", None)
    stages.empty_keys(d)
    d.text("AutopilotDDSZTDFile.json", answer, "utf-16")
    d.collected = 25
    return d.as_zip(folder)
