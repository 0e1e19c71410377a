"""The enrollment status page: its parts, its agent, its ends, and what it leaves in the registry."""

from __future__ import annotations

import json

from cases.building import Device, Hex32
from cases.stages import (
    ENROLMENT_KEY,
    PRODUCT,
    TRACKING,
    certificate,
    msi,
    session,
    shutdown,
    sign_in,
    signed,
)

PARTS = ("SecurityPolicies", "Certificates", "NetworkConnections", "Apps")


FINE = {
    "SecurityPolicies": ("succeeded", "Security policies (1 of 1 applied)"),
    "Certificates": ("succeeded", "Certificates (1 of 1 applied)"),
    "NetworkConnections": ("succeeded", "Network connections (No setup needed)"),
}


def part_starts(d: Device, t: float, category: str, *parts: str) -> None:
    """The status page begins parts of a category."""
    for n, part in enumerate(parts):
        said = {"message": f"BootstrapStatus: {category}.{part}Subcategory", "errorCode": 0}
        d.event(
            "shell",
            t + n * 0.001,
            62407,
            Name="CommercialOOBE_BootstrapStatusCategory_SubcategoryProcessing_Started",
            Value=json.dumps(said, separators=(",", ":")),
        )


def page(d: Device, t: float, name: str, message: str, code: int = 0) -> None:
    """One web event of OOBE."""
    said = {"message": message, "errorCode": signed(code)}
    d.event("shell", t, 62407, Name=name, Value=json.dumps(said, separators=(",", ":")))


def page_ends(d: Device, t: float) -> None:
    page(d, t, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    d.event("shell", t + 0.001, 62405, Result="success")


def page_fails(d: Device, t: float, part: str, code: int, *, timeout: bool = False) -> None:
    """The page gives up at a part such as DeviceSetup.Apps."""
    kind = "DeviceConfigurationTimeOut" if timeout else "ApplicationsFailed"
    page(
        d,
        t,
        f"UnifiedEnrollment_ProvisioningProgressPage_{kind}",
        f"BootstrapStatus: {part}Subcategory",
        code,
    )


def preparation(d: Device, t: float, apps: int = 2) -> None:
    """The page waits for the agent, which comes within two minutes."""
    part_starts(d, t, "DevicePreparation", "PolicyProviders")
    if d.number >= 22000:
        d.event("autopilot", t + 0.4, 287, Message1="Sidecar", Message2="DevicePreparation")
    msi(d, t + 0.6, PRODUCT, "https://content.example.com/IntuneWindowsAgent.msi", minutes=1.0)
    if d.number >= 22000:
        d.event("autopilot", t + 1.7, 288, Message1="Sidecar", Message2="DevicePreparation")
        d.event("autopilot", t + 1.7, 292, Message1="Sidecar", Message2="DevicePreparation")
        d.event("autopilot", t + 1.7, 293, Message1="Sidecar", Message2="DevicePreparation", Int1=apps)
    d.key(
        rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=3,
        LastError=0,
        Timeout=15,
        TrackedResourceTypes=["Apps"],
    )
    d.category("DevicePreparation", "succeeded")
    agent_starts(d, t + 1.7)


def agent_starts(d: Device, t: float, hint: int = 0, version: str = "1.101.109.0") -> None:
    said = (
        "EMS Agent Started",
        "OnStart, public cloud env.",
        f"Agent version is: {version}",
        "[APv2] Checking if device is in APv2 mode.",
        f"[APv2] Found DevicePrepHintValue = {hint}.",
        f"[APv2] Device is in APv2 mode: {bool(hint)}.",
    )
    for n, message in enumerate(said):
        d.line("IntuneManagementExtension", t + n * 0.0003, message, thread=4)


def device_setup(d: Device, t: float) -> None:
    """Device setup begins: policies, a certificate, the parts of the page."""
    part_starts(d, t, "DeviceSetup", *PARTS)
    session(d, t + 0.02)
    for n, (area, name, value) in enumerate(
        (("Defender", "AllowCloudProtection", 1), ("Update", "DeferQualityUpdatesPeriodInDays", 3))
    ):
        d.event(
            "admin",
            t + 0.05 + n * 0.001,
            813,
            Message1=name,
            Message2=area,
            Message3=d.enrollment,
            Message4="Device",
            HexInt1=Hex32(value),
            HexInt2=Hex32(6),
            HexInt3=Hex32(0),
        )
    certificate(d, t + 0.1)
    d.key(rf"{TRACKING}\Device\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=1)


def device_done(d: Device, t: float, apps: int = 2) -> None:
    page_ends(d, t)
    d.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    shown = f"Apps ({apps} of {apps} installed)" if apps else "Apps (No setup needed)"
    d.category("DeviceSetup", "succeeded", **FINE, Apps=("succeeded", shown))


def account_setup(d: Device, t: float, user: str = "") -> None:
    sign_in(d, t - 0.2, user)
    part_starts(d, t, "AccountSetup", *PARTS)
    d.key(rf"{TRACKING}\{d.sid(user)}\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=1)


def account_done(d: Device, t: float, user: str = "") -> None:
    page_ends(d, t)
    d.key(rf"{TRACKING}\{d.sid(user)}\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    d.category("AccountSetup", "succeeded", **FINE, Apps=("succeeded", "Apps (No setup needed)"))
    d.key(rf"{ENROLMENT_KEY}\{d.enrollment}\FirstSync", IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1)
    d.key(
        rf"{ENROLMENT_KEY}\{d.enrollment}\FirstSync\{d.sid(user)}",
        IsSyncDone=1,
        ServerHasFinishedProvisioning=1,
        WasDeviceSuccessfullyProvisioned=1,
    )


def sealed(d: Device, t: float) -> None:
    """The technician's part ends with the green page, and the device is shut down."""
    page(d, t, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    d.event("shell", t + 0.001, 62405, Result="success")
    d.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    shutdown(d, t + 2, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
