"""The small formats are written with the quirks of the tools that write them."""

import json
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.formats.ime_log import LogRecord, write_ime_log
from autopilot_analysis.samples.formats.profile import (
    empty_profile,
    profile_fields,
    write_configuration,
    write_profile,
)
from autopilot_analysis.samples.formats.registry_dump import (
    Expandable,
    Quad,
    write_registry_dump,
    write_registry_export,
)
from autopilot_analysis.samples.formats.texts import write_results

REGISTRY = {
    "HKEY_LOCAL_MACHINE\\software\\microsoft\\empty": {},
    "HKEY_LOCAL_MACHINE\\software\\microsoft\\full": {
        "Path": "C:\\Windows",
        "Json": '{"a":"b"}',
        "Number": 0x80180014,
        "Negative": -1,
        "Quad": Quad(2**64 - 1),
        "Bytes": b"\x01\xab",
        "Many": ["PowerSettings", "Other"],
        "Expandable": Expandable("%a%"),
        "": "default",
    },
}
PROFILE = {
    "tenant_id": "t",
    "domain": "example.com",
    "name": "Example",
    "oobe_config": 1310,
    "join_method": 0,
}


def test_the_registry_dump_has_the_quirks_of_the_tool():
    assert write_registry_dump(REGISTRY).decode().split("\r\n") == [
        "[HKEY_LOCAL_MACHINE\\software\\microsoft\\empty]",
        "",
        "[HKEY_LOCAL_MACHINE\\software\\microsoft\\full]",
        '    "Path"="C:\\Windows"',
        '    "Json"="{"a":"b"}"',
        '    "Number"=DWORD:80180014',
        '    "Negative"=DWORD:ffffffff',
        '    "Quad"=QWORD:ffffffffffffffff',
        '    "Bytes"=hex(3):01,ab',
        '    "Many"=MULTI_SZ:"PowerSettings","Other"',
        '    "Expandable"=hex(2):25,00,61,00,25,00,00,00',
        '    @="default"',
        "",
        "",
    ]


def test_a_registry_export_is_a_real_reg_file():
    lines = write_registry_export(REGISTRY).decode("utf-16").split("\r\n")
    assert lines[0] == "Windows Registry Editor Version 5.00"
    assert '"Path"="C:\\\\Windows"' in lines
    assert '"Json"="{\\"a\\":\\"b\\"}"' in lines
    assert '"Number"=dword:80180014' in lines
    assert '"Quad"=hex(b):ff,ff,ff,ff,ff,ff,ff,ff' in lines
    assert '@="default"' in lines


def test_agent_logs_hold_local_time_with_seven_decimals_and_no_offset():
    at = datetime(2026, 3, 2, 23, 30, 5, 123000, tzinfo=UTC)
    log = write_ime_log(
        [LogRecord(at, "EMS Agent Started", thread=4)], ZoneInfo("Europe/Berlin"), "AppWorkload"
    )
    assert log == (
        b'\xef\xbb\xbf<![LOG[EMS Agent Started]LOG]!><time="00:30:05.1230000" date="3-3-2026" '
        b'component="AppWorkload" context="" type="1" thread="4" file="">\r\n'
    )


def test_the_profile_is_utf_16_with_a_byte_order_mark():
    fields = profile_fields(
        downloaded_at=datetime(2026, 3, 2, tzinfo=UTC), correlation_id="c", device_name="AP", **PROFILE
    )
    written = write_profile(fields)
    assert written[:2] == b"\xff\xfe"
    read = json.loads(written.decode("utf-16"))
    assert read["CloudAssignedOobeConfig"] == 1310
    assert (
        json.loads(read["CloudAssignedAadServerData"])["ZeroTouchConfig"]["CloudAssignedTenantDomain"]
        == "example.com"
    )
    assert json.loads(write_configuration(fields).decode("ascii")) == read


def test_an_empty_profile_holds_its_date_only():
    assert empty_profile(datetime(2026, 3, 2, tzinfo=UTC)) == {"PolicyDownloadDate": "2026-03-02T00:00:00Z"}


def test_results_name_every_directive_in_order_with_signed_results():
    asked = [("RegistryKey", -2147024893, "HKLM\\A"), ("Command", 0, "%windir%\\a.exe & b")]
    root = ElementTree.fromstring(write_results(asked, "id", flattened=True))
    assert [(e.tag, e.get("HRESULT"), e.text) for e in root][2:4] == [
        ("RegistryKey", "-2147024893", "HKLM\\A"),
        ("Command", "0", "%windir%\\a.exe & b"),
    ]
    assert root.findtext("OutputFileFormat") == "flattened"


def test_an_archive_gives_back_its_files_and_the_same_bytes():
    files = {"a.txt": b"a", "b/c.txt": b"c" * 1000}
    archive = write_archive(files)
    with ZipFile(BytesIO(archive)) as read:
        assert {name: read.read(name) for name in read.namelist()} == files
    assert archive == write_archive(files)
