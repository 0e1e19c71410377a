"""The enrollment status page: its parts, its agent, its ends, and a whole deployment around it."""

from __future__ import annotations

from cases.outside import ENROLMENTS, MSI, SETTINGS, TRACKING, Code, Machine, compact
from cases.outside_hardware import attested
from cases.outside_stages import boot, enrol, first_sync, join, profile, sync

PRODUCT = "{7D2F1C5A-3B66-4E0B-9F1E-0A5C2B7D4E31}"
PARTS = ("SecurityPolicies", "Certificates", "NetworkConnections", "Apps")
GOOD = {
    "SecurityPolicies": ("succeeded", "Security policies (1 of 1 applied)"),
    "Certificates": ("succeeded", "Certificates (1 of 1 applied)"),
    "NetworkConnections": ("succeeded", "Network connections (1 of 1 added)"),
}


def part(m: Machine, t: float, category: str, *parts: str) -> None:
    for n, name in enumerate(parts or PARTS):
        m.page(
            t + n * 0.001,
            "CommercialOOBE_BootstrapStatusCategory_SubcategoryProcessing_Started",
            f"BootstrapStatus: {category}.{name}Subcategory",
        )


def state(m: Machine, name: str, state: str, message: str = "", **parts: tuple[str, str]) -> None:
    """What the page keeps about a category."""
    shown = {
        "succeeded": (True, "Complete"),
        "failed": (False, "Error"),
        "inProgress": (None, "Working on it..."),
    }
    good, said = shown.get(state, (None, "Previous step failed"))
    status: dict = {
        "categoryState": state,
        "categorySucceeded": good,
        "categoryStatusMessage": message or said,
    }
    for sub, (sub_state, words) in parts.items():
        status[f"{name}.{sub}Subcategory"] = {"subcategoryState": sub_state, "subcategoryStatusText": words}
    m.set(SETTINGS, f"{name}Category.Status", compact(status))


def msi(m: Machine, t: float, product: str, file: str, *, minutes: float = 1.0, code: int = 0) -> None:
    """A line-of-business MSI of the management client."""
    url = f"https://content.example.com/{file}"
    m.event("dm", t, 1905, Message1=product, Message2=m.enrolment, Message3=url)
    m.event("dm", t + 0.2, 1906, Message1=product, Message2=m.enrolment, Message3=url)
    m.event("dm", t + 0.25, 1920, Message1=product, Message2=m.enrolment)
    if code:
        m.event(
            "dm",
            t + minutes,
            1924,
            2,
            Message1=rf"C:\Windows\system32\config\systemprofile\AppData\Local\mdm\{product}.log",
            Message2="/qn",
            Message3=product,
            Message4=m.enrolment,
            HRESULT=Code(code),
        )
    else:
        m.event("dm", t + minutes, 1922, Message1=product, Message2=m.enrolment, HRESULT=Code(0))
    m.key(
        rf"{MSI}\{product}",
        Status=60 if code else 70,
        CurrentDownloadUrl=url,
        ProductVersion="1.0.0.0",
        LastError=code,
    )


def agent_comes(m: Machine, t: float, apps: int = 2) -> None:
    """Device preparation: the Intune agent is installed and answers for its apps."""
    part(m, t, "DevicePreparation", "PolicyProviders")
    if m.eleven:
        m.event("autopilot", t + 0.3, 287, Message1="Sidecar", Message2="DevicePreparation")
    msi(m, t + 0.4, PRODUCT, "IntuneWindowsAgent.msi")
    if m.eleven:
        m.event("autopilot", t + 1.5, 288, Message1="Sidecar", Message2="DevicePreparation")
        m.event("autopilot", t + 1.51, 293, Message1="Sidecar", Message2="DevicePreparation", Int1=apps)
    m.key(
        rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=3,
        LastError=0,
        Timeout=15,
    )
    m.key(rf"{TRACKING}\Device\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=1)
    state(m, "DevicePreparation", "succeeded")
    for n, words in enumerate(
        (
            "EMS Agent Started",
            "Agent version is: 1.101.109.0",
            "[APv2] Found DevicePrepHintValue = 0.",
            "[APv2] Device is in APv2 mode: False.",
        )
    ):
        m.line("IntuneManagementExtension", t + 1.5 + n * 0.001, words)


def device_setup(m: Machine, t: float) -> None:
    part(m, t, "DeviceSetup")
    sync(m, t + 0.02)
    for n, number in enumerate((36, 37, 38, 39)):
        fields = {
            "Message1": "Device",
            "Message2": "ScepRoot",
            "Message3": m.enrolment,
            "HexInt1": Code(0),
            "HexInt2": Code(0),
        }
        m.event("dm", t + 0.1 + n * 0.02, number, **(fields if number == 36 else {}))


def device_done(m: Machine, t: float, apps: int = 2) -> None:
    m.page(t, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    m.event("shell", t + 0.001, 62405, Result="success")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", f"Apps ({apps} of {apps} installed)"))


def account_setup(m: Machine, t: float, user: str = "") -> None:
    m.event("winlogon", t - 0.3, 7001, TSId=1, UserSid=m.sid(user))
    part(m, t, "AccountSetup")
    m.key(rf"{TRACKING}\{m.sid(user)}\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=1)


def account_done(m: Machine, t: float, user: str = "") -> None:
    m.page(t, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    m.event("shell", t + 0.001, 62405, Result="success")
    m.key(rf"{TRACKING}\{m.sid(user)}\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "AccountSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (No setup needed)"))
    first_sync(m, 60, IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}\FirstSync\{m.sid(user)}",
        IsSyncDone=1,
        ServerHasFinishedProvisioning=1,
        WasDeviceSuccessfullyProvisioned=1,
    )


def desktop(m: Machine, t: float) -> None:
    """Hello's snapshot, and OOBE has ended."""
    m.event("join", t, 358)
    m.event("shell", t + 0.1, 62405, Result="exitCxhSuccess")


def page_fails(m: Machine, t: float, where: str, code: int, *, timeout: bool = False) -> None:
    """The status page gives up at a part such as DeviceSetup.Apps."""
    kind = "DeviceConfigurationTimeOut" if timeout else "ApplicationsFailed"
    m.page(
        t, f"UnifiedEnrollment_ProvisioningProgressPage_{kind}", f"BootstrapStatus: {where}Subcategory", code
    )
    category, sub = where.split(".")
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0)
    if category == "DeviceSetup" and sub == "Apps" and not timeout:
        state(m, category, "failed", **GOOD, Apps=("failed", f"Apps (Error: 0x{code:08X})"))


def ready(m: Machine, mode: str = "user", *, apps: int = 2) -> float:
    """All goes well up to device setup; returns the minute it begins."""
    boot(m, -4)
    profile(m, 0, mode)
    if mode in ("self", "seal"):
        attested(m, 0.6)
    else:
        join(m, 2.2)
        enrol(m, 3)
    agent_comes(m, 4, apps)
    device_setup(m, 6)
    return 6.0


def finish(m: Machine, t: float, *, user: bool = True, apps: int = 2) -> float:
    """Device setup is done, then account setup, then the desktop; returns its minute."""
    device_done(m, t, apps)
    if not user:
        return t
    account_setup(m, t + 1)
    account_done(m, t + 3)
    desktop(m, t + 3.4)
    return t + 3.4
