import gc
import io
import os
import struct
import zipfile

import pytest

from autopilot_analysis.errors import (
    DamagedArchive,
    DuplicateName,
    Encrypted,
    LimitExceeded,
    NotAnExport,
    UnsafeName,
    Unsupported,
)
from autopilot_analysis.export import Limits, content_hash, open_export

DUMP = b"[HKEY_LOCAL_MACHINE\\software\\microsoft\\provisioning]\r\n\r\n"
REPORT = b'<?xml version="1.0"?><MDMEnterpriseDiagnosticsReport></MDMEnterpriseDiagnosticsReport>'
LOG = b'<![LOG[x]LOG]!><time="01:00:00.0" date="8-4-2025" component="IntuneManagementExtension">\r\n'
EVTX = b"ElfFile\0" + bytes(4088)
MDM = [("MDMDiagReport.xml", REPORT), ("MdmDiagReport_RegistryDump.reg", DUMP)]


def sources(export):
    return {member.path: member.source for member in export.members}


def refusals(export):
    return {gap.member: gap.error for gap in export.gaps if gap.error}


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("mszip", [False, True])
def test_a_cabinet_gives_its_members_under_their_names(tmp_path, cabinet, mszip):
    long = DUMP + os.urandom(100_000)
    path = put(
        tmp_path / "a.cab",
        cabinet([("x.reg", b"REGEDIT4\r\n"), ("sub\\b.reg", long)], [("é.evtx", EVTX)], mszip=mszip),
    )
    with open_export(path) as export:
        read = {member.path: member.read() for member in export.members}
    assert read == {"x.reg": b"REGEDIT4\r\n", "sub/b.reg": long, "é.evtx": EVTX}


def test_a_cabinet_in_a_zip_in_a_folder_is_one_path(tmp_path, cabinet, zipped):
    put(
        tmp_path / "in/DiagLogs.zip", zipped([("47/mdmlogs.cab", cabinet(MDM)), ("ime/AppWorkload.log", LOG)])
    )
    with open_export(tmp_path / "in") as export:
        assert sources(export) == {
            "DiagLogs.zip/47/mdmlogs.cab/MDMDiagReport.xml": "mdm_report_xml",
            "DiagLogs.zip/47/mdmlogs.cab/MdmDiagReport_RegistryDump.reg": "registry_dump",
            "DiagLogs.zip/ime/AppWorkload.log": "ime_appworkload",
        }
        assert export.members[0].read() == REPORT


def test_archives_are_known_by_their_bytes_not_by_their_ending(tmp_path, cabinet, zipped):
    put(tmp_path / "in/really_a_cab.zip", cabinet(MDM))
    put(tmp_path / "in/really_a_zip.cab", zipped(MDM))
    with open_export(tmp_path / "in") as export:
        assert len(export.members) == 4
        assert export.captures == ("really_a_cab.zip", "really_a_zip.cab")


def test_a_cut_cabinet_gives_what_lies_before_the_cut(tmp_path, cabinet):
    whole = cabinet([("a.reg", DUMP), ("b.reg", DUMP + bytes(200_000))])
    path = put(tmp_path / "cut.cab", whole[:150_000])
    with open_export(path) as export:
        assert [member.read() for member in export.members] == [DUMP]
        gap = next(gap for gap in export.gaps if gap.member == "b.reg")
    assert gap.error is DamagedArchive
    assert gap.state == "damaged"
    assert gap.reason.startswith("is cut: 131,") or gap.reason.startswith("is cut: 98,")


def test_a_damaged_block_keeps_the_folders_that_are_whole(tmp_path, cabinet):
    content = bytearray(cabinet([("a.reg", DUMP * 1000)], [("b.reg", DUMP)], mszip=True))
    at = content.index(b"CK") + 20
    content[at : at + 40] = bytes(40)
    with open_export(put(tmp_path / "bad.cab", bytes(content))) as export:
        assert sources(export) == {"b.reg": "registry_dump"}
        assert refusals(export) == {"a.reg": DamagedArchive}


def test_a_cabinet_of_a_set_says_what_continues_elsewhere(tmp_path, cabinet):
    content = cabinet([("a.reg", DUMP), ("b.reg", DUMP)], flags=2, folder_of={"a.reg": 0, "b.reg": 0xFFFE})
    with open_export(put(tmp_path / "set.cab", content)) as export:
        assert sources(export) == {"a.reg": "registry_dump"}
        assert refusals(export) == {"b.reg": Unsupported}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/a.log",
        "..\\a.log",
        "x/../../a.log",
        "C:\\a.log",
        "a.log:stream",
        "NUL.log",
        "x/com1",
        "a\x01.log",
        "LPT¹.txt",
    ],
)
@pytest.mark.parametrize("kind", ["zip", "cab"])
def test_an_unsafe_name_is_refused_and_the_rest_is_read(tmp_path, cabinet, zipped, name, kind):
    members = [(name, b"x"), *MDM]
    path = put(tmp_path / f"x.{kind}", zipped(members) if kind == "zip" else cabinet(members))
    with open_export(path) as export:
        assert len(export.members) == 2
        assert set(refusals(export).values()) == {UnsafeName}


@pytest.mark.parametrize("second", ["MDMDiagReport.xml", "mdmdiagreport.XML"])
def test_a_second_file_of_one_name_is_a_gap_and_the_first_is_read(tmp_path, zipped, second):
    with open_export(put(tmp_path / "x.zip", zipped([*MDM, (second, b"<other/>")]))) as export:
        assert export.members[0].read() == REPORT
        assert refusals(export) == {second: DuplicateName}


def test_two_unicode_spellings_of_one_name_are_one_name(tmp_path, zipped):
    with open_export(
        put(tmp_path / "x.zip", zipped([("\u00e9.reg", DUMP), ("e\u0301.reg", DUMP)]))
    ) as export:
        assert len(export.members) == 1


def marked(zip_bytes, *, flag=None, method=None):
    content = bytearray(zip_bytes)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(sign)
        if flag is not None:
            struct.pack_into("<H", content, start + at, flag)
        if method is not None:
            struct.pack_into("<H", content, start + at + 2, method)
    return bytes(content)


@pytest.mark.parametrize(("mark", "error"), [({"flag": 1}, Encrypted), ({"method": 9}, Unsupported)])
def test_a_member_nobody_can_unpack_is_a_gap(tmp_path, zipped, mark, error):
    path = put(tmp_path / "x.zip", marked(zipped([("setupact.log", b"x"), *MDM]), **mark))
    with open_export(path) as export:
        assert refusals(export) == {"setupact.log": error}
        assert len(export.members) == 2


def test_a_zip_with_a_password_is_told_in_one_line(tmp_path, zipped):
    path = put(tmp_path / "x.zip", marked(zipped([("setupact.log", b"x")]), flag=1))
    with pytest.raises(NotAnExport, match="protected with a password"):
        open_export(path)


def test_a_zip_entry_that_is_a_link_is_refused(tmp_path):
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        link = zipfile.ZipInfo("setupact.log")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.reg", DUMP)
    with open_export(put(tmp_path / "x.zip", room.getvalue())) as export:
        assert refusals(export) == {"setupact.log": UnsafeName}


def test_links_in_a_folder_are_not_followed(tmp_path):
    put(tmp_path / "out/secret.reg", DUMP)
    put(tmp_path / "in/a.reg", DUMP)
    (tmp_path / "in/b.reg").symlink_to(tmp_path / "out/secret.reg")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    with open_export(tmp_path / "in") as export:
        assert sources(export) == {"a.reg": "registry_dump"}
        assert refusals(export) == {"b.reg": UnsafeName, "folder": UnsafeName}


@pytest.mark.parametrize("kind", ["zip", "cab"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, cabinet, zipped, kind):
    members = [("a.reg", DUMP), ("bomb.evtx", EVTX + bytes(32 << 20))]
    bomb = zipped(members) if kind == "zip" else cabinet(members, mszip=True)
    put(tmp_path / f"in/bomb.{kind}", bomb)
    put(tmp_path / "in/b.reg", DUMP)
    with open_export(tmp_path / "in") as export:
        assert "b.reg" in sources(export)
        assert set(refusals(export).values()) == {LimitExceeded}
        assert max(member.bytes for member in export.members) < 1000


@pytest.mark.parametrize(
    ("limits", "read"),
    [
        (Limits(member_bytes=1000), {"a.reg", "z.reg"}),
        (Limits(total_bytes=1000), {"a.reg", "z.reg"}),
        (Limits(members=2), {"a.reg", "m.reg"}),
        (Limits(), {"a.reg", "m.reg", "z.reg"}),
    ],
)
def test_each_limit_leaves_out_what_breaks_it(tmp_path, zipped, limits, read):
    path = put(tmp_path / "x.zip", zipped([("a.reg", DUMP), ("m.reg", DUMP * 100), ("z.reg", DUMP)]))
    with open_export(path, limits=limits) as export:
        assert {member.path for member in export.members} == read
        assert set(refusals(export).values()) == (set() if len(read) == 3 else {LimitExceeded})


def test_archives_are_opened_only_so_deep(tmp_path, zipped):
    nested = zipped([("deep.reg", DUMP)])
    for level in (3, 2, 1):
        nested = zipped([(f"{level}.zip", nested), (f"{level}.reg", DUMP)])
    path = put(tmp_path / "x.zip", nested)
    with open_export(path) as export:
        assert "1.zip/2.zip/3.zip/deep.reg" in sources(export)
    with open_export(path, limits=Limits(depth=2)) as export:
        assert set(sources(export)) == {"1.reg", "1.zip/2.reg"}
        assert refusals(export) == {"1.zip/2.zip": LimitExceeded}


@pytest.mark.parametrize("claim", [20_000, 5_000_000])
def test_a_size_that_lies_is_found_out_while_reading(tmp_path, zipped, claim):
    content = bytearray(zipped([("a.reg", DUMP * 1000)]))
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, claim)
    path = put(tmp_path / "x.zip", bytes(content))
    member = open_export(path, limits=Limits(ratio=10_000)).members[0]
    with pytest.raises(DamagedArchive, match=r"^a\.reg"):
        member.read()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "is a 7-Zip archive; unpack it and pass the folder"),
        ("a.zip", b"Rar!\x1a\x07\x00" + bytes(50), "is a RAR archive"),
        ("a.tgz", b"\x1f\x8b" + bytes(50), "is a gzip file"),
        ("a.tar", bytes(257) + b"ustar" + bytes(300), "is a tar archive"),
        ("a.iso", bytes(32_769) + b"CD001" + bytes(50), "is an ISO image"),
        ("a.wim", b"MSWIM\0\0\0" + bytes(50), "is a WIM image"),
        ("a.cab", b"File not found", "is a text file named .cab"),
        ("a.zip", b"", "is empty"),
        ("a.cab", b"MSCF" + bytes(10), "is a cabinet whose tables are cut"),
        ("a.txt", b"hello", "is none of the files known here"),
        ("a.zip", b"PK\x03\x04" + bytes(100), "is a ZIP file whose end is missing"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "holds no files"),
    ],
)
def test_what_is_no_export_is_told_in_one_line(tmp_path, name, content, words):
    with pytest.raises(NotAnExport) as told:
        open_export(put(tmp_path / name, content))
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_a_path_or_folder_without_anything_is_told(tmp_path):
    with pytest.raises(NotAnExport, match="does not exist"):
        open_export(tmp_path / "no")
    with pytest.raises(NotAnExport, match="holds no files"):
        open_export(tmp_path)
    put(tmp_path / "notes.txt", b"hello")
    with pytest.raises(NotAnExport, match=r"holds 1 files, none of them known: notes\.txt"):
        open_export(tmp_path)


def test_a_cut_zip_in_a_folder_is_a_gap(tmp_path, zipped):
    put(tmp_path / "cut.zip", zipped(MDM)[:-30])
    put(tmp_path / "a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50))
    put(tmp_path / "a.reg", DUMP)
    with open_export(tmp_path) as export:
        assert refusals(export) == {"cut.zip": DamagedArchive, "a.7z": Unsupported}


def test_traces_of_oobe_and_of_collectors_are_told_apart_by_their_names(tmp_path):
    names = ["CloudExperienceHostOobe.etl.001", "Collector.etl.merged", "Wifi.etl"]
    for name in names:
        put(tmp_path / name, bytes(100))
    with open_export(tmp_path) as export:
        assert [member.source for member in export.members] == ["etl_oobe", "etl", "etl"]
        assert export.gaps == ()


def test_a_known_name_over_other_bytes_is_a_gap_not_a_guess(tmp_path):
    put(tmp_path / "IntuneManagementExtension.log", bytes(500))
    put(tmp_path / "a.reg", DUMP)
    with open_export(tmp_path) as export:
        assert sources(export)["IntuneManagementExtension.log"] == "unknown"
        assert "is named like Intune Management Extension log" in export.gaps[0].reason


def test_the_room_on_disk_vanishes_when_closed_and_when_forgotten(tmp_path, cabinet, monkeypatch):
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    path = put(tmp_path / "a.cab", cabinet(MDM))
    with open_export(path) as export:
        assert len(list(room.iterdir())) == 1
    assert list(room.iterdir()) == []
    with pytest.raises(DamagedArchive):
        export.members[0].read()
    members = open_export(path).members
    gc.collect()
    assert members[0].read() == REPORT
    del members
    gc.collect()
    assert list(room.iterdir()) == []


def test_nothing_stays_on_disk_after_a_refusal(tmp_path, cabinet, monkeypatch):
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    with pytest.raises(NotAnExport):
        open_export(put(tmp_path / "a.cab", cabinet([("notes.txt", b"hello")])))
    assert list(room.iterdir()) == []


def test_a_hash_is_of_the_content_whatever_the_name(tmp_path):
    first = put(tmp_path / "one/a.reg", DUMP)
    second = put(tmp_path / "two/b.reg", DUMP)
    assert content_hash(first) == content_hash(second)
    assert content_hash(tmp_path / "one") != content_hash(tmp_path / "two")
    second.rename(tmp_path / "two/a.reg")
    assert content_hash(tmp_path / "one") == content_hash(tmp_path / "two")
    put(tmp_path / "two/a.reg", DUMP + b"x")
    assert content_hash(tmp_path / "one") != content_hash(tmp_path / "two")


def test_the_genuine_cabinet_opens_whole(genuine):
    with open_export(genuine / "mdm-diagnostics-23h2.cab") as export:
        lengths = [(member.bytes, len(member.read())) for member in export.members]
    assert len(lengths) == 39
    assert all(declared == read for declared, read in lengths)
    assert "unknown" not in sources(export).values()
    assert export.gaps == ()


def test_the_genuine_folder_opens_and_only_its_readme_is_unknown(genuine):
    with open_export(genuine) as export:
        assert [path for path, source in sources(export).items() if source == "unknown"] == ["README.md"]
        assert {member.source for member in export.members if member.capture == "graph"} == {"graph_json"}
        assert {member.source for member in export.members if member.capture == "dsregcmd"} == {"dsregcmd"}
        assert "ime" in export.captures


MAIL = b"Received: from mx.example.com\r\nMIME-Version: 1.0\r\nSubject: logs\r\n\r\nsee attached\r\n"
OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "mail"),
    [
        ("a.eml", MAIL, True),
        ("a.txt", MAIL, True),
        ("a.msg", OUTLOOK, True),
        ("a.msi", OUTLOOK, False),
        ("a.txt", MAIL.replace(b"MIME-Version", b"Version"), False),
        ("a.eml", MAIL + b"The Autopilot device does not come to the desktop.", False),
        ("a.eml", MAIL + b'Autopilot logs\r\nContent-Disposition: attachment; filename="a.zip"', True),
    ],
)
def test_a_mail_is_called_so_and_asked_for_what_is_attached(tmp_path, name, content, mail):
    with pytest.raises(NotAnExport) as refusal:
        open_export(put(tmp_path / name, content))
    assert ("is an e-mail; save what is attached to it" in str(refusal.value)) is mail


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n<!DOCTYPE html><html>", "is a web page, not data"),
        (b'{ "error": {"status": 7}}', "service's error message"),
    ],
)
def test_what_a_service_hands_out_in_place_of_data_is_called_so(tmp_path, content, said):
    place = put(tmp_path / "events.json", content)
    with pytest.raises(NotAnExport, match=said):
        open_export(place)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Colour;Shape;Weather\n1;2;3\n", "begins with the columns Colour, Shape, Weather, which no report"),
        ("Colour,Shape\n1,2\n", "begins with the columns Colour, Shape, which no report"),
        ("Colour;Shape\n", "begins with the columns Colour, Shape, which no report"),
        ("DeviceName^SerialNumber^UPN\na^b^c\n", "no comma, semicolon, tab or bar parts the columns"),
    ],
)
def test_an_unknown_table_is_told_by_its_header(tmp_path, text, said):
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(NotAnExport, match=said):
        open_export(tmp_path / "table.csv")


@pytest.mark.parametrize("name", ["note.txt", "note.csv"])
@pytest.mark.parametrize(
    "text",
    [
        "The script runs, it ends, but the device is nowhere in the portal and this is shown:\n\nnothing\n",
        '[PowerShell] Fail, the details are {"Version":1,"PolicyId":"2","Type":1}\n',
    ],
)
def test_of_a_text_that_begins_with_a_sentence_no_columns_are_named(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(NotAnExport, match="is none of the files known here"):
        open_export(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        ("The Autopilot laptops of one branch behave strangely.", True),
        ("The printer of one branch behaves strangely.", False),
        ('{"note": "Autopilot"}', False),
    ],
)
def test_of_a_text_about_setup_in_which_nothing_known_stands_the_sender_is_asked(tmp_path, content, asked):
    (tmp_path / "note.txt").write_text(content, encoding="utf-8")
    with pytest.raises(NotAnExport) as refused:
        open_export(tmp_path / "note.txt")
    assert ("Ask the sender for the exact words" in str(refused.value)) is asked
    assert ("mdmdiagnosticstool.exe -area" in str(refused.value)) is asked
    assert "\n" not in str(refused.value)
