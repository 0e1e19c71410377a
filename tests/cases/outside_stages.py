"""The stages of a deployment, record by record, as the pages on genuine files describe them."""

from __future__ import annotations

from cases.outside import (
    AUTOPILOT,
    CACHE,
    ENROLMENTS,
    MSI,
    SETTINGS,
    TRACKING,
    Code,
    Machine,
    Signed,
    compact,
)

SERVICE_FILE = r"C:\Windows\ServiceState\wmansvc\AutopilotDDSZTDFile.json"
BITS = {"user": 1310, "hybrid": 1310, "self": 1406, "seal": 1310}
PRODUCT = "{7D2F1C5A-3B66-4E0B-9F1E-0A5C2B7D4E31}"
PARTS = ("SecurityPolicies", "Certificates", "NetworkConnections", "Apps")
GOOD = {
    "SecurityPolicies": ("succeeded", "Security policies (1 of 1 applied)"),
    "Certificates": ("succeeded", "Certificates (1 of 1 applied)"),
    "NetworkConnections": ("succeeded", "Network connections (1 of 1 added)"),
}


def boot(m: Machine, t: float, *, crashed: bool = False) -> None:
    """One start of Windows."""
    build, revision = m.build.split(".")
    if crashed:
        m.event("power", t + 0.05, 41, 1, BugcheckCode=0, PowerButtonTimestamp="0")
        m.event("eventlog", t + 0.06, 6008, 2, plain=["07:11:40", "7/1/2026", "", "", "1190"])
    m.event("eventlog", t, 6009, plain=["10.00.", build, "", "Multiprocessor Free", "0"])
    m.event("eventlog", t + 0.001, 6005, plain=[""])
    m.event(
        "kernel",
        t + 0.002,
        12,
        MajorVersion=10,
        MinorVersion=0,
        BuildVersion=int(build),
        QfeVersion=int(revision),
    )
    m.event("power", t + 0.1, 105, AcOnline=True, RemainingCapacity=0, FullChargeCapacity=0)
    m.event("tpm", t + 0.2, 1282)


def halt(
    m: Machine, t: float, why: str = "power off", process: str = r"C:\Windows\System32\RuntimeBroker.exe"
) -> None:
    """An orderly shutdown or restart."""
    m.event(
        "user32",
        t,
        1074,
        plain=[f"{process} ({m.name})", m.name, "Other (Unplanned)", "0x0", why, "", "SYSTEM"],
    )
    m.event("eventlog", t + 0.05, 6006, plain=[""])
    m.event("kernel", t + 0.1, 13)


def query(m: Machine, t: float) -> None:
    """The network is there and the deployment service is asked."""
    if m.eleven:
        m.event("autopilot", t, 286)
        m.event("autopilot", t + 0.001, 285)
    m.event(
        "net",
        t,
        10000,
        Name="Network",
        Description="Network",
        Guid="{" + m.id("net") + "}",
        Type=0,
        State=9,
        Category=0,
    )
    m.event("autopilot", t + 0.02, 705, Message1="DdsZtdPolicyManager")
    m.event("autopilot", t + 0.03, 164)


def answered(m: Machine, t: float, state: int) -> None:
    """The answer is stored, whatever it holds."""
    m.event(
        "autopilot", t, 703 if state == 3 else 704, 4 if state == 3 else 3, Message1="DdsZtdPolicyManager"
    )
    m.event("autopilot", t + 0.0005, 702, Message1=SERVICE_FILE)
    m.event("autopilot", t + 0.001, 161)
    m.event("autopilot", t + 0.0015, 153, InitialState=0, UpdateState=state)
    m.event("autopilot", t + 0.002, 170)


def empty(m: Machine, t: float) -> None:
    """A query that is answered, without a profile; the cache says so."""
    query(m, t)
    answered(m, t + 0.1, 1)
    m.event("autopilot", t + 0.2, 162)
    m.event("autopilot", t + 0.21, 100, 3, Message1="CloudAssignedTenantDomain")
    server = compact(
        {
            "ZeroTouchConfig": {
                "CloudAssignedTenantUpn": "",
                "CloudAssignedTenantDomain": "",
                "ForcedEnrollment": 0,
            }
        }
    )
    kept = {"AutopilotCreationDate": f"{m.clock(t):%Y-%m-%dT%H:%M:%SZ}", "AutopilotUpdateTimeout": 1800000}
    m.key(CACHE, PolicyJsonCache=compact({**kept, "CloudAssignedAadServerData": server}), ProfileAvailable=0)
    m.key(
        AUTOPILOT,
        IsAutoPilotDisabled=0,
        CloudAssignedTenantDomain="",
        CloudAssignedTenantId="",
        DeploymentProfileName="",
    )
    m.text(
        "AutopilotDDSZTDFile.json",
        compact({"PolicyDownloadDate": f"{m.clock(t):%Y-%m-%dT%H:%M:%SZ}"}),
        "utf-16",
    )


def profile(
    m: Machine, t: float, mode: str = "user", *, tenant: str = "", name: str = "Staff laptops"
) -> None:
    """A profile comes and is used."""
    domain = tenant or m.domain
    query(m, t)
    answered(m, t + 0.1, 3)
    bits, hybrid = BITS[mode], int(mode == "hybrid")
    if mode == "seal":
        m.event("service", t + 0.25, 509, UInt1=1)
    m.event("autopilot", t + 0.3, 100, 3, Message1="CloudAssignedLanguage")
    m.event("autopilot", t + 0.301, 101, Message1="CloudAssignedOobeConfig", Int1=bits)
    m.event("autopilot", t + 0.302, 101, Message1="CloudAssignedDomainJoinMethod", Int1=hybrid)
    m.event("autopilot", t + 0.303, 103, Message1="CloudAssignedTenantDomain", Message2=domain)
    m.event("autopilot", t + 0.304, 109, Message1="AUTOPILOT_OOBE_SETTINGS_SKIP_EULA", Message2="1")
    m.event("autopilot", t + 0.305, 111)
    server = compact(
        {
            "ZeroTouchConfig": {
                "CloudAssignedTenantUpn": "",
                "CloudAssignedTenantDomain": domain,
                "ForcedEnrollment": 1,
            }
        }
    )
    kept = {
        "PolicyDownloadDate": f"{m.clock(t):%Y-%m-%dT%H:%M:%SZ}",
        "AutopilotMode": int(mode == "self"),
        "CloudAssignedAadServerData": server,
        "CloudAssignedDomainJoinMethod": hybrid,
        "CloudAssignedOobeConfig": bits,
        "CloudAssignedTenantDomain": domain,
        "CloudAssignedTenantId": m.id(f"tenant {domain}"),
        "CloudAssignedDeviceName": "WS-%RAND:4%",
        "DeploymentProfileName": name,
    }
    m.key(CACHE, PolicyJsonCache=compact(kept), ProfileAvailable=1)
    m.key(
        AUTOPILOT,
        IsAutoPilotDisabled=0,
        CloudAssignedTenantDomain=domain,
        CloudAssignedTenantId=m.id(f"tenant {domain}"),
        CloudAssignedOobeConfig=bits,
        CloudAssignedForcedEnrollment=1,
        DeploymentProfileName=name,
        TenantMatched=1,
    )
    m.key(rf"{AUTOPILOT}\EstablishedCorrelations", ZtdRegistrationId=m.id("ztd"), EntDMID=m.id("entdm"))
    m.text("AutopilotDDSZTDFile.json", compact(kept), "utf-16")


def screen(m: Machine, t: float, name: str, value: object = "") -> None:
    """One event of OOBE's web pages as they are written, a word or a number."""
    m.event("shell", t, 62407, Name=name, Value=str(value))


def ask_join(m: Machine, t: float, kind: int = 1, *, token: bool = True) -> None:
    """Sign-in, discovery, the request: all that comes before the service answers."""
    word = {1: "DEVICE", 8: "DEVICE_UNJOIN"}[kind]
    if kind == 1 and token:
        m.event(
            "join",
            t,
            323,
            AccountProvider="https://login.windows.net",
            Scope="",
            Client="",
            Authority="organizations",
            Resource="https://enrollment.manage.microsoft.com/",
            CorrelationId=m.id(f"token {t}"),
        )
        m.event("join", t + 0.05, 325, CorrelationId=m.id(f"token {t}"))
    m.event("join", t + 0.1, 100)
    m.event("join", t + 0.12, 101, ServerMessage="")
    m.event(
        "join", t + 0.15, 102, JoinRequestType=Signed(kind), JoinRequestTypeSymbolicName=word, Domain=m.domain
    )


def join(m: Machine, t: float, *, token: bool = True) -> None:
    """The device joins Entra."""
    ask_join(m, t, token=token)
    m.event("join", t + 0.16, 103, AuthToken="")
    m.event("join", t + 0.24, 104, ServerResponse=compact({"Certificate": {}}), ActivityId=m.id(f"join {t}"))
    m.event("join", t + 0.3, 105)
    m.event("join", t + 0.301, 106)
    base = r"system\currentcontrolset\control\clouddomainjoin"
    m.key(
        rf"{base}\JoinInfo\{m.id('thumb').replace('-', '').upper()}00000000",
        TenantId=m.id(f"tenant {m.domain}"),
        UserEmail=m.upn,
    )


def leave(m: Machine, t: float) -> None:
    """The device leaves Entra again."""
    ask_join(m, t, 8)
    m.event(
        "join",
        t + 0.2,
        104,
        ServerResponse=compact({"AttestationResult": {"KeyId": m.id("key")}}),
        ActivityId=m.id(f"leave {t}"),
    )


def ask_enrol(m: Machine, t: float) -> None:
    for n, number in enumerate((4, 6, 8)):
        m.event("enrol", t + n * 0.05, number)


def enrol(m: Machine, t: float) -> None:
    """The device is enrolled."""
    ask_enrol(m, t)
    for n, number in enumerate((10, 16, 58, 72)):
        m.event("enrol", t + 0.2 + n * 0.05, number)
    sync(m, t + 0.45)
    for n, kind in enumerate((1, 0x0B, 0x12)):
        m.key(rf"{ENROLMENTS}\{m.id(f'placeholder {n}').upper()}", EnrollmentState=1, EnrollmentType=kind)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}",
        EnrollmentState=1,
        EnrollmentType=6,
        ProviderID=m.provider,
        UPN=m.upn,
        AADTenantID=m.id(f"tenant {m.domain}"),
        DiscoveryServiceFullURL="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
    )
    first_sync(m, 60)


def first_sync(m: Machine, minutes: int, **values) -> None:
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}\FirstSync",
        **{
            "SkipDeviceStatusPage": 0,
            "SkipUserStatusPage": 0,
            "SyncFailureTimeout": minutes,
            "BlockInStatusPage": 3,
            "ServerHasFinishedProvisioning": 1,
            "IsSyncDone": 0,
            "WasDeviceSuccessfullyProvisioned": 2,
            **values,
        },
    )


def refused(m: Machine, t: float, code: int, fault: str, reason: str) -> None:
    """The management service refuses the device."""
    ask_enrol(m, t)
    m.event("enrol", t + 0.3, 11, 2, HRESULT=Code(code))
    m.event("enrol", t + 0.301, 52, 2, Message1=fault, Message2=reason)
    m.event("enrol", t + 0.302, 59, 2, Message1=f"TraceId={m.id(f'trace {t}')}")
    m.event("enrol", t + 0.303, 71, 2, HRESULT=Code(code))


def sync(m: Machine, t: float, code: int = 0) -> None:
    """One session with the management service."""
    m.event(
        "sync",
        t,
        208,
        Message1=m.enrolment,
        Message2="https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx",
        Message3="4.0",
        Message4="1.2",
        HexInt1=Code(0),
        HexInt2=Code(0),
        HexInt3=Code(0),
        HexInt4=Code(0),
        UInt1=1,
        UInt2=0,
    )
    m.event("sync", t + 0.1, 209, HRESULT=Code(code))


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


def attest(m: Machine, t: float) -> None:
    """Securing the hardware begins."""
    m.event("autopilot", t, 178, Int1=0)
    m.event("autopilot", t + 0.01, 179, State=1)
    m.event("autopilot", t + 0.02, 151)
    m.event("autopilot", t + 0.1, 190)
    m.event("autopilot", t + 0.11, 250)


def attested(m: Machine, t: float) -> None:
    """The hardware is secured, the device joined by its own token and enrolled."""
    attest(m, t)
    m.event("autopilot", t + 0.8, 208)
    m.event("autopilot", t + 0.9, 205)
    m.event("autopilot", t + 0.91, 251, HRESULT=Code(0), UInt1=48000000, UInt2=600000)
    m.event("autopilot", t + 0.92, 169)
    m.event("autopilot", t + 0.93, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", t + 1.0, 179, State=3)
    join(m, t + 1.1, token=False)
    m.event("autopilot", t + 1.5, 181, State=3, HRESULT=Code(0))
    m.event("autopilot", t + 1.6, 179, State=6)
    enrol(m, t + 1.7)
    m.event("autopilot", t + 2.3, 181, State=6, HRESULT=Code(0))
    m.event("autopilot", t + 2.31, 303, State=7)


def not_attested(m: Machine, t: float, code: int, *, tries: int = 5, wait: float = 1.0) -> float:
    """Attestation fails until its tries are used up; returns the minute of the end."""
    attest(m, t)
    for n in range(tries):
        m.event(
            "autopilot",
            t + 0.5 + n * wait,
            192,
            3,
            HRESULT=Code(code),
            WaitMs=Signed(30000),
            AttemptNumber=Signed(n + 1),
            MaxAttempts=Signed(tries),
        )
    end = t + 0.5 + tries * wait
    m.event("autopilot", end, 189, 2)
    m.event("autopilot", end + 0.001, 171, 2, HRESULT=Code(code))
    m.event("autopilot", end + 0.002, 172, 2, HRESULT=Code(code))
    m.event("autopilot", end + 0.01, 180, 2, State=1, HRESULT=Code(code))
    m.event("autopilot", end + 0.02, 301, 2, State=1, HRESULT=Code(code))
    return end


def chip(m: Machine, maker: str, full: str, version: str, *, ready: bool = True, extra: str = "") -> None:
    """What the TPM area of the collector prints."""
    m.text(
        "TpmHliInfo_Output.txt",
        f"-TPM Present: True\n-TPM Version: 2.0\n-TPM Manufacturer ID: {maker}\n-TPM Manufacturer Full Name: {full}\n"
        f"-TPM Manufacturer Version: {version}\n-PPI Version: 1.3\n-Is Initialized: True\n-Ready For Storage: True\n"
        f"-Ready For Attestation: {ready}\n-Is Capable For Attestation: {ready}\n-Clear Needed To Recover: False\n"
        f"-TPM Has Vulnerable Firmware: False\n{extra}",
    )


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
