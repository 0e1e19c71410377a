"""A hardened image has TLS 1.2 and 1.3 switched off for clients."""

from __future__ import annotations

from pathlib import Path

import cases.outside_eight  # noqa: F401  (its channel)
from cases.outside import CACHE, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine(
        "tls-taken-from-the-image", at(2026, 1, 20, 10, 0), name="DESKTOP-QH7T2RD", serial="WS-6023-C"
    )
    lived(m, 25)
    boot(m, -4)
    query(m, 0)
    for k in range(4):
        m.event("tls", 0.1 + k, 36871, 2, Type="client", ErrorState=10013)
        m.event("autopilot", 0.2 + k, 710, 2, HRESULT=Code(0x80072F7D), Message1="https://login.live.com")
        m.event(
            "autopilot",
            0.201 + k,
            706,
            3,
            HRESULT=Code(0x80072F7D),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
    m.event(
        "autopilot", 4, 707, 2, HRESULT=Code(0x80072F7D), Message1="DdsZtdPolicyManager", Message2=m.id("cv")
    )
    m.event("autopilot", 4.01, 153, InitialState=0, UpdateState=1)
    m.event("autopilot", 4.02, 314, 3)
    m.event("shell", 5, 62404, CXID="OobeIDPS")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    base = r"system\currentcontrolset\control\securityproviders\schannel\protocols"
    for version in ("1.2", "1.3"):
        m.key(rf"{base}\TLS {version}\Client", Enabled=0, DisabledByDefault=1)
    return m.as_zip(folder)
