"""Valid inputs to start from: what the samples room writes, small invented texts, genuine files beside us."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from functools import cache
from itertools import islice
from pathlib import Path

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.samples import write_sample
from autopilot_analysis.samples.device.oobe_capture import oobe_capture
from autopilot_analysis.samples.fleet.files import (
    graph_pages,
    identity_pages,
    log_analytics_csv,
    report_v1_csv,
    report_v2_csv,
)
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

ROOT = Path(__file__).parents[2]
GENUINE = ROOT.parent / "shared" / "real"
LAYOUTS = ("cab", "diaglogs_flattened", "diaglogs_numbered", "page", "folder")

LISTS = (
    "Date (UTC),Username,Application,Status,Sign-in error code,Failure reason\r\n"
    "2026-05-05T09:03:00Z,u@example.com,Microsoft Intune Enrollment,Failure,53003,Blocked\r\n",
    "PolicyId,PolicyName,IntuneDeviceId,PolicyStatus\np,Disk,d-1,Conflict\np,Disk,d-2,6\n",
    "PolicyId,DeviceId,AggregateState,AggregateState_loc,LatestAlertMessage\np,d-1,4,Error,SafeguardHold\n",
    "DetectionScriptStatus,DetectionStatus,DeviceId,DisplayName,OSVersion,PolicyId,RemediationStatus\n"
    "With issues,2,d-1,Mend,10.0.26100.1,p,3\n,1,d-2,Mend,10.0.26100.1,p,1\n",
    "displayName,operatingSystemVersion,joinType (trustType),approximateLastSignInDateTime,deviceId,model\n"
    "PC-1,10.0.22631.1,Microsoft Entra joined,2026-05-06T14:41:35Z,a-1,Slate 3\n",
    "Rollout;;;;;;\nNr.;Datum;Seriennr.;Standort;Dauer (Min.);Ergebnis;Bemerkung\n"
    + "".join(
        f"{n};0{n}.03.2026;SN{n:04};Jena;3{n};{('i.O.', 'n.i.O.')[n % 2]};rot, 0x80070490\n"
        for n in range(1, 7)
    ),
    "Beginn;Seriennummer;Benutzer;Autopilot-Profil;Status;Dauer\n"
    + "".join(
        f"0{n % 9 + 1}.03.2026 09:00;SN{n:04};u@example.com;AP;Erfolg;00:4{n % 9}:10\n" for n in range(12)
    ),
)
"""Reports of the service that the samples room does not write."""
RUNS = (
    '{"@odata.context": "x", "value": [{"id": "p_d-1", "detectionState": "fail", "remediationState": "skipped", '
    '"lastStateUpdateDateTime": "2026-06-01T08:00:00Z"}, {"id": "p_d-2", "detectionState": "success"}]}'
)
"""A page of the runs of a remediation."""
SIGN_INS = (
    '{"value": [{"createdDateTime": "2026-05-05T09:03:00Z", "appDisplayName": "Microsoft Intune Enrollment", '
    '"conditionalAccessStatus": "failure", "status": {"errorCode": 53003}, "deviceDetail": {"deviceId": "d"}, '
    '"appliedConditionalAccessPolicies": [{"displayName": "Disk", "result": "failure"}]}]}'
)

TEXTS: dict[str, list[str]] = {
    "cmtrace": [
        "[HS] Get 2 active user sessions\r\n[Win32App] process id = 41\r\nsomething else\r\n",
        '<![LOG[one]LOG]!><time="01:02:03.5" date="8-4-2026" component="A" context="" type="1" thread="4" file="">\n'
        '<![LOG[exit code is 16]LOG]!><time="01:02:09.5" date="8-4-2026" compo',
    ],
    "dsregcmd": [
        "C:\\>dsregcmd /join /debug\r\n\r\npreCheckResult: Join\r\nAdalErrorCode: 0x2ee7\r\n"
        "wmain: failed with error code 0x801c0021.\r\n   AzureAdJoined : NO\r\nDeviceAuthStatus : SUCCESS\r\n"
        "  Server Error Description : AADSTS50126: Wrong name.\r\nTrace ID: 1\r\n\r\nEnterprisePrt : NO\r\n"
    ],
    "aik_text": [
        "Good morning, it stops with 0x81039001:\n\nEnrollStatus(9): CR_DISP_DENIED (2)\n"
        '{"Message":"No valid TPM EK/Platform certificate provided"}\nHTTP/1.1 400 Bad Request\nPS C:\\> exit\n',
        "Certificate chain\r\n  Subject: CN=AIK\r\n  AIK certificate: present\r\nHRESULT: 0x80090034\r\n",
    ],
    "tpm_text": [
        "tpmtool getdeviceinformation\r\n\r\n-TPM Present: True\r\n-TPM Version: 2.0\r\n-Lockout Information:\r\n"
        "\t-Is Locked Out: False\r\n-TPM Errata Date: Friday, March 02, 2018\r\n"
    ],
    "registry_notes": [
        'HKLM\\SOFTWARE\\Example\\AAAA\r\n  Type   = 0x6   (Example)\r\n  Name = "Example Server"\r\n\r\n'
        "[HKEY_CURRENT_USER\\Software\\Example]\r\n  Address = https://example.com/?a=b\r\n"
    ],
    "uefi_text": [
        "2026-05-01T10:00:00\r\nUEFI is supported.\r\n"
        "Namespace: {8BE4DF61-93CA-11D2-AA0D-00E098032B8C}, variable name: EXAMPLE\r\nValue: 01\r\n"
        "Namespace: {8BE4DF61-93CA-11D2-AA0D-00E098032B8C}, variable name: OTHER\r\nError: 0x800700CB\r\n"
    ],
    "winhttp_proxy": [
        "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  proxy.example.com:8080\r\n"
    ],
    "ipconfig": [
        "Windows IP Configuration\r\n\r\n   Host Name . . . : AP-0001\r\n\r\n"
        "Ethernet adapter Ethernet:\r\n\r\n"
        "   IPv4 Address. . : 192.0.2.10(Preferred)\r\n   DNS Servers . . : 192.0.2.1\r\n      192.0.2.2\r\n"
    ],
    "netsh_wlan": [
        "There is 1 interface on the system:\r\n\r\n    Name : Wi-Fi\r\n"
        "    State : connected\r\n    SSID : a:b\r\n"
    ],
    "diagnostics_screen": [
        "AUTOPILOT DIAGNOSTICS\r\n\r\nProfile: Pool\r\nOobeConfig: 1310\r\nScenario: Hybrid Azure AD Join\r\n"
        "DEVICE ESP:\r\n 2026-03-02 08:00:00Z\r\n"
        " Win32 Win32App_11111111-2222-4333-8444-555555555555_1 : 4 (Error / Failed, rc = 1603)\r\n"
        "USER ESP for S-1-12-1-1-2-3-4:\r\n"
        " MSI {11111111-2222-4333-8444-555555555555} : 60 (Enforcement Failed)\r\n\r\n"
        "OBSERVED TIMELINE:\r\n\r\n"
        "2026-03-02 08:00:00Z \x1b[93mWaiting for ODJ blob\x1b[0m Offline Domain Join\r\n",
    ],
    "command_outputs": [
        "C:\\>reagentc /info\r\n    Windows RE status:         Disabled\r\n"
        "REAGENTC.EXE: The Windows RE image was not found.\r\n\r\n    EditionID    REG_SZ    Core\r\n"
        "OS Name:                       Microsoft Windows 11 Home\r\n",
        "C:\\>sc qc wlidsvc\r\nSERVICE_NAME: wlidsvc\r\n        START_TYPE         : 4   DISABLED\r\n"
        "PS C:\\> netsh winhttp show proxy\r\n\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  a:8080\r\n"
        "C:\\>nslookup a.example.com\r\nName:    a.example.com\r\nAddress:  10.0.0.9\r\n"
        "C:\\>curl http://a.example.com\r\nLocation: http://b.example.com/\r\nWindows IP Configuration\r\n"
        "   Gateway . . . : 192.0.2.1\r\n",
    ],
    "certificates": [
        "================ Certificate 0 ================\r\nIssuer: CN=A\r\n NotAfter: 9/2/2026 8:11 AM\r\n",
    ],
    "manage_bde": [
        "Volume C: [Windows]\r\n[OS Volume]\r\n\r\n    Size:                 237.85 GB\r\n"
        "    Conversion Status:    Fully Encrypted\r\n    Protection Status:    Protection Off (1 reboots left)\r\n"
        "    Key Protectors:\r\n        TPM\r\n        Numerical Password\r\n\r\nVolume D: [Data]\r\n[Data Volume]\r\n",
    ],
    "import_screen": [
        "Gathered details for device with serial number: AB12CD\r\nAdding New Device serial AB12CD\r\n"
        "Waiting for 1 of 1 to be imported\r\nAB12CD: complete 0 None\r\nEF34GH: error 808 ZtdDeviceAssigned\r\n"
        "ApiException: HTTP request failed with status code: 429.\r\n",
        "Invoke-MgGraphRequest : POST https://graph.microsoft.com/beta/deviceManagement/things\nHTTP/1.1 400 Bad Request\n"
        'Date: Thu, 14 May 2026 07:12:09 GMT\n{"error":{"code":"BadRequest","message":"{\\r\\n  \\"Message\\": \\"No. - '
        'Operation ID: 1\\"}"}}\n',
        '{"error": {"code": "UnknownError", "message": "{\\"ErrorCode\\":\\"Forbidden\\",\\"Message\\":\\"No.\\"}"}}\n',
    ],
    "script_states": [
        '"detectionState": "fail",\r\n  "preRemediationDetectionScriptError": "Get-Item : \\"x\\" is away\\r\\nAt a:1",\r\n'
        '  "remediationScriptOutput": "",\r\n  "remediationScriptError": "cut',
    ],
    "quotes": [
        "Something went wrong.\r\nContact your system administrator with the error code 801c03ed\r\n"
        "Server message: no\r\nTimestamp: 2026-03-17T06:37:03Z\r\n",
        "In account setup: Apps (0x81036502)\nGet-WindowsAutopilotInfo.ps1\n  + : MI RESULT 1,a.GetCimInstanceCommand\n"
        "PSAppDeployToolkit: Execution failed with exit code [1639].\n",
        "> **Hi**,<br>\n> MDM enroll failed: all went well. (0x80190190 - 2149122448)\n> `encrypt: -2147024809`\n",
        "> Rename-Computer : exception: The account already\n> exists.\n> At line:1 char:1\n> + Rename-Computer -x\n"
        ">     + CategoryInfo : x: (a:String) [x], x\n>     + FullyQualifiedErrorId : FailToRenameComputer,x\n",
    ],
    "page_status": [
        '{"category": "DeviceSetup", "subcategories": {"Certificates": {"state": "failed", "statusText": "no"},\n[...]\n',
        'AccountSetupCategory.Status REG_SZ {"AccountSetup.AppsSubcategory":{"subcategoryState":"failed"',
    ],
    "firewall": [
        "\r\nPublic Profile Settings: \r\n----------------------------------------\r\nState                 ON\r\n"
        "Firewall Policy       BlockInbound,AllowOutbound\r\n\r\nLogging:\r\nLogAllowedConnections   Disable\r\nOk.\r\n",
    ],
    "listed_objects": [
        "PS C:\\> Get-Tpm\r\n\r\nTpmPresent        : True\r\nTpmReady          : False\r\nManufacturerIdTxt : NTC\r\n",
        "WARNING: Name resolution of app.example.com failed\r\n\r\nComputerName     : app.example.com\r\n"
        "RemotePort       : 443\r\nTcpTestSucceeded : False\r\n\r\ncurl: (6) Could not resolve host: a.example.com\r\n",
        "TimeCreated : 5/14/2026 9:02:11 AM\nLevelName   : Info\nMessage     : a wrapped \n              value {a, b}\n"
        "Function    : CExample::Run\n\nName  : Fan\nSpeed : 4\nNotes : @{a=b; c=}\n",
    ],
    "client_setup_log": [
        "==========[ ccmsetup started in process 4321 ]==========\r\nFailed to get AAD token, 0x87d00231\r\n"
        "CcmSetup failed with error code 0x80004005\r\n",
        '<![LOG[CcmSetup is exiting with return code 0]LOG]!><time="10:00:00.000+060" date="03-02-2026" '
        'component="ccmsetup" context="" type="1" thread="4321" file="ccmsetup.cpp:1">\r\n',
    ],
    "update_log": [
        "2026/03/02 08:15:00.1234567 1044  4472  Agent           *FAILED* [8024402C] Method failed\r\n"
        "2026/03/02 08:15:01.1234567 1044  4472  Agent           Exit code = 0x8024402C\r\n",
        "2026-03-02\t08:15:00:123\t1044\t1178\tAU\tWARNING: SyncServerUpdates failed: 0x80072efe\r\n",
    ],
    "dosvc_log": [
        "2026-03-02T08:15:00.1234567Z  1a2b  3c4d Info  {CSwarm::Start} Job "
        "11111111-2222-4333-8444-555555555555, Uri = https://example.com/a, bytes: [File: 4096], hr = 0\r\n"
        "2026-03-02T08:15:09.1234567Z  1a2b  3c4d Error {CSwarm::End} jobId = "
        "11111111-2222-4333-8444-555555555555, downloadMode = 1, hr = 80d02002\r\n",
    ],
    "transcript": [
        "**********************\r\nWindows PowerShell transcript start\r\nStart time: 20260302081500\r\n"
        "Machine: AP-0001 (Microsoft Windows NT 10.0.22631.0)\r\n"
        "Host Application: powershell.exe -File C:\\Example\\one.ps1\r\n**********************\r\n"
        'PS>TerminatingError(Get-Item): "Cannot find path."\r\n**********************\r\nEnd time: 20260302081501\r\n',
    ],
    "own_log": [
        "2026-05-01 10:00:00 Update Helper setup begins\r\n2026-05-01 10:00:07 ERROR: package not found, code 1603\r\n"
        "warning: nothing was changed\r\nended, 0 errors\r\n",
        "[3/19/2026 6:14:05 PM] one\r\n2026-05-01T10:00:00+01:00 ERR two\r\n2026-05-01T10:00:07.5Z three\r\n",
    ],
    "netsetup_log": [
        "05/01/2026 10:00:00:617 ----\r\n05/01/2026 10:00:00:617 NetpDoDomainJoin\r\n"
        "NetpCreateComputerObjectInDs: failed: 0x216d\r\n05/01/2026 10:00:02:001 NetpDoDomainJoin: status: 0x216d\r\n",
        "Why?\n```\n> mm/dd/yyyy hh:mm:ss:ms NetpGetComputerObjectDn: (Account already exists) DN = CN=A\n"
        "*\\<DateTime>* NetpReadAccountReuseModeFromAD: Got 0 Entries.\n```\n",
    ],
    "answer_file": [
        '<?xml version="1.0"?>\n<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem">'
        '<component name="Microsoft-Windows-Shell-Setup"><OOBE><SkipMachineOOBE>true</SkipMachineOOBE></OOBE>'
        "<UserAccounts><LocalAccounts><LocalAccount/></LocalAccounts></UserAccounts></component></settings>"
        "</unattend>\n",
    ],
    "msinfo": [
        "System Information report written at: 05/01/26 10:00:00\r\nSystem Name: AP-0001\r\n"
        "[System Summary]\r\n\r\nItem\tValue\r\nOS Name\tMicrosoft Windows 11 Pro\r\nProcessor\tx, 4 Core(s)\r\n"
        "[Hardware Resources]\r\n\r\n[Conflicts/Sharing]\r\n\r\nResource\tDevice\r\nMemory\tBus\tPort\r\n"
    ],
    "systeminfo": [
        "Host Name:                     AP-0001\r\nOS Name:                       Microsoft Windows 11 Pro\r\n"
        "OS Version:                    10.0.26100 N/A Build 26100\r\nOS Manufacturer:               Microsoft\r\n"
    ],
    "mdm_report_html": [
        "<html><head><title>MDM Diagnostic Report</title></head><body>"
        '<div class="SectionTitle">Managed policies</div><table><thead><tr><th>Area</th><th>Policy</th>'
        "<th>Default Value</th><th>Current Value</th><th>Target</th><th>Dynamic</th><th>Config Source</th></tr>"
        "</thead><tbody><tr><td>Update</td><td>Pause</td><td>0</td><td>1 &lt; 2</td><td>device</td><td>Yes</td>"
        "<td>Example</td></tr></tbody></table></body></html>"
    ],
    "configuration_file_json": [
        '{"CloudAssignedTenantId":"00000000-0000-0000-0000-000000000001","Version":2049,"Comment_File":"x",'
        '"CloudAssignedAadServerData":"{\\"ZeroTouchConfig\\":{\\"CloudAssignedTenantDomain\\":\\"example.com\\"}}"}'
    ],
    "msi_log": [
        "=== Verbose logging started: 28/09/2025  23:59:58  Build type: SHIP UNICODE 5.00.10011.00  "
        "Calling process: C:\\Windows\\system32\\msiexec.exe ===\r\n"
        "MSI (c) (FC:E0) [23:59:58:060]: ******* RunEngine:\r\n           ******* Product: C:\\x\\viewer.msi\r\n"
        "\r\nProperty(S): ProductCode = {0D1E2F3A-1111-4222-8333-444455556666}\r\n"
        "CustomAction Write returned actual error code 1603 (note this may not be 100% accurate)\r\n"
        "Action ended 0:00:14: InstallFinalize. Return value 3.\r\n"
        "MSI (s) (8C:BC) [00:00:15:092]: MainEngineThread is returning 1603\r\n"
        "=== Verbose logging stopped: 29/09/2025  0:00:15 ===\r\n"
    ],
    "burn_log": [
        "[1CBC:293C][2025-06-15T13:04:13]i001: Burn v3.11.1.2318, Windows v10.0, path: C:\\setup.exe\r\n"
        "[1CBC:293C][2025-06-15T13:04:20]w120: Detected partially cached package\r\n  its second line\r\n"
        "[0D74:29C4][2025-06-15T13:04:24]e000: Error 0x80070643: Failed to install MSI package.\r\n"
        "[1CBC:293C][2025-06-15T13:04:25]i399: Apply complete, result: 0x80070643, restart: None\r\n"
    ],
    "winget_log": [
        "2026-03-10 05:47:11.002 <I> [CORE] WinGet, version [1.10.340], activity [{x}]\r\n"
        "2026-03-10 05:47:11.012 [CLI ] WinGet invoked with arguments: 'install' '--id' 'Contoso.Reader'\r\n"
        "  a second line\r\n2026-03-10 05:47:15.285 <E> [CLI ] ShellExecute installer failed: 3762504530\r\n"
    ],
    "toolkit_log": [
        "[05-28-2026 16:40:39.881] [Initialization] [PSAppDeployToolkit] :: [Example] setup started.\r\n"
        "[05-28-2026 16:40:41.901] [Installation] [Execute-Process] :: Failed with exit code [1603].\r\n",
        "[2025-08-02T17:43:39.3700000+02:00] [Install] [Start-ADTProcess] [Error] :: Failed with [1639].\r\n"
        "Error Record:\r\n-------------\r\n\r\nMessage : invalid argument\r\n",
        "<![LOG[[Install] :: Execution failed with exit code [1603].]LOG]!>"
        '<time="10:51:55.896+60" date="5-26-2026" component="Start-ADTProcess" context="x" type="3" '
        'thread="19168" file="C:\\Toolkit\\PSAppDeployToolkit.psm1">\r\n',
    ],
    "event_list": [
        "Level,Date and Time,Source,Event ID,Task Category\r\n"
        "Error,5/14/2026 9:02:11 AM,DeviceManagement-Enterprise-Diagnostics-Provider,71,None,"
        '"MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)"\r\n'
        "Information,5/14/2026 9:01:11 AM,User Device Registration,102,None,"
        '"Inputs:\r\n JoinRequest: 1 (DEVICE)"\r\n',
        "Ebene\tDatum und Uhrzeit\tQuelle\tEreignis-ID\tAufgabenkategorie\r\n"
        "Fehler\t12.05.2026 09:10:04\tModernDeployment-Diagnostics-Provider\t301\tKeine\t"
        "Overall error 0x800705B4, last reported stage AADEnroll.\r\n",
        '#TYPE Selected.System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"TimeCreated","Id","Message"\r\n'
        '"2026-05-12 09:10:04","813","MDM PolicyManager: Set policy int, Policy: (A), Area: (B)"\r\n',
        '[{"TimeCreated":"\\/Date(1778050931123)\\/","Id":76,"ProviderName":"Microsoft-Windows-DeviceManagement-'
        'Enterprise-Diagnostics-Provider","UserId":{"Value":"S-1-5-18"},"Properties":[{"Value":0},'
        '{"Value":2149056554}],"Message":"Auto MDM Enroll"},{"TimeCreated":"2026-05-06T10:00:11+02:00","Id":4}]',
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><Props>'
        '<I32 N="Id">71</I32><S N="ProviderName">User32</S><DT N="TimeCreated">2026-05-06T10:00:11+02:00</DT>'
        '<Obj N="Properties" RefId="1"><LST><Obj RefId="2"><Props><U32 N="Value">5</U32></Props></Obj></LST></Obj>'
        '</Props><MS><S N="Message">a_x000D_b</S></MS></Obj></Objs>',
    ],
    "event_text": [
        "Hello,\r\n\r\nLog Name:      Microsoft-Windows-AAD/Operational\r\nSource:        Microsoft-Windows-AAD\r\n"
        "Date:          5/14/2026 9:02:11 AM\r\nEvent ID:      1098\r\nLevel:         Error\r\nUser:          SYSTEM\r\n"
        "Computer:      AP-0001\r\nDescription:\r\nError: 0xCAA2000C\r\n second line\r\n\r\nRegards\r\n",
        "See:\r\nLog Name: System\r\nSource: User32\r\nEvent ID: 7\r\nDescription:\r\nx\r\nEvent Xml:\r\n"
        '- <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\r\n- <System>\r\n'
        '<Provider Name="User32" />\r\n<EventID>7</EventID>\r\n<Level>2</Level>\r\n<TimeCreated SystemTime="'
        '2026-05-14T07:02:11.5Z" />\r\n<EventRecordID>9</EventRecordID>\r\n</System>\r\n- <EventData>\r\n<Data Na',
        "> Protokollname: System\n> Quelle: User32\n> Datum: <Datum>\n> Ereignis-ID: 1074\n> Beschreibung: x\n\n"
        "Source: User32\nEvent ID: 7\nLevel: Error\nDetails: MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)\n",
    ],
    "event_quoted": [
        "I see\r\n* **Event 76:** `Auto MDM Enroll: Device Credential (0x1), Failed (Access denied.)`\r\n"
        "1:21:07 PM  404  MDM ConfigurationManager: Command failure status. Source ID: (a),\r\n\r\nResult: (b).\r\n",
        "Event ID 304\n\nAutomatic registration failed at join phase.\nExit code: 0x801c03f2\n\nRegards\n",
    ],
    "event_screen": [
        "PS C:\\> Get-WinEvent\r\n\r\n   ProviderName: Microsoft-Windows-AAD\r\n\r\n"
        "TimeCreated                     Id LevelDisplayName Message\r\n"
        "-----------                     -- ---------------- -------\r\n"
        "5/14/2026 9:02:11 AM          1098 Error            Error: 0xCAA2000C The request\r\n"
        "                                                    requires user interaction.\r\n"
        "5/14/2026 9:01:11 AM             9 Warning          x\r\n",
        "TimeCreated ProviderName Id Message\n----------- ------------ -- -------\n14.05.2026 09:02:11 User32 7 x\n",
        "\n\nTimeCreated  : 5/14/2026 9:02:11 AM\nProviderName : User32\nId           : 1074\nMessage      : The\n"
        "               second line\nRecordId     : 9\n\nTimeCreated : x\nId : 7\nMessage : y\n\nRegards\n",
    ],
    "codes": [
        "0x80180014",
        "-2145910764",
        "Error 0x87D1041C then 2149056532",
        "80070005h",
        "NTSTATUS 0xC0000022",
        "E_FAIL",
    ],
}
"""Formats that the samples room does not write, a few lines each."""


@cache
def seeds() -> dict[str, list[bytes]]:
    """Return valid inputs under the name of the reader that reads them."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in export_files():
        with open_export(path) as export:
            for member in export.members:
                if member.reader is not None:
                    found[member.reader].append(member.read())
    for name, texts in TEXTS.items():
        found[name] += [text.encode() for text in texts]
    found["msinfo"].append(TEXTS["msinfo"][0].encode("utf-16"))
    found["trace_log"] += [text for name, text in oobe_capture(7)[0].items() if ".etl" in name]
    fleet = simulate_fleet(6, seed=0)[0]
    found["report_csv"] += [report_v1_csv(fleet), report_v2_csv(fleet), log_analytics_csv(fleet)]
    found["report_csv"] += [text.encode() for text in LISTS]
    found["graph_json"] += [SIGN_INS.encode(), RUNS.encode(), *graph_pages(fleet), *identity_pages(fleet)]
    return {name: _smallest(name, contents) for name, contents in found.items()}


@cache
def export_files() -> tuple[Path, ...]:
    """Return every export to learn from: ours in each layout, and the genuine files beside us."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-corpus-"))
    ours = [path for path in sorted((ROOT / "data").iterdir()) if path.suffix in (".cab", ".zip")]
    for layout in LAYOUTS:
        write_sample(folder / layout, "esp_app_failure", layout=layout, seed=7)
    genuine = (
        [path for path in sorted(GENUINE.iterdir()) if path.name != "README.md"] if GENUINE.is_dir() else []
    )
    return (*ours, *(folder / layout for layout in LAYOUTS), *genuine)


@cache
def genuine_files() -> tuple[Path, ...]:
    """Return every genuine file beside us that is small enough to be tried often; none where there are none."""
    found = sorted(GENUINE.rglob("*")) if GENUINE.is_dir() else []
    return tuple(path for path in found if path.is_file() and path.stat().st_size < 6 << 20)


def is_read(name: str, content: bytes) -> bool:
    """Return whether a reader makes rows of an input."""
    try:
        reading = READERS[name].read(content, "member")
    except AnalysisError:
        return False
    return any(not frame.is_empty() for frame in reading.rows.values())


def _smallest(name: str, contents: list[bytes]) -> list[bytes]:
    """Keep a dozen different inputs, the smallest first: mutation of a small one goes further.

    Eight of them hold rows where so many do: the smallest logs are empty.
    """
    ordered = sorted(set(contents), key=lambda content: (len(content), content))
    if name not in READERS:
        return ordered[:12]
    filled = list(islice((content for content in ordered if is_read(name, content)), 8))
    return filled + [content for content in ordered if content not in filled][: 12 - len(filled)]
