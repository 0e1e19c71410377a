"""The stages before the status page, record by record, as the pages on genuine files describe them."""

from __future__ import annotations

from cases.outside import AUTOPILOT, CACHE, ENROLMENTS, Code, Machine, Signed, compact

SERVICE_FILE = r"C:\Windows\ServiceState\wmansvc\AutopilotDDSZTDFile.json"
BITS = {"user": 1310, "hybrid": 1310, "self": 1406, "seal": 1310}


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
