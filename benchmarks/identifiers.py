"""Kinds of identifiers, each planted where the documented layouts put it; every value is invented.

Written from the descriptions of the formats, not from what the engine finds: a kind that is missed stays here
until the engine finds it, and the score of the first run stands in docs/security.md.
"""

from __future__ import annotations

import base64
import json
from typing import NamedTuple
from urllib.parse import quote


class Planted(NamedTuple):
    """One kind of identifier in one cell."""

    kind: str
    secret: str
    table: str
    cells: dict[str, object]


def guid(number: int) -> str:
    """Return an invented GUID."""
    return f"7b{number:02d}e4a1-3c5d-4f{number:02d}-9a86-d1c2e3f4{number:04d}"


def thumb(number: int) -> str:
    """Return an invented certificate thumbprint."""
    return f"{number:02d}9F8A7C6E5D4B3A29180F7E6D5C4B3A2918F7{number:02d}"


def wide(text: str) -> str:
    """Return the Base64 of a text in UTF-16, as PowerShell takes commands."""
    return base64.b64encode(text.encode("utf-16-le")).decode()


def within(value: object, depth: int) -> str:
    """Return JSON in JSON, as deep as asked."""
    text = json.dumps(value)
    for _ in range(depth):
        text = json.dumps({"payload": text})
    return text


def _telemetry(**cells: str) -> str:
    names = ";".join(cells)
    values = "".join(f',"Col{number}":"{value}"' for number, value in enumerate(cells.values(), 1))
    return f'[OnStart](Agent Started) {{"Colmetadata":"{names}"{values}}}'


def _line(kind: str, secret: str, message: str) -> Planted:
    return Planted(kind, secret, "log_lines", {"message": message.replace("§", secret)})


def _event(kind: str, secret: str, provider: str, event: int | str, **fields: object) -> Planted:
    data = json.dumps(fields, ensure_ascii=False).replace("§", json.dumps(secret)[1:-1])
    name = {"event_id": event} if isinstance(event, int) else {"name": event}
    return Planted(kind, secret, "events", {"provider": provider, "data": data, **name})


def _value(kind: str, secret: str, key: str, name: str, value: str) -> Planted:
    cells = {"key": key.replace("§", secret), "name": name, "value": value.replace("§", secret)}
    return Planted(kind, secret, "registry_values", {"kind": "REG_SZ", **cells})


def _property(kind: str, secret: str, section: str, name: str) -> Planted:
    return Planted(kind, secret, "properties", {"section": section, "name": name, "value": secret})


SOFTWARE = r"HKEY_LOCAL_MACHINE\software\microsoft"
CXH = "Microsoft.Windows.Shell.CloudExperienceHost.Common"
AUTOPILOT = "Microsoft.Windows.ModernDeployment.Autopilot"

AGENT_LOGS = [
    _line("agent: account id", guid(1), "Populating AccountId and DeviceId globally. Account ID is : §"),
    _line("agent: device id", guid(2), "Populating AccountId and DeviceId globally. Device Id is : §"),
    _line("agent: gateway device", guid(3), "[ServiceGateway] Device ID: §"),
    _line("agent: impersonated user", "AvaQuillon", r"After impersonation: AzureAD\§"),
    _line("agent: proxy poller user", "BoQuillon", "[Proxy Poller] Processing session id 1 done for AzureAD_§"),
    _line("agent: session user", guid(4), "[Win32App] ..... Completed user session 1, userId: §, userSID: S-1-5-18"),
    _line(
        "agent: session SID",
        "S-1-12-1-1234509876-1189998819-1199119725-3010203040",
        "[Win32App] Completed user session 1, userSID: §",
    ),
    _line("agent: policies of a user", guid(5), "[PowerShell] Get 0 policies for user § in session 1"),
    _line("agent: download for a user", guid(6), "[StatusService] Downloading app (id = x) via DO, bytes 1/2 for user §"),
    _line("agent: user's retries", guid(7), r"[Win32App][GRSManager] Reading GRS values from storage path: §\GRS\aGFzaA==\."),
    _line("agent: MDM certificate", thumb(1), "[PowerShell] Set MdmDeviceCertificate : §"),
    _line("agent: certificate of a request", thumb(2), "Add MdmDeviceCertificate § into WebRequest with True"),
    _line("agent: certificate's name", guid(8), "Refreshed MDM device certificate, CN is CN=§, expiry is 5/1/2027"),
    _line("agent: proxy", "prx11.quillon.example", "Sending network request...  Current proxy is http://§:8080/"),
    _line("agent: channel", "AwYAAAC7pQkx0qZvQpRs", "Registered channel URI: https://wns2.notify.windows.com/?token=§"),
    _line("agent: telemetry, account", guid(9), _telemetry(AgentVersion="1.97.107.0", AccountId="§")),
    _line("agent: telemetry, user", guid(10), _telemetry(Phase="Start", AadUserId="§", SessionId="1")),
    _line("agent: telemetry, certificate", thumb(3), _telemetry(CertThumbprint="§")),
    _line("agent: peer of a download", guid(11), '[DO TEL] = {"FileId":"a","PeerId":"§","BytesFromPeers":1}'),
    _line("agent: profile folder", "cquillon", r"TempPath is c:\users\§\appdata\local\temp"),
    _line("agent: LocalUserID", guid(12), '{"LocalUserID":"§","State":1}'),
    _line("agent: encoded command", "dquillon", f"powershell -EncodedCommand {wide('net user dquillon /domain')}"),
    _line("agent: JSON in JSON", guid(13), within({"DeviceId": guid(13)}, 3)),
    _line("agent: address in a URL", "eva.quillon@quill-fab.example", f"login_hint={quote('eva.quillon@quill-fab.example', safe='')}"),
    _line("agent: hex text", "FQUILL0042", f"payload {'ComputerName=FQUILL0042'.encode('utf-16-le').hex()}"),
    _line("agent: Base64 JSON", guid(14), "blob " + base64.b64encode(json.dumps({"tenantId": guid(14)}).encode()).decode()),
]  # fmt: skip

EVENTS = [
    _event("event: join name", "gil.quillon@quill-fab.example", "Microsoft-Windows-User Device Registration", 264, JoinUpn="§"),
    _event("event: directory's name", "Quillon Fabrication", "Microsoft-Windows-User Device Registration", 330, AzureADTenantName="§"),
    _event("event: device", guid(15), "Microsoft-Windows-User Device Registration", 252, DeviceId="§"),
    _event("event: mail of a key", "hal@quillpost.example", "Microsoft-Windows-User Device Registration", 350, UserEmail="§"),
    _event("event: enrolment", guid(16), "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider", 75, EnrollmentId="§"),
    _event("event: renamed computer", "QOLDNAME7", "EventLog", 6011, Data=["§", "x"]),
    _event("event: new computer name", "QNEWNAME7", "EventLog", 6011, param1="x", param2="§"),
    _event("event: serial of a stick", "20170914QUILL88", "Microsoft-Windows-Kernel-PnP", 400, DeviceInstanceId=r"USBSTOR\DISK&VEN_X&PROD_Y&REV_1.0\§&0"),
    _event("event: Bluetooth address", "A1B2C3D4E5F6", "Microsoft-Windows-UserPnp", 20003, DeviceInstanceID=r"BTHENUM\DEV_§\7&1&0&BLUETOOTHDEVICE_A1B2C3D4E5F6"),
    _event("event: volume", guid(17), "Microsoft-Windows-Ntfs", 98, VolumeCorrelationId="{§}", DriveName="C:"),
    _event("event: volume's path", guid(18), "Microsoft-Windows-Volsnap", 33, DeviceName=r"\\?\Volume{§}"),
    _event("event: BitLocker protector", guid(19), "Microsoft-Windows-BitLocker-API", 775, ProtectorGUID="{§}"),
    _event("event: DNS suffix", "lan.quillon.example", "Microsoft-Windows-DNS-Client", 8018, AdapterSuffixName="§"),
    _event("event: network card", "0A1B9C3D5E7F", "Microsoft-Windows-Dhcp-Client", 1002, HWLength=6, HWAddress="0x§"),
    _event("event: wireless network", "Quillon Guest 5", "Microsoft-Windows-WLAN-AutoConfig", 8001, SSID="§"),
    _event("event: access point", "0A:1B:9C:3D:5E:81", "Microsoft-Windows-WLAN-AutoConfig", 8001, BSSID="§"),
    _event("event: logon", "iquillon", "Microsoft-Windows-Security-Auditing", 4624, TargetUserName="§", TargetDomainName="x"),
    _event("event: remote session", "jquillon", "Microsoft-Windows-TerminalServices-LocalSessionManager", 21, User="QFABDOM\\§"),
    _event("event: network's name", "Quillon Office 2", "Microsoft-Windows-NetworkProfile", 10000, Name="§", Description="x"),
    _event("event: partial product key", "7QK2M", "Microsoft-Windows-Security-SPP", 1003, PartialProductKey="§"),
    _event("event: person's certificate", thumb(4), "Microsoft-Windows-CertificateServicesClient-Lifecycle-User", 1001, Thumbprint="§"),
    _event("event: chain", thumb(5), "Microsoft-Windows-CAPI2", 11, Data='<Certificate fileRef="§.cer" subjectName="x"/>'),
    _event("event: domain controller", r"DC07.quillon.example", "Microsoft-Windows-GroupPolicy", 5308, DCName="\\\\§"),
    _event("event: time server", "ntp3.quillon.corp", "Microsoft-Windows-Time-Service", 37, TimeSource="§,0x9 (ntp.m|0x9)"),
    _event("event: printer", "qprn07", "Microsoft-Windows-PrintService", 307, Param5="\\\\§\\Floor3"),
    _event("event: peer-to-peer client", guid(20), "Microsoft-Windows-DeliveryOptimization", 1, ContentDeliveryId="§"),
    _event("event: signed-in account", guid(21), "Microsoft-Windows-AAD", 1098, LocalUserId="§"),
    _event("event: address of a lease", "192.0.2.187", "Microsoft-Windows-Dhcp-Client", 50067, Address="§"),
]  # fmt: skip

TRACES = [
    _event("trace: tenant", guid(22), AUTOPILOT, "LogTenantId", pszTenantId="§"),
    _event("trace: tenant's domain", "quilltrace.example", AUTOPILOT, "LogTenantDomain", pszTenantDomain="§"),
    _event("trace: new name", "QTRACE0099", AUTOPILOT, "AutoPilotRenameDevice", newName="§"),
    _event("trace: registration", guid(23), AUTOPILOT, "AutopilotCorrelationData", correlationName="ZtdRegistrationId", correlationData="§"),
    _event("trace: missing registration", guid(24), CXH, "WebAppEvent2", EventName="Autopilot white glove error", EventValue="Unable to get device ZtdId {§}"),
    _event("trace: QR code", "QR-SER-55012", CXH, "WebAppEvent2", EventName="AutopilotWhiteGlove: QR code result", EventValue=json.dumps({"serialNumber": "§", "result": "fail"})),
    _event("trace: name in a page", "kim.quillon@quill-fab.example", CXH, "WebAppEvent2", EventName="NavigationSucceed", EventValue="{\"uri\":\"https://login.microsoftonline.com/x?login_hint=kim.quillon%40quill-fab.example\"}"),
    _event("trace: policy asked", "quillpolicy.example", AUTOPILOT, "ZTP_GetPolicyStringActivity", policyName="CloudAssignedTenantDomain", value="§"),
    _event("trace: join's device", guid(25), "Microsoft.Windows.CloudDomainJoin", "CDJCompleteJoinStop", joinType=1, deviceId="§"),
]  # fmt: skip

REGISTRY = [
    _value("registry: enrolment's key", guid(26), SOFTWARE + r"\Enrollments\§", "UPN", "x@quill-fab.example"),
    _value("registry: enrolled person", "lea.quillon@quill-fab.example", SOFTWARE + r"\Enrollments\{1}", "UPN", "§"),
    _value("registry: enrolment's certificate", thumb(6), SOFTWARE + r"\Enrollments\{1}", "DMPCertThumbPrint", "§"),
    _value("registry: client certificate", thumb(7), SOFTWARE + r"\Provisioning\OMADM\Accounts\x", "SslClientCertReference", "MY;System;§"),
    _value("registry: join", thumb(8), r"HKEY_LOCAL_MACHINE\system\CurrentControlSet\Control\CloudDomainJoin\JoinInfo\§", "TenantId", "x"),
    _value("registry: tenant's key", guid(27), r"HKEY_LOCAL_MACHINE\system\CurrentControlSet\Control\CloudDomainJoin\TenantInfo\§", "DisplayName", "x"),
    _value("registry: apps of a user", guid(28), SOFTWARE + r"\IntuneManagementExtension\Win32Apps\§\x_1", "ExitCode", "0"),
    _value("registry: policies of a user", guid(29), SOFTWARE + r"\IntuneManagementExtension\Policies\§\x", "Result", "Success"),
    _value("registry: profile", "mquillon", SOFTWARE + r"\Windows NT\CurrentVersion\ProfileList\S-1-5-18", "ProfileImagePath", r"%SystemDrive%\Users\§"),
    _value("registry: owner", "Noa Quillon", SOFTWARE + r"\Windows NT\CurrentVersion", "RegisteredOwner", "§"),
    _value("registry: leased domain", "dhcp.quillon.example", r"HKEY_LOCAL_MACHINE\system\CurrentControlSet\Services\Tcpip\Parameters", "DhcpDomain", "§"),
    _value("registry: profile of Autopilot", "quillcloud.example", SOFTWARE + r"\Provisioning\AutopilotPolicyCache", "PolicyJsonCache", '{"CloudAssignedTenantDomain":"§"}'),
    _value("registry: correlation", guid(30), SOFTWARE + r"\Provisioning\Diagnostics\Autopilot\EstablishedCorrelations", "ZtdRegistrationId", "§"),
    _value("registry: network", "Quillon Mesh", SOFTWARE + r"\Windows NT\CurrentVersion\NetworkList\Profiles\{1}", "ProfileName", "§"),
    _value("registry: paired phone", "a1b2c3d4e5f7", r"HKEY_LOCAL_MACHINE\system\CurrentControlSet\Services\BTHPORT\Parameters\Devices\§", "Name", "x"),
    _value("registry: binary name", "QBINNAME07", SOFTWARE + r"\x", "HostName", ",".join(f"{byte:02x}" for byte in b"QBINNAME07\0")),
    _value("registry: Hello policy's tenant", guid(31), r"HKEY_LOCAL_MACHINE\software\Microsoft\Policies\PassportForWork\§", "UsePassportForWork", "1"),
]  # fmt: skip

SCREENS = [
    Planted(
        "screen: refused person",
        "ola.quillon@quill-fab.example",
        "screens",
        {"screen": "OobeAAD", "error": "ola.quillon@quill-fab.example is not allowed to enrol"},
    ),
    Planted(
        "screen: device in an error",
        guid(32),
        "screens",
        {"screen": "OobeAAD", "error": f"Device {guid(32)} is not registered"},
    ),
    Planted("server: asked for", "adfs.quillon.example", "tls_checks", {"host": "adfs.quillon.example"}),
]

TIMELINE = [
    Planted(
        "timeline: title",
        "QTIME00071",
        "timeline",
        {"title": "Renaming computer to QTIME00071", "text": "{}"},
    ),
    Planted(
        "timeline: fields",
        "pquillon",
        "timeline",
        {"title": "x", "text": json.dumps({"message": within({"TargetUserName": "pquillon"}, 2)})},
    ),
]

CSVS = [
    _property("hash list: serial", "QSER-77102", "row 1", "serial number"),
    _property("hash list: product id", "00330-50000-12345-AAQRT", "row 1", "product id"),
    _property("hash list: hardware hash", "T0Ex" + "qZ7u" * 30, "row 1", "hardware hash"),
    _property("hash list: user", "quinn@quill-fab.example", "row 1", "assigned user"),
    _property("dsregcmd: device", guid(33), "Device State", "DeviceId"),
    _property("dsregcmd: certificate", thumb(9), "Device State", "Thumbprint"),
    _property("dsregcmd: account", "QFABDOM\\rquillon", "Diagnostic Data", "Executing Account Name"),
    _property("ipconfig: card", "0A-1B-9C-3D-5E-82", "Wireless LAN adapter", "Physical Address"),
    Planted("report: serial", "QSER-99310", "deployments", {"serial": "QSER-99310"}),
    Planted("report: name", "Quillon-Laptop-3", "deployments", {"name": "Quillon-Laptop-3"}),
    Planted("report: person", "Rui Quillon", "deployments", {"user": "Rui Quillon"}),
    Planted("audit: actor", "sam@quillmail.example", "audit_changes", {"identity": "sam@quillmail.example"}),
    Planted(
        "device list: phone",
        "+44 1632 960 441",
        "identities",
        {"properties": json.dumps({"phoneNumber": "+44 1632 960 441"})},
    ),
    Planted(
        "device list: wireless card",
        "0a1b9c3d5e83",
        "identities",
        {"properties": json.dumps({"wiFiMacAddress": "0a1b9c3d5e83"})},
    ),
    Planted(
        "device list: management name",
        "tquillon_Windows_5/1/2026_9:00 AM",
        "identities",
        {"properties": json.dumps({"managementName": "tquillon_Windows_5/1/2026_9:00 AM"})},
    ),
    Planted(
        "enrolment report: user",
        guid(34),
        "enrollment_failures",
        {"detail": json.dumps({"UserId": guid(34)})},
    ),
]

PLANTED = [*AGENT_LOGS, *EVENTS, *TRACES, *REGISTRY, *SCREENS, *TIMELINE, *CSVS]
"""Every kind, each once."""

KEPT = [
    "A052FD72B8A3B1A6F0D3A2A1C0B1E0D8F9C6B5A4",  # no certificate's label: the hash of a file
    "Microsoft.WindowsStore_22310.1401.1.0_x64__8wekyb3d8bbwe", "Agent version is: 1.97.107.0",
    "osVersion with revision is 10.0.22631.4037", "CN=Microsoft Root Certificate Authority 2010",
    "Device Install Service", r"\Device\HarddiskVolume3\Windows\System32\drivers\volsnap.sys",
    "0000021A2B3C4D5E", "fffff8017a340000", "https://login.microsoftonline.com/common",
    "NT AUTHORITY\\SYSTEM", "ServiceTag: None", "127.0.0.1", "0x80180014", "S-1-5-18",
    "App 5f6b1c22-9d40-4a4e-8a0c-000000000011 has been registered", "EnforcementState", "DeviceSetup",
]  # fmt: skip
"""Texts that name nobody and must stay as they are, in every table that holds text."""
