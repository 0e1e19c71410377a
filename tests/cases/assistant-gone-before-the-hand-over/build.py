"""Pre-provisioned; a policy of the technician part disables the sign-in assistant, and the user meets other pages."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, TRACKING, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number, service_off
from cases.outside_noise import lived
from cases.outside_page import GOOD, ready, state
from cases.outside_stages import boot, halt, query


def build(folder: Path) -> Path:
    m = Machine(
        "assistant-gone-before-the-hand-over",
        at(2026, 3, 10, 9, 0),
        build="22631.5335",
        name="WS-6030",
        serial="WS-6030-K",
    )
    t = ready(m, "seal", apps=1)
    policy_number(m, t + 0.3, "Accounts", "AllowMicrosoftAccountSignInAssistant", 0)
    service_off(m, "wlidsvc")
    announced(m, t + 0.5, "Archive Tool")
    app(m, t + 0.7, "Archive Tool")
    state(
        m,
        "DeviceSetup",
        "succeeded",
        **GOOD,
        Apps=("succeeded", "Apps (1 of 1 installed)"),
        SaveWhiteGloveSuccessResult=("succeeded", "Saved"),
    )
    m.page(t + 5, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    halt(m, t + 7)
    u = 2 * DAY
    boot(m, u)
    query(m, u + 1)
    m.event("autopilot", u + 1.1, 154, 2, HRESULT=Code(0x80070422))
    for k in range(4):
        m.event(
            "autopilot",
            u + 1.2 + k,
            710,
            2,
            HRESULT=Code(0x80070422),
            Message1="https://ztd.dds.microsoft.com",
        )
        m.event(
            "autopilot",
            u + 1.21 + k,
            706,
            3,
            HRESULT=Code(0x80070422),
            Message1="DdsZtdPolicyManager",
            Message2="",
        )
    m.event(
        "autopilot", u + 5.3, 707, 2, HRESULT=Code(0x80070422), Message1="DdsZtdPolicyManager", Message2=""
    )
    for n, name in enumerate(("OobeEula", "OobeLocalAccount")):
        m.event("shell", u + 6 + n, 62404, CXID=name)
    lived(m, u + 20)
    return m.as_zip(folder)
