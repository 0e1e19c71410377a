import codecs

import pytest

from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify, sources

EVTX = b"ElfFile\0" + bytes(100)
LOG = b'<![LOG[x]LOG]!><time="01:00:00.0" date="8-4-2025" component="Other">\r\n'
MODERN = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
DEVICE = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"


def source_of(name, head):
    source = classify(name, kinds_of(head), text_of(head))
    return source.source if source else None


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (f"{MODERN}%4Autopilot.evtx", "events_autopilot"),
        (f"{MODERN}-autopilot.evtx".lower(), "events_autopilot"),
        (f"{MODERN}%4Autopilot.log", "events_autopilot"),
        (f"{MODERN}%4Autopilot (1).txt", "events_autopilot"),
        (f"{MODERN}/ManagementService", "events_management_service"),
        (f"{MODERN}%4Admin.evtx", "events_moderndeployment_admin"),
        (f"{MODERN}%4Diagnostics.evtx", "events_moderndeployment_diagnostics"),
        (f"{DEVICE}%4Admin.evtx", "events_mdm_admin"),
        (f"{DEVICE}%4Enrollment.evtx", "events_mdm_enrollment"),
        (f"{DEVICE}%4Operational.evtx", "events_mdm_operational"),
        (f"{DEVICE}%4Sync.evtx", "events_mdm_sync"),
        (f"{DEVICE}%4Debug.evtx", "events_mdm_debug"),
        (f"{DEVICE}%4Autopilot.evtx", "events_mdm_autopilot"),
        (
            "Microsoft-Windows-Provisioning-Diagnostics-Provider%4AutoPilot.evtx",
            "events_provisioning_autopilot",
        ),
        ("microsoft-windows-user device registration-admin.evtx", "events_user_device_registration"),
        ("(42) Events Microsoft-Windows-AAD_Operational Events.evtx", "events_aad"),
        ("(45) Events System Events.evtx", "events_system"),
        ("PC-1_System.evtx", "events_system"),
        ("Archive-System-2025-08-01-12-00-00-000.evtx", "events_system"),
        ("Application.evtx", "events_application"),
        ("Setup.evtx", "events_setup"),
        ("Events.evtx", "events_other"),
        ("Microsoft-Windows-WinRM%4Operational.evtx", "events_other"),
        ("ODJ Connector Service.evtx", "events_odj_connector"),
    ],
)
def test_an_event_log_is_known_however_its_channel_is_spelt(name, source):
    assert source_of(name, EVTX) == source


@pytest.mark.parametrize(
    ("name", "channel", "source"),
    [
        ("for the vendor.xml", f"{MODERN}/Autopilot", "events_autopilot"),
        ("System.xml", f"{DEVICE}/Admin", "events_mdm_admin"),
        ("a.txt", "System", "events_system"),
        ("a.xml", "Contoso-Agent/Operational", "events_other"),
    ],
)
def test_an_event_log_saved_as_xml_is_known_by_the_channel_of_its_first_record(name, channel, source):
    event = f"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Channel>{channel}"
    assert source_of(name, f"<Events>{event}</Channel></System></Event></Events>".encode()) == source


def test_an_event_log_whose_first_record_names_no_channel_is_known_by_its_name():
    event = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    assert source_of(f"{MODERN}_Autopilot.xml", event.encode()) == "events_autopilot"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("IntuneManagementExtension.log", "ime"),
        ("IntuneManagementExtension-20250801-123456.log", "ime"),
        ("IntuneManagementExtension-1.log", "ime"),
        ("_IntuneManagementExtension.log", "ime"),
        (
            "(57) FoldersFiles programdata_Microsoft_IntuneManagementExtension_Logs AppWorkload.log",
            "ime_appworkload",
        ),
        ("AppActionProcessor.log", "ime_appactionprocessor"),
        ("AgentExecutor.log", "ime_agentexecutor"),
        ("HealthScripts.log", "ime_healthscripts"),
        ("ClientHealth.log", "ime_clienthealth"),
        ("ClientCertCheck.log", "ime_clientcertcheck"),
        ("Sensor.log", "ime_sensor"),
        ("DeviceHealthMonitoring.log", "ime_devicehealth"),
        ("Win32AppInventory.log", "ime_win32appinventory"),
        ("CcmExec.log", "cmtrace_other"),
        ("ccmsetup.log", "ccmsetup_log"),
        ("(51) FoldersFiles windir_ccmsetup_logs ccmsetup-20260226-091200.log", "ccmsetup_log"),
    ],
)
def test_an_agent_log_is_known_through_its_rotations(name, source):
    assert source_of(name, LOG) == source


@pytest.mark.parametrize(
    ("component", "source"),
    [
        ("IntuneManagementExtension", "ime_other"),
        ("AgentExecutor", "ime_other"),
        ("Win32AppInventory", "ime_other"),
        ("SensorManagedProvider", "cmtrace_other"),
        ("ccmsetup", "ccmsetup_log"),
        ("Other", "cmtrace_other"),
    ],
)
def test_a_log_of_the_agent_under_another_name_is_known_by_the_component_that_wrote_it(component, source):
    assert source_of("renamed.log", LOG.replace(b"Other", component.encode())) == source


@pytest.mark.parametrize(
    ("name", "head", "source"),
    [
        (
            "export.reg",
            b"\xff\xfe" + "Windows Registry Editor Version 5.00\r\n".encode("utf-16-le"),
            "registry_export",
        ),
        ("x.txt", b"[HKEY_LOCAL_MACHINE\\software]\r\n", "registry_dump"),
        (
            "x.xml",
            codecs.BOM_UTF8 + b'<?xml version="1.0"?>\n<MDMEnterpriseDiagnosticsReport>',
            "mdm_report_xml",
        ),
        ("x.htm", b"<!DOCTYPE html><html><head><title>MDM Diagnostic Report</title>", "mdm_report_html"),
        ("results.xml", b'<Collection HRESULT="0"><ID>1</ID>', "collect_results"),
        ("AutopilotDDSZTDFile.json", '\ufeff{"PolicyDownloadDate":""}'.encode("utf-16-le"), "profile_json"),
        ("profile.json", b'{"CloudAssignedTenantId":"x"}', "profile_json"),
        (
            "AutopilotConfigurationFile.json",
            b'{"CloudAssignedTenantId":"x"}\n{"Version":2049}',
            "configuration_file_json",
        ),
        ("MdmDiagLogMetadata.json", b"MdmDiagVersion : 1.0", "collection_metadata"),
        ("output.log", b"+--+\r\n| Device State   |\r\n+--+\r\n", "dsregcmd"),
        (
            "DeviceHash_PC.csv",
            b"Device Serial Number,Windows Product ID,Hardware Hash\r\nSN-0001,,AA",
            "device_hash",
        ),
        ("hash.csv", b'"Device Serial Number","Windows Product ID","Hardware Hash"\r\n', "device_hash"),
        ("output.log", b"\r\nCurrent WinHTTP proxy settings:\r\n", "winhttp_proxy"),
        ("output.log", b"Firewall Policy                       BlockInbound,AllowOutbound\r\n", "firewall"),
        ("renamed.txt", LOG.replace(b"Other", b"ccmsetup"), "ccmsetup_log"),
        ("output.log", b"\r\nWindows IP Configuration\r\n", "ipconfig"),
        ("events.json", b'{"@odata.context":"https://graph.example.com","value":[]}', "graph_json"),
        ("rows.ndjson", b'{"deviceSerialNumber":"SN-0001"}\n', "graph_json"),
        ("la.json", b'{"tables":[{"name":"PrimaryResult"}]}', "graph_json"),
        ("report.csv", "\ufeffDeviceId,DeviceName,DeploymentState\n".encode(), "report_csv"),
        ("portal.csv", b"Enrollment date;Serial number;Device name\n", "report_csv"),
        ("msinfo32.log", "\ufeffSystem Information report written at: x\r\n".encode("utf-16-le"), "msinfo"),
        ("setupact.log", b"2025-08-04 01:40:27, Info  [x] y\r\n", "setup_log"),
        ("pasted.txt", b"2026-03-02 09:15:01, Error SYSPRP RunDlls: it stopped\r\n", "setup_log"),
        (
            "x.log",
            b"2026-03-02 09:15:01, Error                 MOUPG  CSetupHost::Execute(1)\r\n",
            "setup_log",
        ),
        ("x.log", b"2026-03-02 09:15:01, Info                  DISM   DISM.EXE: starts\r\n", "own_log"),
        ("answer.json", b'{\r\n  "error": {\r\n    "code": "Forbidden",', "import_screen"),
        ("AgentExecutor.log", b"", "ime_agentexecutor"),
        ("System.evtx", b"", "events_system"),
        ("system.log", b"", None),
        ("README.md", b"hello, world", None),
        ("package.json", b'{"name":"x"}', None),
        ("._System.evtx", b"\0\5\x16\7", "system_leftover"),
        ("report.docx", b"PK\x03\x04", "office_document"),
    ],
)
def test_a_file_is_known_by_its_name_and_its_first_bytes(name, head, source):
    assert source_of(name, head) == source


def test_every_row_names_its_page_and_no_source_has_two_readers():
    readers = {}
    for row in sources():
        readers.setdefault(row.source, set()).add(row.reader)
    assert {source for source, keys in readers.items() if len(keys) > 1} == set()
    assert all(row.title and row.shows for row in sources())


@pytest.mark.parametrize("preface", [b"#TYPE System.Management.Automation.PSCustomObject\r\n", b"sep=;\r\n"])
def test_a_report_is_known_behind_the_line_a_program_puts_before_its_header(preface):
    assert source_of("export.csv", preface + b'"DeviceSerialNumber";"DeploymentState"\r\n') == "report_csv"


@pytest.mark.parametrize(
    "name", ["MdmDiagReport_RegistryDump.reg", "dsregcmd.txt", "AutopilotDDSZTDFile.json"]
)
def test_a_standard_registry_export_is_one_whatever_its_name_promises(name):
    text = 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\x]\r\n"a"="1"\r\n'
    assert source_of(name, text.encode()) == "registry_export"
    assert source_of(name, text.encode("utf-16")) == "registry_export"


CHIP = b"TpmPresent : True\r\nTpmReady   : True\r\n"
IMPORT = b"importId     : 7\r\nserialNumber : AB12CD\r\ngroupTag     :\r\n"
FAN = b"Name  : Fan\r\nSpeed : 4\r\nNotes : none\r\n"
WORDS = b"Hello,\r\nthis is what I see.\r\nRegards\r\n\r\n"
UNNAMED = b"WARNING: Name resolution of app.example.com failed\r\n"


@pytest.mark.parametrize(
    ("name", "head", "source"),
    [
        ("a.txt", CHIP, "listed_objects"),
        ("a.txt", codecs.BOM_UTF16_LE + CHIP.decode().encode("utf-16-le"), "listed_objects"),
        ("a.log", CHIP, "listed_objects"),
        ("a.txt", WORDS + CHIP, "listed_objects"),
        ("a.log", WORDS + CHIP, "own_log"),
        ("a.txt", FAN, "listed_objects"),
        ("a.txt", WORDS + FAN, None),
        ("a.txt", IMPORT, "graph_json"),
        ("a.txt", UNNAMED, "network_answers"),
        ("a.txt", WORDS + b"Volume C: [System]\r\n[OS Volume]\r\n", "manage_bde"),
        ("a.txt", b"Adding New Device serial AB12CD\r\n", "import_screen"),
        ("a.txt", b"Invoke-MgGraphRequest : POST https://graph.microsoft.com/x\r\n", "import_screen"),
        ("a.txt", b"managedDevices returned 403\r\n", "import_screen"),
        ("a.txt", b"managedDevices returned 403 rows\r\n", None),
        ("a.txt", b'GET managedDevices\r\nHTTP/2 403\r\n\r\n{"error": {"code": "x"}}', "import_screen"),
        ("a.txt", b"done\r\nAB12CD: error 808 ZtdDeviceAssigned\r\n", "import_screen"),
        ("a.txt", b"done: error 808\r\n", None),
        ("a.log", UNNAMED, "own_log"),
        ("a.txt", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n" + b'{"@odata.context": "x", "value": []}', "graph_json"),
        ("a.txt", b"-TPM presente: Verdadero\r\n-TPM: 2.0\r\n-Fabricante: NTC\r\n", "tpm_text"),
        ("a.txt", b"-one: Verdadero\r\n-two: 2.0\r\n-three: none\r\n", None),
        ("a.txt", FAN + b"AzureAdJoined : YES\r\n", "dsregcmd"),
        ("a.txt", WORDS + b">     AzureAdJoined : YES\r\n", "dsregcmd"),
        ("a.txt", WORDS + b"# wmain: failed with error code 0x801c001d.\r\n", "dsregcmd"),
    ],
)
def test_objects_that_powershell_shows_are_known_unless_they_are_a_part_of_something_else(name, head, source):
    assert source_of(name, head) == source


@pytest.mark.parametrize("ending", [".etl", ".ETL", ".etl.001", ".etl.bak", ".etl-1"])
def test_a_trace_of_oobe_ends_as_every_trace_does(ending):
    known = {source.source: source.name for source in sources() if source.source in ("etl", "etl_oobe")}
    assert known["etl_oobe"].pattern.endswith(f"(?:{known['etl'].pattern})")
    assert source_of(f"Microsoft-Windows-CloudExperienceHostOobe{ending}", bytes(64)) == "etl_oobe"
    assert source_of(f"AutopilotTrace{ending}", bytes(64)) == "etl"


@pytest.mark.parametrize("issuer", ["Issuer", "Aussteller", "Émetteur", "Emittente"])
def test_a_certificate_is_known_by_its_issuer_in_every_language_that_is_read(issuer):
    text = f"{issuer} : CN=Example Inspection, O=Example\r\n".encode()
    assert source_of("answer.txt", text) == "network_answers"


WRITTEN = b"Enrolment of laptop 3 fails with 0x80180014.\n"
UNKNOWN_WORDS = b"Copying the files\nDone with exit code 0\n"
DATED = b"".join(b"2026-04-14 09:00:0%d Copied the files\n" % n for n in range(3))


@pytest.mark.parametrize(
    ("name", "content", "by_name", "source"),
    [
        ("error.log", WRITTEN, False, "quotes"),
        ("error.log", WRITTEN, True, "own_log"),
        ("winget problem.txt", WRITTEN, False, "quotes"),
        ("winget problem.txt", WRITTEN, True, "app_log"),
        ("error.txt", WRITTEN, False, "quotes"),
        ("error.log", UNKNOWN_WORDS, False, "own_log"),
        ("error.txt", UNKNOWN_WORDS, False, None),
        ("error.log", DATED, False, "own_log"),
        ("error.txt", DATED, False, "own_log"),
        ("ping.txt", UNKNOWN_WORDS, False, "command_output"),
    ],
)
def test_what_a_text_shows_comes_before_a_name_that_is_all_that_is_known(name, content, by_name, source):
    found = classify(name, kinds_of(content), text_of(content), by_name=by_name)
    assert (found and found.source) == source
