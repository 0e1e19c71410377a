"""Two weeks of a healthy office PC: Hello is off, and Windows says so at each sign-in."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, HOUR, Machine, Signed, at
from cases.outside_noise import days

NO = {
    "DeviceIsJoined": "Yes",
    "AADPrt": "Yes",
    "NgcPolicyEnabled": "No",
    "NgcPostLogonProvisioningEnabled": "Yes",
    "NgcHardwarePolicyMet": "Yes",
    "UserIsRemote": "No",
    "LogonCertRequired": "No",
    "MachinePolicySource": "none",
}


def build(folder: Path) -> Path:
    m = Machine(
        "hello-will-not-be-launched",
        at(2025, 3, 3, 7, 30),
        build="22631.5039",
        zone="Europe/Madrid",
        fresh="WS-6655",
        name="WS-6655",
        serial="WS-6655-O",
    )
    days(m, 0, 14)
    for day in range(14):
        t = day * DAY + (day * 11) % 37
        m.event("join", t + 1.8, 360, 3, Message="", **NO)
        m.event(
            "aad", t + 1.2, 1104, 2, API="Lookup name name from SID", Result=Signed(0xC000023C - (1 << 32))
        )
        m.event("aad", t + 1.3, 1104, 2, API="Plugin initialize", Result=Signed(0xC00484B2 - (1 << 32)))
        for n in range(2):
            m.event(
                "aad",
                t + 2 + n * 3 * HOUR,
                1098,
                2,
                Error=0xCAA82EE2,
                ErrorMessage="The request has timed out.",
                AdditionalInformation="Exception of type 'class HttpException' at xmlhttpwebrequest.cpp, line: 163",
            )
    m.drop("appx", "installer")
    return m.as_folder(folder)
