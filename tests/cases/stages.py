"""What an ordinary device writes, stage by stage: the frame that a case's own fault stands in.

Ids, fields and orders are those of the event and registry pages: a query opens with 705 and 164, an answer is stored
with 702 and 161 whether it holds a profile or not, MDM enrolment is in its own channel since 24H2.
"""

from __future__ import annotations

import json

from cases.building import Device, Hex32

ENROLMENT_KEY = r"software\microsoft\enrollments"
TRACKING = r"software\microsoft\windows\autopilot\EnrollmentStatusTracking"
AGENT_KEY = r"software\microsoft\intunemanagementextension"
DEVICE = "00000000-0000-0000-0000-000000000000"
SETTINGS = r"software\microsoft\provisioning\AutopilotSettings"
CACHE = r"software\microsoft\provisioning\AutopilotPolicyCache"
DIAGNOSTICS = r"software\microsoft\provisioning\Diagnostics\AutoPilot"
MODES = {"user-driven": 1310, "self-deploying": 1406, "pre-provisioning": 1310, "hybrid": 1310}


def signed(code: int) -> int:
    """The signed decimal of an HRESULT."""
    return code - 0x100000000 if code > 0x7FFFFFFF else code


def boot(d: Device, t: float) -> None:
    build, revision = (int(part) for part in d.build.split("."))
    d.event(
        "kernel",
        t,
        12,
        MajorVersion=10,
        MinorVersion=0,
        BuildVersion=build,
        QfeVersion=revision,
        ServiceVersion=0,
        BootMode=0,
        StartTime=d.clock(t),
    )
    d.event("eventlog", t + 0.25, 6009, unnamed=["10.00.", str(build), "", "Multiprocessor Free", "0"])
    d.event("eventlog", t + 0.25, 6005, unnamed=[""])


def shutdown(d: Device, t: float, how: str = "restart", by: str = r"C:\Windows\System32\msoobe.exe") -> None:
    d.event(
        "user32",
        t,
        1074,
        param1=by,
        param2=d.name,
        param3="Operating System: Reconfiguration (Planned)",
        param4="0x80020004",
        param5=how,
        param6="",
        param7="NT AUTHORITY\\SYSTEM",
    )
    d.event("eventlog", t + 0.05, 6006, unnamed=[""])


def network(d: Device, t: float) -> None:
    d.event(
        "network",
        t,
        10000,
        Name="Network",
        Description="Network",
        Guid="{" + d.guid("network") + "}",
        Type=0,
        State=9,
        Category=0,
    )


def query(d: Device, t: float, *, profile: bool = True) -> None:
    """One look for a profile: a service that answers, with a profile or without."""
    if d.number >= 22000:
        d.event("autopilot", t, 286)
        d.event("autopilot", t, 285)
    d.event("autopilot", t + 0.01, 705, Message1="DdsZtdPolicyManager")
    d.event("autopilot", t + 0.02, 164)
    if d.number < 22631:
        d.event("autopilot", t + 0.03, 160)
    d.event("autopilot", t + 0.10, 703 if profile else 704, Message1="DdsZtdPolicyManager")
    d.event("autopilot", t + 0.10, 702, Message1=r"C:\Windows\ServiceState\wmansvc\AutopilotDDSZTDFile.json")
    d.event("autopilot", t + 0.11, 161)
    d.event("autopilot", t + 0.11, 153, InitialState=0, UpdateState=3 if profile else 1)
    d.event("autopilot", t + 0.12, 170)
    if not profile:
        d.event("autopilot", t + 0.4, 162)


def use_profile(d: Device, t: float) -> None:
    """OOBE reads the profile's settings."""
    d.event("autopilot", t, 100, 3, Message1="CloudAssignedLanguage")
    d.event("autopilot", t, 101, Message1="CloudAssignedForcedEnrollment", Int1=1)
    d.event("autopilot", t + 0.01, 103, Message1="CloudAssignedTenantDomain", Message2=d.domain)
    d.event("autopilot", t + 0.01, 103, Message1="DeploymentProfileName", Message2="Contoso standard")
    d.event("autopilot", t + 0.02, 109, Message1="AUTOPILOT_OOBE_SETTINGS_SKIP_EULA", Message2="1")
    d.event("autopilot", t + 0.02, 111)


def profile(d: Device, t: float, mode: str = "user-driven", *, registry: bool = True) -> None:
    """A profile comes and is used."""
    network(d, t)
    query(d, t + 0.1)
    use_profile(d, t + 0.4)
    if registry:
        profile_keys(d, t, mode)
        domain = {"CloudAssignedTenantDomain": d.domain, "DeploymentProfileName": "Contoso standard"}
        stored = {**domain, "PolicyDownloadDate": f"{d.clock(t):%Y-%m-%dT%H:%M:%SZ}"}
        d.text("AutopilotDDSZTDFile.json", json.dumps(stored), "utf-16")


def profile_keys(d: Device, t: float, mode: str = "user-driven") -> None:
    bits = MODES[mode]
    hybrid = int(mode == "hybrid")
    server = {
        "ZeroTouchConfig": {
            "CloudAssignedTenantUpn": "",
            "CloudAssignedTenantDomain": d.domain,
            "ForcedEnrollment": 1,
        }
    }
    cached = {
        "PolicyDownloadDate": f"{d.clock(t):%Y-%m-%dT%H:%M:%SZ}",
        "AutopilotUpdateTimeout": 1800000,
        "AutopilotMode": int(mode == "self-deploying"),
        "CloudAssignedAadServerData": json.dumps(server, separators=(",", ":")),
        "CloudAssignedDeviceName": "CO-%RAND:5%",
        "CloudAssignedDomainJoinMethod": hybrid,
        "CloudAssignedForcedEnrollment": 1,
        "CloudAssignedOobeConfig": bits,
        "CloudAssignedTenantDomain": d.domain,
        "CloudAssignedTenantId": d.tenant,
        "DeploymentProfileName": "Contoso standard",
        "IsExplicitProfileAssignment": 1,
    }
    d.key(CACHE, PolicyJsonCache=json.dumps(cached, separators=(",", ":")), ProfileAvailable=1)
    d.key(
        DIAGNOSTICS,
        IsAutoPilotDisabled=0,
        CloudAssignedTenantDomain=d.domain,
        CloudAssignedTenantUpn="",
        CloudAssignedForcedEnrollment=1,
        CloudAssignedTenantId=d.tenant,
        CloudAssignedLanguage="",
        DeploymentProfileName="Contoso standard",
        CloudAssignedOobeConfig=bits,
        AadTenantId=d.tenant,
        TenantMatched=1,
        ZtdCorrelationId="",
    )
    d.key(rf"{DIAGNOSTICS}\EstablishedCorrelations", ZtdRegistrationId=d.guid("ztd"))


def empty_keys(d: Device, **more: int) -> None:
    """What the registry holds where no profile came."""
    server = {
        "ZeroTouchConfig": {
            "CloudAssignedTenantUpn": "",
            "CloudAssignedTenantDomain": "",
            "ForcedEnrollment": 0,
        }
    }
    cached = {
        "AutopilotCreationDate": f"{d.clock(0):%Y-%m-%dT%H:%M:%SZ}",
        "AutopilotUpdateTimeout": 1800000,
        "AutopilotCorrelationVector": "aBcDeFgHiJkLmNoP.1.0",
        "CloudAssignedAadServerData": json.dumps(server, separators=(",", ":")),
    }
    d.key(CACHE, PolicyJsonCache=json.dumps(cached, separators=(",", ":")), ProfileAvailable=0, **more)
    d.key(
        DIAGNOSTICS,
        IsAutoPilotDisabled=0,
        CloudAssignedTenantDomain="",
        CloudAssignedTenantUpn="",
        CloudAssignedForcedEnrollment=0,
        CloudAssignedTenantId="",
        DeploymentProfileName="",
        ZtdCorrelationId="",
    )


def join(d: Device, t: float) -> None:
    """An Entra join that succeeds, about half a minute."""
    correlation = d.guid(f"join {t}")
    d.event(
        "join",
        t,
        323,
        AccountProvider="https://login.windows.net",
        Scope="",
        Client="",
        CorrelationId=correlation,
        Authority="organizations",
        Resource="https://enrollment.manage.microsoft.com/",
    )
    d.event("join", t + 0.06, 325, CorrelationId=correlation)
    join_request(d, t + 0.1, 1, "DEVICE")
    d.event(
        "join",
        t + 0.3,
        104,
        ServerResponse='{"Certificate":{"Thumbprint":"00"},"User":{}}',
        ActivityId=correlation,
    )
    d.event("join", t + 0.4, 105)
    d.event("join", t + 0.41, 106)
    info = r"system\currentcontrolset\control\clouddomainjoin"
    d.key(
        rf"{info}\JoinInfo\{d.guid('thumbprint').replace('-', '').upper()}00000000",
        TenantId=d.tenant,
        UserEmail=d.upn,
    )
    d.key(rf"{info}\TenantInfo\{d.tenant}", DisplayName="Contoso")


def unjoin(d: Device, t: float) -> None:
    """The device leaves Entra again."""
    join_request(d, t, 8, "DEVICE_UNJOIN")
    d.event(
        "join",
        t + 0.1,
        104,
        ServerResponse='{"AttestationResult":{"KeyId":""}}',
        ActivityId=d.guid(f"leave {t}"),
    )


def join_request(d: Device, t: float, kind: int, word: str) -> None:
    """Discovery and the prepared request: kind 1 joins, kind 8 leaves."""
    d.event("join", t, 100)
    d.event("join", t + 0.01, 101, ServerMessage="")
    d.event("join", t + 0.05, 102, JoinRequestType=kind, JoinRequestTypeSymbolicName=word, Domain=d.domain)
    d.event("join", t + 0.05, 103, AuthToken="")


def _mdm(d: Device, kind: str) -> str:
    """The channel of MDM records: since 24H2 enrolment and sync have their own."""
    return kind if d.number >= 26100 else "admin"


def enrol(d: Device, t: float) -> None:
    """MDM enrolment that succeeds, and the first session."""
    channel = _mdm(d, "enrollment")
    for n, event_id in enumerate((4, 6, 8, 10, 16, 58, 72)):
        d.event(channel, t + n * 0.07, event_id)
    session(d, t + 0.5)
    enrolment_keys(d)


def enrolment_keys(d: Device, **first_sync) -> None:
    for n, kind in enumerate((1, 11, 18), 1):
        d.key(
            rf"{ENROLMENT_KEY}\00000000-0000-4000-8000-00000000000{n}",
            Altitude=0,
            EnrollmentState=1,
            EnrollmentType=kind,
        )
    d.key(
        rf"{ENROLMENT_KEY}\{d.enrollment}",
        EnrollmentState=1,
        EnrollmentType=6,
        ProviderID=d.provider,
        UPN=d.upn,
        AADTenantID=d.tenant,
        DiscoveryServiceFullURL="https://enrollment.manage.example.com/enrollmentserver/discovery.svc",
    )
    page = {
        "SkipDeviceStatusPage": 0,
        "SkipUserStatusPage": 0,
        "SyncFailureTimeout": 60,
        "BlockInStatusPage": 2,
        "AllowCollectLogsButton": 1,
        "ServerHasFinishedProvisioning": 1,
        "IsSyncDone": 0,
        "WasDeviceSuccessfullyProvisioned": 2,
    }
    d.key(rf"{ENROLMENT_KEY}\{d.enrollment}\FirstSync", **{**page, **first_sync})


def refuse(d: Device, t: float, code: int, fault: str, reason: str) -> None:
    """MDM enrolment that the server refuses."""
    channel = _mdm(d, "enrollment")
    for n, event_id in enumerate((4, 6, 8)):
        d.event(channel, t + n * 0.04, event_id)
    d.event(channel, t + 0.2, 11, 2, HRESULT=Hex32(code))
    d.event(channel, t + 0.2, 52, 2, Message1=f"s:{fault}", Message2=reason)
    d.event(channel, t + 0.2, 59, 2, Message1=f"TraceId={d.guid(f'trace {t}')}")
    d.event(channel, t + 0.21, 71, 2, HRESULT=Hex32(code))


def session(d: Device, t: float, code: int = 0) -> None:
    """One OMA-DM session."""
    channel = _mdm(d, "sync")
    d.event(
        channel,
        t,
        208,
        Message1=d.enrollment,
        Message2="https://r.manage.example.com/cimhandler.ashx",
        Message3="4.0",
        Message4="1.2",
        HexInt1=Hex32(0),
        HexInt2=Hex32(0),
        HexInt3=Hex32(0),
        HexInt4=Hex32(0),
        UInt1=1,
        UInt2=0,
    )
    d.event(channel, t + 0.2, 209, HRESULT=Hex32(code))


PRODUCT = "{C1E4A8D2-0000-4000-8000-00000000A001}"


def msi(d: Device, t: float, product: str, url: str, *, minutes: float = 1.0, code: int = 0) -> None:
    """A line-of-business MSI: download, install, end."""
    d.event("admin", t, 1905, Message1=product, Message2=d.enrollment, Message3=url)
    d.event("admin", t + 0.1, 1906, Message1=product, Message2=d.enrollment, Message3=url)
    d.event("admin", t + 0.15, 1920, Message1=product, Message2=d.enrollment)
    if code:
        d.event(
            "admin",
            t + minutes,
            1924,
            2,
            Message1=product,
            Message2=d.enrollment,
            Message3="/qn",
            Message4=r"C:\Windows\system32\config\systemprofile\AppData\Local\mdm\a.log",
            HRESULT=Hex32(code),
        )
    else:
        d.event("admin", t + minutes, 1922, Message1=product, Message2=d.enrollment, HRESULT=Hex32(0))


def certificate(d: Device, t: float, name: str = "ScepRoot", *, arrives: bool = True) -> None:
    d.event("admin", t, 36, Message1=name, Message2="", Message3="", HexInt1=Hex32(0), HexInt2=Hex32(0))
    d.event("admin", t + 0.01, 37)
    if arrives:
        d.event("admin", t + 0.02, 38)
        d.event("admin", t + 0.03, 39)


def sign_in(d: Device, t: float, user: str = "") -> None:
    d.event("winlogon", t, 7001, TSId=1, UserSid=d.sid(user))


def desktop(d: Device, t: float) -> None:
    d.event(
        "join",
        t,
        358,
        Message="Windows Hello for Business provisioning will be launched.",
        DeviceIsJoined="Yes",
        AADPrt="Yes",
        NgcPolicyEnabled="Yes",
        NgcPostLogonProvisioningEnabled="Yes",
        NgcHardwarePolicyMet="Yes",
        UserIsRemote="No",
        LogonCertRequired="No",
        MachinePolicySource="MDM",
        UseCloudTrust="No",
        CloudTgt="No",
    )
    d.event("shell", t + 0.5, 62170, LogonType=3075, TaskName="AllLogonTasks")
    d.event("shell", t + 0.52, 62171, LogonType=3075, TaskName="AllLogonTasks")


def screen(d: Device, t: float, cxid: str, result: str | None = "success", minutes: float = 1.0) -> None:
    """One node of OOBE, visible; without a result it stays open."""
    d.event("shell", t, 62404, CXID=cxid)
    d.event("shell", t + 0.01, 62406, Name="Visible")
    if result:
        d.event("shell", t + minutes, 62405, Result=result)


def self_deploy(d: Device, t: float) -> None:
    """Securing hardware, join and enrolment with the device's own token, all well."""
    d.event("autopilot", t, 178, Int1=0)
    d.event("autopilot", t, 179, State=1)
    d.event("autopilot", t + 0.1, 208)
    d.event("autopilot", t + 0.1, 190)
    d.event("autopilot", t + 0.1, 250)
    d.event("autopilot", t + 1.2, 251, HRESULT=Hex32(0), UInt1=21000000, Int1=60000)
    d.event("autopilot", t + 1.21, 169)
    d.event("autopilot", t + 1.22, 181, State=1, HRESULT=Hex32(0))
    join(d, t + 1.3)
    enrol(d, t + 2)
    d.event("autopilot", t + 2.6, 303, State=7)
