"""The service knows the device by another board."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "hardware-mismatch-908",
        utc(2025, 9, 29, 8, 50),
        build="26100.6584",
        name="DESKTOP-4K7Q2LM",
        serial="FAB-6613-N",
        domain="fabrikam.example",
    )
    answer = (
        '{"ErrorCode":908,"ErrorReason":"HardwareMarkerMismatch, SerialNumberMismatch, ProductKeyIdMismatch, '
        'MacAddressMismatch","PolicyDownloadDate":"2025-09-29T08:51:03Z",'
        '"PolicyDownloadCorrelationVector":"kWq7Zc5nYkC1.1.0"}'
    )
    stages.boot(d, -1)
    for t in (1, 30):
        stages.network(d, t - 0.5)
        d.event("autopilot", t, 705, Message1="DdsZtdPolicyManager")
        d.event("autopilot", t + 0.01, 164)
        d.event("autopilot", t + 0.05, 709, 3, HRESULT=Hex32(0x80190190), Message1=answer)
        d.event(
            "autopilot", t + 0.05, 702, Message1=r"C:\Windows\ServiceState\wmansvc\AutopilotDDSZTDFile.json"
        )
        d.event(
            "autopilot",
            t + 0.06,
            707,
            2,
            HRESULT=Hex32(0x80190190),
            Message1="DdsZtdPolicyManager",
            Message2="kWq7Zc5nYkC1.1.0",
        )
        d.event("autopilot", t + 0.06, 153, InitialState=0, UpdateState=1)
        d.event("autopilot", t + 0.07, 170)
        d.event("autopilot", t + 0.07, 314)
    stages.screen(d, 2, "OobeRegion")
    stages.screen(d, 4, "OobeKeyboard")
    stages.screen(d, 6, "OobeIDPS", None)
    stages.empty_keys(d)
    d.text("AutopilotDDSZTDFile.json", answer, "utf-16")
    d.collected = 50
    return d.as_cabinet(folder)
