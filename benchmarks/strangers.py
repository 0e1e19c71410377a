r"""A second list of planted identifiers: whole files as a stranger would write them; every value is invented.

Where identifiers.py plants cells, this plants lines in files that the readers read as they read any export:
nothing here knows a table or a column. No two kinds share a name, a domain or a number, so that none is found
by the help of another. § is the identifier.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from identifiers import Planted, _event
from planted_files import (
    AGENT,
    BURN,
    DUMP,
    EXECUTOR,
    MSI,
    TOOLKIT,
    WORKLOAD,
    Filed,
    write_graph,
    write_json,
    write_lines,
    write_row,
)

if TYPE_CHECKING:
    from pathlib import Path


JWT = ".".join(
    base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
    for part in ({"typ": "JWT", "alg": "RS256"}, {"upn": "jorun@vik-jwt.example", "oid": "a"})
)

AGENT_LOGS = [
    Filed("agent: name of an expected user", "MiraHolm", AGENT, r"[EspHelper] Expected usersid for session 1 with name AzureAD\§ is S-1-5-18"),
    Filed("agent: person with a blank", "Tor Lindvik", AGENT, r"After impersonation: AzureAD\§"),
    Filed("agent: account of a domain", "svc-lagervik", AGENT, r"[Win32App] After impersonation: LAGERDOM\§"),
    Filed("agent: bearer token", JWT, AGENT, "Authorization: Bearer §.c2lnbmF0dXJlc2lnbmF0dXJl"),
    Filed("agent: signature of a download", "kQ7pVd2sX9bLw4TzR1mYc8Hj", AGENT, "content https://cdn.example.net/bin?sv=2021-08-06&se=2026-05-01&sig=§%3D"),
    Filed("agent: short folder", "NORASV~1", AGENT, r"Fetching C:\Users\§\AppData\Local\Temp\x.ps1"),
    Filed("agent: folder, slashes", "ylva.dahlst", AGENT, "file:///C:/Users/§/AppData/Local/Temp/x.ps1"),
    Filed("agent: folder, doubled", "ottar.ness", AGENT, r'{"TempPath":"C:\\Users\\§\\AppData\\Local\\Temp"}'),
    Filed("agent: folder, encoded", "runa.fjell", AGENT, "path=C%3A%5CUsers%5C§%5CAppData"),
    Filed("agent: folder of OneDrive", "Bergtor Werke GmbH", AGENT, r"cannot open D:\OneDrive - §\list.csv"),
    Filed("agent: share", "fs-torvik01", AGENT, r"[Win32App] source \\§\deploy$\setup.msi"),
    Filed("agent: mailbox folder", "ida_solvang_solvang_example", AGENT, "GET https://graph.example/sites/personal/§/Documents"),
    Filed("agent: tenant's site", "havnelund", AGENT, "GET https://§.sharepoint.com/sites/it"),
    Filed("agent: first domain", "fjordmark", AGENT, "discovery for §.onmicrosoft.com"),
    Filed("agent: distinguished name", "PC-MYRVOLD-7", AGENT, "object CN=§,OU=Clients,DC=corp,DC=example"),
    Filed("agent: service principal", "pc-eikeland.lan.example", AGENT, "SPN HOST/§ not found"),
    Filed("agent: address, sixth version", "2001:db8:5a:17::beef", AGENT, "connected from [§]:443"),
    Filed("agent: address, fourth version", "198.51.100.77", AGENT, "Current proxy is http://§:3128/"),
    Filed("agent: telemetry's session", "kari.strand@strand-t.example", AGENT, '[OnSessionChange](OnSessionChange) {"Colmetadata":"Reason;UserUpn","Col1":"SessionLogon","Col2":"§"}'),
    Filed("executor: machine of a transcript", "TRANSPC-41", EXECUTOR, "write output done. output = **********************\nWindows PowerShell transcript start\nMachine: § (Microsoft Windows NT 10.0.22631.0)\n**********************, error = "),
    Filed("executor: user of a transcript", "sigrunby", EXECUTOR, "**********************\nWindows PowerShell transcript start\nUsername: NORDDOM\\§\nConfiguration Name: "),
    Filed("executor: RunAs of a transcript", "halvardmo", EXECUTOR, "**********************\nRunAs User: NORDDOM\\§\nHost Application: powershell.exe"),
    Filed("executor: Windows user, German", "greteholz", EXECUTOR, "**********************\nStart der Windows PowerShell-Aufzeichnung\nBenutzername: OSTDOM\\§\nRunAs-Benutzer: x"),
    Filed("executor: machine, German", "DEPC-HOLZ9", EXECUTOR, "Start der Windows PowerShell-Aufzeichnung\nComputer: § (Microsoft Windows NT 10.0.22631.0)"),
    Filed("executor: list of a computer", "CSNAME-NES5", EXECUTOR, "write output done. output = CsDNSHostName : §\nCsDomain : x, error = "),
    Filed("executor: list of a BIOS", "5CGZ81K7QP", EXECUTOR, "write output done. output = Manufacturer : HP\nSerialNumber : §, error = "),
    Filed("executor: table of a BIOS", "PF4KX0TT", EXECUTOR, "write output done. output = SerialNumber\n------------\n§, error = "),
    Filed("executor: recovery key", "118349-220110-330319-440528-550737-660946-110055-220264", EXECUTOR, "write output done. output = Recovery key §, error = "),
    Filed("executor: whoami", "unnilarsen", EXECUTOR, "write output done. output = vestdom\\§ S-1-5-21-1004336348-1177238915-682003330-1512, error = "),
    Filed("executor: a password", "Sommer!2026x", EXECUTOR, '"setup.exe" /quiet /user:svc /password:§'),
    Filed("executor: key of an organisation", "8d1f0c5be7a94f22b6d3", WORKLOAD, "[Win32App] install line: msiexec /i sensor.msi ORG_TOKEN=§ /qn"),
    Filed("workload: brand", "Lofthus Sparebank", WORKLOAD, '[Win32App][BrandManager] GetBrandingInfo brandingInfoToReturn: {"CompanyName":"§","ContactITPhoneNumber":null}'),
    Filed("workload: contact's phone", "+47 22 31 90 46", WORKLOAD, '[Win32App][BrandManager] UpdateBrandingForToast Set Brand for toast {"ContactITPhoneNumber":"§"}'),
    Filed("workload: contact", "Birk Rostad", WORKLOAD, '[Win32App][BrandManager] Set Brand for toast {"ContactITName":"§","Theme":0}'),
    Filed("workload: session's user", "4f0c71d2-58ab-4e6e-9b1d-70aa11bb22c1", WORKLOAD, "[Win32App] Enumerating SessionIdUserIdMap: 2: §"),
    Filed("workload: signed-in users", "4f0c71d2-58ab-4e6e-9b1d-70aa11bb22c2", WORKLOAD, "[Win32App] loggedInIntuneUserIds = §"),
    Filed("workload: report store", "4f0c71d2-58ab-4e6e-9b1d-70aa11bb22c3", WORKLOAD, "[Win32App][StatusServiceReportsStore] Saved AppInstallStatusReport for user § for app 5f6b1c22-9d40-4a4e-8a0c-000000000011 in the StatusServiceReports registry."),
    Filed("workload: nobody listens", "4f0c71d2-58ab-4e6e-9b1d-70aa11bb22c4", WORKLOAD, "[Win32App][RealTimeStatusManager] Not sending status update for user with id: § and app: 5f6b1c22-9d40-4a4e-8a0c-000000000011 because there is currently no subscriber for status updates."),
    Filed("workload: notification's channel", "BgAAAPq81vZxT0aKd", AGENT, "[ReadChannelUriFromRegistry] Read successfully, info is https://db5.notify.windows.com/?token=§ 5/1/2026 9:00:00,NoSync,1,,"),
]  # fmt: skip

INSTALLERS = [
    Filed("msi: user", "eskilrud", MSI, r"MSI (s) (A4:10) [10:00:01:000]: Executing op for user SORDOM\§"),
    Filed("msi: LogonUser", "Frida Hauge", MSI, "Property(S): LogonUser = §"),
    Filed("msi: USERNAME", "gunnarlie", MSI, "Property(S): USERNAME = §"),
    Filed("msi: ComputerName", "MSIPC-2207", MSI, "Property(S): ComputerName = §"),
    Filed("msi: company", "Kvalheim Bygg AS", MSI, "Property(S): COMPANYNAME = §"),
    Filed("msi: source", "dist-kvam02", MSI, r"MSI (s) (A4:10) [10:00:02:000]: SOURCEDIR ==> \\§\msi$\ "),
    Filed("msi: command line", "PIDKEY-77QX-10ZR", MSI, "MSI (c) (A4:10) [10:00:03:000]: Command Line: PIDKEY=§ CURRENTDIRECTORY=C:\\ CLIENTUILEVEL=3"),
    Filed("burn: source", "leifbakke", BURN, r"[0A10:0B20][2026-05-01T10:00:01]i000: Setting string variable 'WixBundleOriginalSource' to value 'C:\Users\§\Downloads\setup.exe'"),
    Filed("burn: user", "MagnhildRud", BURN, "[0A10:0B20][2026-05-01T10:00:02]i000: Setting string variable 'LogonUser' to value '§'"),
    Filed("burn: computer", "BURNPC-3318", BURN, "[0A10:0B20][2026-05-01T10:00:02]i000: Setting string variable 'ComputerName' to value '§'"),
    Filed("toolkit: computer", "ADTPC-5512", TOOLKIT, "[05-01-2026 10:00:00.000] [Initialization] [Open-ADTSession] [Info] :: Computer Name is [§]"),
    Filed("toolkit: user", "oddnyhaug", TOOLKIT, "[05-01-2026 10:00:01.000] [Initialization] [Open-ADTSession] [Info] :: Current User is [TELEDOM\\§]"),
    Filed("toolkit: users", "peragnes", TOOLKIT, "[05-01-2026 10:00:02.000] [Initialization] [Open-ADTSession] [Info] :: The following users are logged on to the system: [AzureAD\\§]."),
    Filed("toolkit: domain", "innlandet.example", TOOLKIT, "[05-01-2026 10:00:03.000] [Initialization] [Open-ADTSession] [Info] :: Device is domain-joined to domain [§]"),
]  # fmt: skip

REGISTRY = [
    Filed("registry: last person's name", "Ragnhild Moe", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\authentication\logonui|LastLoggedOnDisplayName|§"),
    Filed("registry: last person", "sveinnygard", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\authentication\logonui|LastLoggedOnUser|AzureAD\§"),
    Filed("registry: logon server", "DCVOSS03", DUMP, r"HKEY_CURRENT_USER\volatile environment|LOGONSERVER|\\§"),
    Filed("registry: environment's user", "trudevoll", DUMP, r"HKEY_CURRENT_USER\volatile environment|USERNAME|§"),
    Filed("registry: computer", "REGPC-9021", DUMP, r"HKEY_LOCAL_MACHINE\system\currentcontrolset\control\computername\activecomputername|ComputerName|§"),
    Filed("registry: address of a lease", "203.0.113.41", DUMP, r"HKEY_LOCAL_MACHINE\system\currentcontrolset\services\tcpip\parameters\interfaces\{1}|DhcpIPAddress|§"),
    Filed("registry: OneDrive", "vilde@aas-one.example", DUMP, r"HKEY_CURRENT_USER\software\microsoft\onedrive\accounts\business1|UserEmail|§"),
    Filed("registry: display name of OneDrive", "Hamarvann Kraft", DUMP, r"HKEY_CURRENT_USER\software\microsoft\onedrive\accounts\business1|DisplayName|§"),
    Filed("registry: machine's GUID", "c2aa0f3e-2b65-4c0d-8f77-5e1d2c3b4a01", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\cryptography|MachineGuid|§"),
    Filed("registry: update client", "c2aa0f3e-2b65-4c0d-8f77-5e1d2c3b4a02", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\windowsupdate|SusClientId|§"),
    Filed("registry: update server", "wsus-mosjo.intern.example", DUMP, r"HKEY_LOCAL_MACHINE\software\policies\microsoft\windows\windowsupdate|WUServer|http://§:8530"),
    Filed("registry: directory's name", "Nordkyn Fiskeri", DUMP, r"HKEY_LOCAL_MACHINE\system\currentcontrolset\control\clouddomainjoin\tenantinfo\x|DisplayName|§"),
    Filed("registry: organisation", "Tysfjord Kommune", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion|RegisteredOrganization|§"),
    Filed("registry: cached logon", "w.ulvik@ulvik-id.example", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\identitystore\logoncache\x\name2sid\x|IdentityName|§"),
    Filed("registry: Wi-Fi profile in XML", "Skogheim-Intern", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\wifi|WlanXml|<WLANProfile><name>x</name><SSIDConfig><SSID><name>§</name></SSID></SSIDConfig></WLANProfile>"),
    Filed("registry: certificate's subject", "DEV-SERIAL-40117", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\scep\x|SubjectName|CN=§;O=x"),
    Filed("registry: install source", "inst-finse1", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\uninstall\x|InstallSource|\\§\apps\x"),
    Filed("registry: VPN", "vpn.hemsedal.example", DUMP, r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\vpn\x|ServerAddress|§"),
]  # fmt: skip

TEXTS = [
    Filed("dsregcmd: directory's name", "Setesdal Verk AS", "dsregcmd.txt", "             TenantName : §"),
    Filed("dsregcmd: user", "asta@setesd-d.example", "dsregcmd.txt", "          User Identity : §"),
    Filed("ipconfig: host, German", "DEHOST-118", "ipconfig.txt", "   Hostname  . . . . . . . . . . . . : §"),
    Filed("ipconfig: suffix, German", "werk.halden-net.example", "ipconfig.txt", "   Primäres DNS-Suffix . . . . . . . : §"),
    Filed("ipconfig: address, German", "203.0.113.142", "ipconfig.txt", "   IPv4-Adresse  . . . . . . . . . . : §(Bevorzugt)"),
    Filed("ipconfig: card, German", "0A-2C-41-9D-77-E1", "ipconfig.txt", "   Physische Adresse . . . . . . . . : §"),
    Filed("netsh: profile", "Kontor Vardo", "netsh_wlan_show_profiles.txt", "    All User Profile     : §"),
    Filed("netsh: profile, German", "Werkstatt Bodo", "netsh_wlan_show_profiles.txt", "    Profil für alle Benutzer : §"),
    Filed("msinfo: system", "INFOPC-6605", "msinfo32.txt", "System Name\t§"),
    Filed("msinfo: user", "tyrihansen", "msinfo32.txt", "User Name\tRANADOM\\§"),
    Filed("msinfo: card", "0A:2C:41:9D:77:E2", "msinfo32.txt", "MAC Address\t§"),
    Filed("setup: account", "ullaberg", "setupact.log", "2026-05-01 10:00:00, Info       [msoobe.exe] Created local account [§]"),
    Filed("setup: computer's name", "SETUPPC-77", "setupact.log", "2026-05-01 10:00:01, Info       [windeploy.exe] Setting computer name to §"),
    Filed("setup: folder", "viggolund", "setupact.log", r"2026-05-01 10:00:02, Info       [oobeldr.exe] Loading hive C:\Users\§\NTUSER.DAT"),
]  # fmt: skip

PROFILE = {
    "CloudAssignedTenantId": ("configuration: tenant", "5e6d9a10-77c1-49d2-a3b4-0f1e2d3c4b51"),
    "CloudAssignedTenantDomain": ("configuration: domain", "alta-conf.example"),
    "CloudAssignedDeviceName": ("configuration: name of devices", "ALTAVG-%SERIAL%"),
    "ZtdCorrelationId": ("configuration: correlation", "5e6d9a10-77c1-49d2-a3b4-0f1e2d3c4b52"),
    "CloudAssignedTenantUpn": ("configuration: person", "dagny@alta-upn.example"),
}
"""Fields of a profile that lies on the device for an offline start."""
SERVER_DATA = ("configuration: server's data", "tana-aad.example")

GRAPH = {
    "userDisplayName": ("Graph: person", "Embla Kvien"),
    "emailAddress": ("Graph: mail", "embla.k@kvien-g.example"),
    "deviceName": ("Graph: device", "GRAPHPC-818"),
    "serialNumber": ("Graph: serial", "GSN70A41"),
    "imei": ("Graph: IMEI", "356938035643809"),
    "ethernetMacAddress": ("Graph: card", "0A2C419D77E3"),
    "azureADDeviceId": ("Graph: directory's device", "77d0c1ea-61b5-4b0c-93f2-1a2b3c4d5e61"),
}
"""Fields of a managed device."""
AUTOPILOT = {
    "serialNumber": ("Graph: registered serial", "ASN-22-4410"),
    "purchaseOrderIdentifier": ("Graph: order", "PO-88134-NO"),
    "addressableUserName": ("Graph: greeting", "Solveig Aune"),
    "displayName": ("Graph: name of a registration", "Aune-Kasse-2"),
    "productKey": ("Graph: product key", "XK4TQ-99VBN-7HHM2-P0LLR-3CDWE"),
    "azureActiveDirectoryDeviceId": ("Graph: registration's device", "77d0c1ea-61b5-4b0c-93f2-1a2b3c4d5e62"),
}
"""Fields of a registration."""

CSVS = {
    "EnrollmentActivity.csv": {
        "DeviceName": ("report: device", "CSVPC-3001"),
        "SerialNumber": ("report: serial", "CSN-801-22"),
        "UPN": ("report: person", "liv@rjukan-csv.example"),
        "UserId": ("report: person's id", "91b7cc04-0c55-4e1b-a7a8-2b3c4d5e6f71"),
        "FailureDetails": ("report: person in a reason", "knut@odda-csv.example"),
    },
    "Devices.csv": {
        "Device name": ("device list: device", "Ward-Trolley-9"),
        "Serial number": ("device list: serial", "WSN-3310-K"),
        "Primary user UPN": ("device list: person", "maud@tromso-en.example"),
        "Primary user display name": ("device list: person's name", "Maud Ingstad"),
        "Wi-Fi MAC": ("device list: card", "0A2C419D77E5"),
        "Phone number": ("device list: phone", "+44 1632 960 517"),
        "Device ID": ("device list: id", "91b7cc04-0c55-4e1b-a7a8-2b3c4d5e6f72"),
    },
    "Geraete.csv": {
        **dict.fromkeys(
            ("Device ID", "Device name", "OS version", "Ownership", "Compliance", "Manufacturer"), ("", "x")
        ),
        **dict.fromkeys(("Model", "Managed by", "Primary user UPN"), ("", "x")),
        "Gerätename": ("German device list: device", "Kasse-Sued-04"),
        "Seriennummer": ("German device list: serial", "DSN-9902-C"),
        "Primärer Benutzer – UPN": ("German device list: person", "jette@vollmar-de.example"),
        "Primärer Benutzer – Anzeigename": ("German device list: person's name", "Jette Quast"),
        "Telefonnummer": ("German device list: phone", "+49 30 90182 4471"),
        "WLAN-MAC": ("German device list: card", "0A2C419D77E4"),
        "Verwaltungsname": ("German device list: management's name", "jquast_Windows_5/1/2026_9:00 AM"),
    },
}

EVENTS: list[Planted] = [
    _event("event: authority of a token", "2f51b0aa-9c1e-4d35-8d7a-6a7b8c9d0e11", "Microsoft-Windows-AAD", 1097, Message="Logged at OAuthTokenRequestBase.cpp, authority: https://login.microsoftonline.com/§, client: 29d9ed98"),
    _event("event: scanned by", "brageloen", "Microsoft-Windows-Windows Defender", 1116, **{"Detection User": "VIKDOM\\§"}),
    _event("event: task's user", "cathrineeng", "Microsoft-Windows-TaskScheduler", 110, UserContext="FJELLDOM\\§", TaskName="\\x"),
    _event("event: download's owner", "dyrefoss", "Microsoft-Windows-Bits-Client", 3, jobTitle="x", jobOwner="SKOGDOM\\§"),
    _event("event: script's host", "ellingsve", "PowerShell", 400, Data=["Available", "HostApplication=powershell.exe -File C:\\Users\\§\\a.ps1"]),
    _event("event: pipeline's user", "frankhol", "Microsoft-Windows-PowerShell", 4103, ContextInfo="        Severity = Informational\n        User = BYDOM\\§\n        Shell ID = x"),
    _event("event: script's password", "Vinter#8841", "Microsoft-Windows-PowerShell", 4104, ScriptBlockText="$p = ConvertTo-SecureString '§' -AsPlainText -Force"),
    _event("event: asked name", "intranet.gjovik-dns.example", "Microsoft-Windows-DNS-Client", 3008, QueryName="§", QueryType=1),
    _event("event: file server", "smb-gol04", "Microsoft-Windows-SMBClient", 30803, ServerName="\\§"),
    _event("event: client of WMI", "WMIPC-4419", "Microsoft-Windows-WMI-Activity", 5858, ClientMachine="§", User="x\\y"),
    _event("event: ticket's target", "hsrv12.hol-krb.example", "Microsoft-Windows-Security-Kerberos", 4, Server="HOST/§"),
    _event("event: local password of", "lapsroot77", "Microsoft-Windows-LAPS", 10020, AccountName="§"),
    _event("event: certificate's holder", "ingunn@cap-two.example", "Microsoft-Windows-CAPI2", 11, XML='<CertGetCertificateChain><Certificate fileRef="x" subjectName="§"/></CertGetCertificateChain>'),
    _event("event: Wi-Fi profile", "Nattland 5G", "Microsoft-Windows-WLAN-AutoConfig", 8000, ProfileName="§", InterfaceDescription="x"),
    _event("event: domain of a policy", "osterdal-gp.example", "Microsoft-Windows-GroupPolicy", 5326, DomainName="§"),
    _event("event: join's server", "Sunniva Teig", "Microsoft-Windows-User Device Registration", 374, UserDisplayName="§"),
    _event("event: MDM answer", "petra@mdm-answer.example", "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider", 76, Message="Enrolment refused for §"),
    _event("event: token of a join", "AQABAAAAAADX8GCi6Js6SK82TsD2Pb7r", "Microsoft-Windows-User Device Registration", 349, AuthToken="§"),
    _event("event: proxied host", quote("proxy.lom-pac.example"), "Microsoft-Windows-WinHttp", 5, ProxyList="PROXY §:8080"),
    Planted("screen: chosen network", "Fjellstue Gjest", "screens", {"screen": "OobeWireless", "choices": json.dumps({"ssid": "Fjellstue Gjest"})}),
    Planted("screen: chosen name", "OOBENAME-31", "screens", {"screen": "OobeDeviceName", "choices": json.dumps({"deviceName": "OOBENAME-31"})}),
]  # fmt: skip

FILED = [*AGENT_LOGS, *INSTALLERS, *REGISTRY, *TEXTS]


def write_export(folder: Path) -> dict[str, str]:
    """Write the files of the list into a folder and return secret by kind."""
    secrets = write_lines(folder, FILED)
    server = json.dumps(
        {"ZeroTouchConfig": {"CloudAssignedTenantDomain": SERVER_DATA[1], "ForcedEnrollment": 1}}
    )
    profile = {name: secret for name, (_, secret) in PROFILE.items()}
    write_json(
        folder / "AutopilotConfigurationFile.json",
        {"Version": 2049, "Comment_File": "Profile x", **profile, "CloudAssignedAadServerData": server},
    )
    secrets |= write_graph(folder, "managedDevices", "managedDevice", GRAPH)
    identities = "windowsAutopilotDeviceIdentities"
    secrets |= write_graph(folder, identities, "windowsAutopilotDeviceIdentity", AUTOPILOT)
    for file, cells in CSVS.items():
        secrets |= write_row(folder, file, cells)
    return secrets | dict([*PROFILE.values(), SERVER_DATA])
