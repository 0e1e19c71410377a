"""The join's own answer says in words what it misses."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "join-answer-device-quota",
        utc(2025, 3, 25, 14, 5),
        build="22631.5039",
        name="DESKTOP-4K7Q2LM",
        serial="CO-90909-K",
        renamed_at=1e9,
    )
    stages.boot(d, -1)
    stages.profile(d, 0)
    stages.join_request(d, 2, 1, "DEVICE")
    answer = (
        '{"code":"invalid_request","subcode":"error_devicequotaexceeded","message":"The maximum number of devices that can be '
        'joined to the workplace by the user has been reached.","operation":"DeviceJoin","requestid":"'
        + d.guid("request")
        + '","time":"2025-03-25 14:07:12Z"}'
    )
    d.event(
        "join",
        2.2,
        204,
        2,
        ExitCode=stages.signed(0x801C0003),
        ActivityId=d.guid("activity"),
        HttpStatus=400,
        ServerResponse=answer,
    )
    d.event("join", 2.25, 205, 2, ExitCode=stages.signed(0x801C0003))
    d.event("shell", 2.3, 62407, Name="CDJUIError", Value="801c0003")
    d.collected = 12
    return d.as_cabinet(folder)
