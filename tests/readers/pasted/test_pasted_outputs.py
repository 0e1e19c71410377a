"""Outputs of several commands in one text: each is read by its own reader, whoever takes the text."""

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.facts.pasted_outputs import holds_outputs, pasted_outputs
from autopilot_analysis.readers.pasted.pasted_outputs import read_bios_serial

STATUS = (
    "| Device State                                                         |\n\n"
    "             AzureAdJoined : YES\n              DomainJoined : NO\n\n"
)
PROXY = (
    "\nCurrent WinHTTP proxy settings:\n\n    Proxy Server(s) :  proxy.example.com:8080\n"
    "    Bypass List     :  *.example.com\n\n"
)
PROXY_DE = (
    "\nAktuelle WinHTTP-Proxyeinstellungen:\n\n    Proxyserver :  proxy.example.com:8080\n"
    "    Umgehungsliste     :  (keine)\n\n"
)
ADDRESSES = (
    "\nWindows IP Configuration\n\nEthernet adapter Ethernet:\n\n"
    "   IPv4 Address. . . . . . . . . . . : 192.0.2.17\n   Default Gateway . . . . . . . . . : 192.0.2.1\n\n"
)
SERVICE = (
    "[SC] QueryServiceConfig SUCCESS\n\nSERVICE_NAME: wlidsvc\n"
    "        TYPE               : 20  WIN32_SHARE_PROCESS\n"
    "        START_TYPE         : 4   DISABLED\n\n"
)
EVENT = (
    "Log Name:      Microsoft-Windows-User Device Registration/Admin\n"
    "Source:        Microsoft-Windows-User Device Registration\nDate:          5/14/2026 9:02:11 AM\n"
    "Event ID:      304\nLevel:         Error\nComputer:      AP-0001\nDescription:\n"
    "Automatic registration failed at join phase.\n\n"
)
TEST = (
    "ComputerName     : ztd.dds.microsoft.com\nRemoteAddress    : 192.0.2.80\nRemotePort       : 443\n"
    "TcpTestSucceeded : False\n\n"
)
SERIAL = "SerialNumber\nAP-7T41QX\n\n"
STORE = (
    "================ Certificate 0 ================\nSerial Number: 1a2b\nIssuer: CN=Example Issuing CA\n"
    " NotBefore: 9/2/2025 8:11 AM\n NotAfter: 9/2/2026 8:11 AM\nSubject: CN=device\n\n"
)
AT = {
    "dsregcmd /status": STATUS,
    "netsh winhttp show proxy": PROXY,
    "ipconfig": ADDRESSES,
    "sc qc wlidsvc": SERVICE,
    "Get-WinEvent Admin": EVENT,
    "Test-NetConnection ztd.dds.microsoft.com -Port 443": TEST,
    "wmic bios get serialnumber": SERIAL,
    "certutil -store My": STORE,
}
FACTS = {
    ("AzureAdJoined", "YES"),
    ("proxy server", "proxy.example.com:8080"),
    ("IPv4 Address", "192.0.2.17"),
    ("TcpTestSucceeded", "False"),
    ("SerialNumber", "AP-7T41QX"),
    ("NotAfter", "9/2/2026 8:11 AM"),
}


def read(tmp_path, text):
    file = tmp_path / "mail.txt"
    file.write_text(text, encoding="utf-8")
    return read_tables(open_export(file))


@pytest.mark.parametrize("turn", range(len(AT)))
def test_every_output_of_a_mail_is_read_in_whatever_order_they_stand(tmp_path, turn):
    asked = [*list(AT)[turn:], *list(AT)[:turn]]
    text = "Hello,\nthis is what we have:\n\n" + "".join(
        f"C:\\>{command}\n{AT[command]}" for command in asked
    )
    tables = read(tmp_path, text)
    facts = tables.properties.select("name", "value").rows()
    assert set(facts) >= FACTS
    assert facts.count(("proxy server", "proxy.example.com:8080")) == 1
    assert facts.count(("IPv4 Address", "192.0.2.17")) == 1
    assert not {"Proxy Server(s)", "START_TYPE"} & {name for name, _ in facts}
    assert tables.events["event_id"].to_list() == [304]
    assert tables.registry_values.select("key", "name", "value").rows() == [
        ("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\wlidsvc", "Start", "4")
    ]


@pytest.mark.parametrize("proxy", [PROXY, PROXY_DE])
@pytest.mark.parametrize("beside", [ADDRESSES, SERVICE, EVENT, STATUS, TEST])
@pytest.mark.parametrize("turned", [False, True])
def test_an_output_is_known_by_its_heading_where_no_prompt_was_copied(tmp_path, beside, proxy, turned):
    shown = proxy + beside if turned else beside + proxy
    tables = read(tmp_path, f"Hello,\n\n{shown}Kind regards\n")
    facts = tables.properties.select("name", "value").rows()
    assert facts.count(("proxy server", "proxy.example.com:8080")) == 1
    wanted = {
        ADDRESSES: ("IPv4 Address", "192.0.2.17"),
        STATUS: ("AzureAdJoined", "YES"),
        TEST: ("TcpTestSucceeded", "False"),
    }
    assert beside not in wanted or wanted[beside] in facts
    assert beside != EVENT or tables.events["event_id"].to_list() == [304]
    assert beside != SERVICE or tables.registry_values["value"].to_list() == ["4"]


def test_a_line_of_a_text_stands_under_its_own_number(tmp_path):
    tables = read(tmp_path, f"Hello,\nC:\\>netsh winhttp show proxy\n{PROXY}")
    assert tables.properties.filter(name="proxy server")["record"].to_list() == [6]


def test_the_output_of_an_unknown_command_is_nothing():
    lines = ["C:\\>dir", " Volume in drive C has no label.", "C:\\>ipconfig", "x"]
    assert [(output.reader, output.begin, output.end) for output in pasted_outputs(lines)] == [
        ("", 0, 2),
        ("ipconfig", 2, 4),
    ]
    assert holds_outputs(lines)
    assert not holds_outputs(lines[:2])
    assert pasted_outputs([]) == []


def test_a_sentence_that_names_a_command_is_no_prompt():
    assert not holds_outputs(
        ["Please run ipconfig and netsh winhttp show proxy.", "Windows IP Configuration is empty"]
    )


def test_a_serial_number_is_one_word_alone():
    assert read_bios_serial(b"C:\\>wmic\nSerialNumber\n\nAP-1\n").rows["properties"]["value"].to_list() == [
        "AP-1"
    ]
    with pytest.raises(Exception, match="no serial"):
        read_bios_serial(b"C:\\>wmic\nSerialNumber\nTo be filled\n")


def test_a_command_and_its_heading_are_one_output():
    lines = ["C:\\>ipconfig", "", "Windows IP Configuration", "", "x"]
    assert [(output.begin, output.end) for output in pasted_outputs(lines)] == [(0, 5)]
