"""A pass that can be used once was used before a restart."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, Signed, at
from cases.outside_eighteen import aad, hum, two_good
from cases.outside_noise import lived
from cases.outside_page import device_done, ready
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine(
        "pass-that-can-be-used-once",
        at(2025, 6, 10, 7, 30),
        build="26100.4061",
        zone="Europe/Brussels",
        name="WS-1408",
        serial="WS-1408-T",
        user="lou",
    )
    lived(m, 52)
    t = ready(m)
    hum(m, t + 0.1)
    two_good(m, t)
    device_done(m, t + 6)
    m.event("dm", t + 1.0, 2800, Message1="./Device/Vendor/MSFT/Policy/Config/Update/ManagePreviewBuilds")
    halt(m, t + 6.4, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, t + 7.4)
    words = "AADSTS130507: Temporary Access Pass sign in was blocked due to User Credential Policy. The pass has already been used."
    for n in range(3):
        u = t + 9 + n * 3
        m.event(
            "aad",
            u,
            1081,
            2,
            Error="invalid_grant",
            ErrorDescription=f"{words} Trace ID: {m.id(f'tr{n}')} Correlation ID: {m.id(f'co{n}')} Timestamp: {m.clock(u):%Y-%m-%d %H:%M:%SZ}",
            CorrelationID=m.id(f"co{n}"),
        )
        aad(
            m,
            u + 0.01,
            0xCAA20003,
            "Authorization grant failed for this assertion.",
            f"Code: invalid_grant\nDescription: {words}\nTokenEndpoint: https://login.microsoftonline.com/common/oauth2/token",
        )
        m.event("aad", u + 0.02, 1104, 2, API="Logon with password", Result=Signed(0xC000006D - (1 << 32)))
    return m.as_zip(folder)
