"""All the policies that are known to break a deployment are there, with values that switch nothing off."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready

POLICIES = r"software\policies\microsoft"
TLS = r"system\currentcontrolset\control\securityproviders\schannel\protocols"
SERVICES = r"system\currentcontrolset\services"
SET = (
    ("Accounts", "AllowMicrosoftAccountSignInAssistant", 1),
    ("DeliveryOptimization", "DODownloadMode", 0),
    ("DeviceGuard", "LsaCfgFlags", 0),
    ("Authentication", "EnableWebSignIn", 0),
)


def build(folder: Path) -> Path:
    m = Machine(
        "policies-that-switch-nothing-off",
        at(2026, 4, 14, 7, 0),
        build="26100.8037",
        zone="Europe/Warsaw",
        name="WS-8313",
        serial="WS-8313-N",
    )
    t = ready(m)
    for n, (area, name, value) in enumerate(SET):
        policy_number(m, t + 0.2 + n * 0.01, area, name, value)
    m.key(r"software\microsoft\windows\currentversion\mdm", DisableRegistration=0)
    m.key(rf"{POLICIES}\windows\currentversion\mdm", AutoEnrollMDM=1, DisableRegistration=0)
    m.key(rf"{POLICIES}\windows\workplacejoin", autoWorkplaceJoin=1)
    m.key(rf"{POLICIES}\windows\appinstaller", EnableAppInstaller=1, EnableMicrosoftStoreSource=1)
    m.key(rf"{POLICIES}\windowsstore", RemoveWindowsStore=0)
    m.key(
        r"software\microsoft\windows\currentversion\policies\system",
        ConsentPromptBehaviorAdmin=5,
        ConsentPromptBehaviorUser=3,
        PromptOnSecureDesktop=1,
        EnableLUA=1,
        scforceoption=0,
        legalnoticecaption="",
        legalnoticetext="",
    )
    m.key(r"software\microsoft\windows nt\currentversion\winlogon", AutoAdminLogon="0", DefaultUserName="")
    m.key(rf"{TLS}\TLS 1.0\Client", Enabled=0, DisabledByDefault=1)
    m.key(rf"{TLS}\TLS 1.2\Client", Enabled=1, DisabledByDefault=0)
    for service, start in (("wlidsvc", 3), ("DoSvc", 2), ("DmEnrollmentSvc", 3), ("dmwappushservice", 3)):
        m.key(rf"{SERVICES}\{service}", Start=start, Type=0x20)
    announced(m, t + 0.5, "Archive Tool", "Contoso Reader")
    app(m, t + 0.7, "Archive Tool")
    app(m, t + 3.2, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_zip(folder)
