r"""A third list of planted identifiers: in places where neither list before it looked; every value is invented.

Commands and what they print within the agent's logs, policies and programs in the registry, events of System,
Application and Security, the join's answer, texts of other languages, the newer fields of Graph. As in
strangers.py no two kinds share a word, and nothing here knows a table or a column. § is the identifier.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from identifiers import Planted, _event
from planted_files import (
    AGENT,
    CERTIFICATE,
    CLIENT,
    DUMP,
    EXECUTOR,
    HEALTH,
    MSI,
    TOOLKIT,
    WORKLOAD,
    Filed,
    write_graph,
    write_lines,
    write_row,
)

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [
    Filed("command: mapped drive's user", "odinhamre", EXECUTOR, r"write output done. output = net use X: \\192.0.2.61\felles /user:KVIKDOM\§ /persistent:no, error = "),
    Filed("command: task's account", "svc_nattkopi", EXECUTOR, r"schtasks /create /tn Backup /tr backup.exe /sc daily /ru ASKDOM\§"),
    Filed("command: task's password", "Fjellrype-31", EXECUTOR, r"schtasks /create /tn Rydd /tr rydd.exe /sc daily /ru x /rp §"),
    Filed("command: stored server", "srv-lagring5", EXECUTOR, "cmdkey /add:§ /user:x"),
    Filed("command: stored password", "Tyttebaer77!", EXECUTOR, "cmdkey /add:x /user:x /pass:§"),
    Filed("command: tenant's id", "a81c4f02-6d35-4b7e-9c10-52d0f7e3b901", EXECUTOR, "Connect-MgGraph -TenantId § -NoWelcome"),
    Filed("command: secret of an app", "uX8~Qk2vLr0.Zp7TnB4wYd", EXECUTOR, "Get-Token -ClientSecret § -Resource graph"),
    Filed("command: domain to join", "brekke-ad.example", EXECUTOR, "Add-Computer -DomainName § -Restart"),
    Filed("command: new name", "KONGSVPC12", EXECUTOR, "Rename-Computer -NewName § -Force"),
    Filed("command: remote computer", "FLORAPC-88", EXECUTOR, "Invoke-Command -ComputerName § -ScriptBlock { hostname }"),
    Filed("command: site's server", "mp7.sogndal-cm.example", WORKLOAD, "[Win32App] install line: ccmsetup.exe /mp:https://x SMSMP=§ SMSSITECODE=P01"),
    Filed("output: ticket's client", "eirikholte", EXECUTOR, "write output done. output = Current LogonId is 0:0x3e7\nCached Tickets: (1)\n#0>     Client: § @ X.EXAMPLE\n, error = "),
    Filed("output: ticket's realm", "TROLLHEIM.EXAMPLE", EXECUTOR, "Cached Tickets: (1)\n#0>     Server: krbtgt/§ @ X\n        KerbTicket Encryption Type: AES-256"),
    Filed("output: domain controller", "gran-dc5", EXECUTOR, "           DC: \\\\§\n      Address: x\nThe command completed successfully"),
    Filed("output: forest", "randsfjord.example", EXECUTOR, "  Forest Name: §\n Dc Site Name: x\nThe command completed successfully"),
    Filed("output: sessions", "halvorsnes", EXECUTOR, " USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME\n>§            console             1  Active      none   5/1/2026 9:00 AM"),
    Filed("output: id of a protector", "3B9C07D1-55AA-4E61-8F20-0C1D2E3F4A51", EXECUTOR, "    Numerical Password:\n      ID: {§}\n      Backup type: Entra ID"),
    Filed("output: object not found", "gro.dahlberg", EXECUTOR, "error = Get-ADUser : Cannot find an object with identity: '§' under: 'x'."),
    Filed("output: local administrator", "lokalsjef9", EXECUTOR, "Members\n-------------------------------------------------------------------------------\nAdministrator\n§\nThe command completed successfully."),
    Filed("output: host information", "SYSPC-4127", EXECUTOR, "Host Name:                 §\nOS Name:                   Microsoft Windows 11 Pro"),
]  # fmt: skip

AGENT_LOGS = [
    Filed("certificate check: serial number", "5A0000C3D14477F09E21B6", CERTIFICATE, "MDM certificate found, Issuer: CN=Microsoft Intune MDM Device CA, Serial Number: §"),
    Filed("health script: detection's JSON", "TRYSIL-LT-44", HEALTH, '[HS] new result = {"PreRemediationDetectScriptOutput":"{\\"Host\\":\\"§\\"}","RunTime":1}'),
    Filed("health script: logged-on user", "anebratland", HEALTH, r"[HS] std output ={'LoggedOnUser':'RAUMDOM\\§'}"),
    Filed("client health: tenant in prose", "a81c4f02-6d35-4b7e-9c10-52d0f7e3b902", CLIENT, "Tenant id from registry is §."),
    Filed("client health: proxy's password", "Elvesand8", CLIENT, "proxy http://x:§@203.0.113.61:3128 answered 407"),
    Filed("agent: cache host", "docache3.lom-do.example", AGENT, '[DO] settings {"DownloadMode":1,"CacheHost":"§"}'),
    Filed("agent: name of the machine in a hash file", "HEMNESPC7", AGENT, r"uploading DeviceHash_§.csv"),
    Filed("agent: join's user", "S-1-12-1-2233445566-1122334455-3344556677-998877665", AGENT, r"HKEY_USERS\§_Classes opened"),
    Filed("installer: full name", "Jorunn Vatne", MSI, "Property(S): USERFULLNAME = §"),
    Filed("installer: service's account", "svc-kartserver", MSI, r"Property(S): SERVICEACCOUNT = HOLDOM\§"),
    Filed("toolkit: account of a session", "anlaugroe", TOOLKIT, "[05-01-2026 10:00:04.000] [Initialization] [Get-LoggedOnUser] [Info] :: NTAccount         : ROEDOM\\§"),
]  # fmt: skip

POLICIES = r"HKEY_LOCAL_MACHINE\software\policies\microsoft"
CURRENT = r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion"
REGISTRY = [
    Filed("registry: session's display name", "Torgeir Viken", DUMP, CURRENT + r"\authentication\logonui\sessiondata\1|LoggedOnDisplayName|§"),
    Filed("registry: session's account", "mariusbo", DUMP, CURRENT + r"\authentication\logonui\sessiondata\1|LoggedOnSAMUser|BODOM\§"),
    Filed("registry: who registered a program", "Sissel Ekeberg", DUMP, CURRENT + r"\uninstall\y|RegOwner|§"),
    Filed("registry: company of a program", "Vossevangen Trevare", DUMP, CURRENT + r"\uninstall\y|RegCompany|§"),
    Filed("registry: legal notice", "Egersund Havn IKS", DUMP, CURRENT + r"\policies\system|LegalNoticeCaption|§"),
    Filed("registry: directory of OneDrive", "a81c4f02-6d35-4b7e-9c10-52d0f7e3b903", DUMP, POLICIES + r"\onedrive|KFMSilentOptIn|§"),
    Filed("registry: servers a browser signs in to", "tana-web.example", DUMP, POLICIES + r"\edge|AuthServerAllowlist|*.§"),
    Filed("registry: sensor's organisation", "a81c4f02-6d35-4b7e-9c10-52d0f7e3b904", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows advanced threat protection\status|OrgID|§"),
    Filed("registry: sensor's machine", "d0f7e3b90552aa10c94b7e6d35a81c4f02e1d2c3", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows advanced threat protection|senseId|§"),
    Filed("registry: administrator of LAPS", "nodkonto5", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\policies\laps|AdministratorAccountName|§"),
    Filed("registry: device's name at the service", "ulrikfoss_Windows_5/1/2026_8:15 AM", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\x\dmclient\ms dm server|EntDeviceName|§"),
    Filed("registry: identity's display name", "Herborg Lie", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\identitystore\cache\x\identitycache\x|DisplayName|§"),
    Filed("registry: domain of a sign-in", "SNASADOM", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon|CachePrimaryDomain|§"),
    Filed("registry: other user of a sign-in", "kassebruker3", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon|AltDefaultUserName|§"),
    Filed("registry: kept host name", "NVPC-6031", DUMP, r"HKEY_LOCAL_MACHINE\system\currentcontrolset\services\tcpip\parameters|NV Hostname|§"),
    Filed("registry: domains searched", "lierne-net.example", DUMP, r"HKEY_LOCAL_MACHINE\system\currentcontrolset\services\tcpip\parameters|SearchList|§,x.example"),
    Filed("registry: VPN profile in XML", "vpn9.rindal.example", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\vpnv2|ProfileXML|<VPNProfile><NativeProfile><Servers>§</Servers></NativeProfile></VPNProfile>"),
    Filed("registry: member of a group in XML", "Driftsgruppe Nord", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\localusersandgroups|Configure|<GroupConfiguration><accessgroup desc='Administrators'><add member='SKIDOM\§'/></accessgroup></GroupConfiguration>"),
    Filed("registry: kiosk's account in XML", "lesesal21", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\assignedaccess|Xml|<Config><Account>ORKDOM\§</Account></Config>"),
    Filed("registry: connected printer", "prnsrv-moi2", DUMP, r"HKEY_CURRENT_USER\printers\connections\,,§,skriver4|Provider|win32spl.dll"),
    Filed("registry: remote desktop's server", "rds4-lista", DUMP, r"HKEY_CURRENT_USER\software\microsoft\terminal server client\servers\§|UsernameHint|x"),
    Filed("registry: remote desktop's user", "bergljotaas", DUMP, r"HKEY_CURRENT_USER\software\microsoft\terminal server client\servers\x|UsernameHint|SULDOM\§"),
    Filed("registry: group of Delivery Optimization", "a81c4f02-6d35-4b7e-9c10-52d0f7e3b905", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\deliveryoptimization|DOGroupId|§"),
]  # fmt: skip

TEXTS = [
    Filed("dsregcmd: directory of a work account", "Sirdal Energi", "dsregcmd.txt", "       WorkplaceTenantName : §"),
    Filed("dsregcmd: device of a work account", "a81c4f02-6d35-4b7e-9c10-52d0f7e3b906", "dsregcmd.txt", "         WorkplaceDeviceId : §"),
    Filed("dsregcmd: second name of an account", "tordisg@gol-exec.example", "dsregcmd.txt", "    Executing Account Name : HOVDOM\\tordisg, §"),
    Filed("ipconfig: second suffix", "lager.mandal-net.example", "ipconfig.txt", "   DNS Suffix Search List. . . . . . : x.example\n                                       §"),
    Filed("ipconfig: DUID", "00-01-00-01-2B-7C-91-E4-0A-2C-41-9D-77-F6", "ipconfig.txt", "   DHCPv6 Client DUID. . . . . . . . : §"),
    Filed("ipconfig: host, Italian", "ITPC-LECCE4", "ipconfig.txt", "   Nome host . . . . . . . . . . . . : §"),
    Filed("ipconfig: suffix, French", "usine.lyon-net.example", "ipconfig.txt", "   Suffixe DNS propre à la connexion. . . : §"),
    Filed("netsh: profile, Italian", "Officina Bari", "netsh_wlan_show_profiles.txt", "    Tutti i profili utente    : §"),
    Filed("msinfo: mapped drive", "nas-alta3", "msinfo32.txt", "Z:\t\\\\§\\felles\tDisk\tDisconnected\tx"),
    Filed("setup: domain to join", "bykle-setup.example", "setupact.log", "2026-05-01 10:00:03, Info       [DJOIN.EXE] Unattended Join: JoinDomain = [§]"),
    Filed("setup: account that joins", "joinuser-mo", "setupact.log", "2026-05-01 10:00:04, Info       [DJOIN.EXE] Unattended Join: Username = [§]"),
]  # fmt: skip

_JOIN_ID = "A81C4F02-6D35-4B7E-9C10-52D0F7E3B907"
_BODY = base64.b64encode(b"\x30\x82\x03\xd2\x31\x2d\x30\x2b\x06\x03\x55\x04\x03\x13\x24" + _JOIN_ID.lower().encode() + b"\x30\x82\x01\x22").decode()  # fmt: skip
_JOIN = json.dumps({"Certificate": {"RawBody": _BODY}, "MembershipChanges": []})
MDM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
EVENTS: list[Planted] = [
    _event("event: shutdown's computer", "SKUTVIKPC", "User32", 1074, param1=r"C:\Windows\System32\shutdown.exe (§)", param2="x", param7="NT AUTHORITY\\SYSTEM"),
    _event("event: shutdown's user", "ingebjorgm", "User32", 1074, param1="x", param2="x", param7="NESDOM\\§"),
    _event("event: remote desktop's user", "olavtveit", "Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1149, Param1="§", Param2="x", Param3="x"),
    _event("event: domain without a controller", "VALDRESDOM", "NETLOGON", 5719, Data=["§", "x"]),
    _event("event: account of a component", "siljebergo", "Microsoft-Windows-DistributedCOM", 10016, param1="x", param6="x", param7="§", param8="x"),
    _event("event: printing user", "terjeholm", "Microsoft-Windows-PrintService", 307, Param1="2", Param2="Print Document", Param3="§", Param4="x"),
    _event("event: enrolment of a task", "A81C4F02-6D35-4B7E-9C10-52D0F7E3B908", "Microsoft-Windows-TaskScheduler", 201, TaskName="\\Microsoft\\Windows\\EnterpriseMgmt\\§\\PushLaunch"),
    _event("event: stick as a volume", "4C530001231105117", "Microsoft-Windows-Kernel-PnP", 410, DeviceInstanceId=r"SWD\WPDBUSENUM\_??_USBSTOR#DISK&VEN_X&PROD_Y&REV_1.00#§&0#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}"),
    _event("event: client in the old form", "203.0.113.77", "Microsoft-Windows-Security-Auditing", 4768, IpAddress="::ffff:§", IpPort="51000"),
    _event("event: Wi-Fi profile in a path", "Rosendal-Ansatt", MDM, 404, Message="x", LocURI="./Vendor/MSFT/WiFi/Profile/§/WlanXml"),
    _event("event: VPN profile in a path", "Kvinnherad Fjern", MDM, 404, Message="x", LocURI="./User/Vendor/MSFT/VPNv2/Kvinnherad%20Fjern/ProfileXML"),
    _event("event: account in a path", "lokalhjelp6", MDM, 404, Message="x", LocURI="./Device/Vendor/MSFT/Accounts/Users/§/Password"),
    _event("event: root in a path", "77F09E21B65A0000C3D1447A1B2C3D4E5F607182", MDM, 404, Message="x", LocURI="./Device/Vendor/MSFT/RootCATrustedCertificates/Root/§/EncodedCertificate"),
    _event("event: remote management's server", "srv-rana7", "Microsoft-Windows-WinRM", 6, connection="§/wsman?PSVersion=5.1.22621.1"),
    _event("event: cleaned by", "vigdisnor", "Microsoft-Windows-Windows Defender", 1117, **{"Remediation User": "LOMDOM\\§"}),
    Planted("event: device in a certificate's body", _JOIN_ID.lower(), "events", {"provider": "Microsoft-Windows-User Device Registration", "event_id": 104, "data": json.dumps({"ServerResponse": _JOIN})}),
    _event("event: policy's principal", "ARDAL-PC31$", "Microsoft-Windows-GroupPolicy", 8004, PrincipalSamName="ARDALDOM\\§", IsMachine="true"),
    _event("event: disk", "A81C4F02-6D35-4B7E-9C10-52D0F7E3B909", "Microsoft-Windows-Partition", 1006, DiskId="{§}", Model="x"),
    _event("event: started by", "audhildk", "Microsoft-Windows-AppReadiness", 209, UserName="x", User="STORDOM\\§"),
]  # fmt: skip

GRAPH = {
    "udid": ("Graph: unique id", "00008112-000A3D8C1A90401E"),
    "notes": ("", "x"),
    "managedDeviceName": ("Graph: managed name", "sverrelund_Windows_5/1/2026_7:40 AM"),
    "activationLockBypassCode": ("Graph: bypass code", "AJ8UK-92GTP-5R9V7-T9WY7-Q2K1J"),
}
"""Fields of a managed device."""
AUTOPILOT = {
    "serialNumber": ("", "x"),
    "resourceName": ("Graph: resource", "Kragero-Resepsjon"),
}
"""Fields of a registration."""
DEVICES = {
    "Device name": ("", "x"),
    "Serial number": ("", "x"),
    "EID": ("device list: eSIM", "89049032004008882600012345678905"),
    "Primary user email address": ("device list: mail", "bodil@hamaroy-m.example"),
    "Wi-Fi IPv4 address": ("device list: address", "203.0.113.91"),
    "Enrolled by": ("device list: who enrolled", "Gunnhild Sand"),
}
"""Columns of a list of devices."""

FILED = [*COMMANDS, *AGENT_LOGS, *REGISTRY, *TEXTS]


def write_export(folder: Path) -> dict[str, str]:
    """Write the files of the list into a folder and return secret by kind."""
    secrets = write_lines(folder, FILED)
    secrets |= write_graph(folder, "managedDevices", "managedDevice", GRAPH)
    identities = "windowsAutopilotDeviceIdentities"
    secrets |= write_graph(folder, identities, "windowsAutopilotDeviceIdentity", AUTOPILOT)
    secrets |= write_row(folder, "Devices.csv", DEVICES)
    return {kind: secret for kind, secret in secrets.items() if kind}
