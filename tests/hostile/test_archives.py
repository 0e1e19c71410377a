"""Archives that want to fill memory or disk, write elsewhere, or be read as something they are not."""

import io
import os
import struct
import subprocess
import zipfile
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

import crafted
import pytest

from autopilot_analysis import open_export
from autopilot_analysis.errors import (
    AnalysisError,
    DamagedArchive,
    DuplicateName,
    LimitExceeded,
    NotAnExport,
    UnsafeName,
)
from autopilot_analysis.export import Limits
from autopilot_analysis.export.cabinet.cabinet import read_header

DUMP = b"[HKEY_LOCAL_MACHINE\\software\\microsoft\\provisioning]\r\n\r\n"
OPEN = """
from autopilot_analysis import open_export, read_tables
from autopilot_analysis.errors import AnalysisError
from pathlib import Path
try:
    with open_export(sys.argv[1]) as export:
        tables = read_tables(export)
        rooms = [Path(folder.name) for folder in export.workspace._folders]
        disk = sum(file.stat().st_size for room in rooms for file in room.rglob("*") if file.is_file())
        said = {"members": len(export.members), "gaps": tables.gaps["reason"].to_list()[:50], "disk": disk}
except AnalysisError as error:
    said = {"error": type(error).__name__ + ": " + str(error)}
"""
GIB = 1 << 30


def refused(path, **limits):
    """Return the reasons why members are not read, or why the whole is not."""
    try:
        with open_export(path, limits=Limits(**limits) if limits else None) as export:
            return {gap.member: gap.error for gap in export.gaps if gap.error}
    except NotAnExport as error:
        return str(error)


def stored(entries):
    """Return a ZIP of (name, crc, packed bytes, size) built by hand, as untrue as it is asked to be."""
    bodies, directory, at = [], [], 0
    for name, crc, packed, size in entries:
        told = struct.pack("<HHHHIIIHH", 0, 8 if packed else 0, 0, 0, crc, len(packed), size, len(name), 0)
        bodies.append(b"PK\3\4\x14\0" + told + name + packed)
        directory.append(b"PK\1\2\x14\0\x14\0" + told + struct.pack("<HHHII", 0, 0, 0, 0, at) + name)
        at += len(bodies[-1])
    listing = b"".join(directory)
    count = min(len(bodies), 65_535)
    wide = b""
    if len(bodies) > 65_535:
        wide = struct.pack(
            "<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, len(bodies), len(bodies), len(listing), at
        )
        wide += struct.pack("<4sIQI", b"PK\6\7", 0, at + len(listing), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(listing), at, 0)
    return b"".join(bodies) + listing + wide + end


def packed(content):
    """Return what `stored` writes behind the name of an entry: checksum, packed bytes, size."""
    return zlib.crc32(content), zlib.compress(content)[2:-4], len(content)


@cache
def zeros(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return zlib.crc32(bytes(size)), packer.compress(bytes(size)) + packer.flush(), size


DUMPED = (b"MdmDiagReport_RegistryDump.reg", *packed(DUMP))


def test_a_flat_bomb_is_refused_and_the_rest_is_read(tmp_path, measured):
    path = tmp_path / "flat.zip"
    path.write_bytes(stored([DUMPED, (b"bomb.log", *zeros(100 << 20))]))
    seen = measured(OPEN, path)
    assert seen["said"]["members"] == 1
    assert any("times larger" in gap for gap in seen["said"]["gaps"])
    assert seen["peak"] < GIB
    assert seen["said"]["disk"] < 1 << 20


def test_many_members_each_below_the_floor_are_a_bomb_together(tmp_path, measured):
    path, small = tmp_path / "crumbs.zip", zeros(15 << 20)
    path.write_bytes(stored([DUMPED, *((b"%d.log" % n, *small) for n in range(300))]))
    seen = measured(OPEN, path)
    assert any("times larger" in gap for gap in seen["said"]["gaps"])
    assert seen["said"]["members"] < 20
    assert seen["peak"] < GIB


def test_entries_that_share_their_bytes_are_damaged(tmp_path):
    path, (crc, packed, size) = tmp_path / "overlap.zip", zeros(1 << 20)
    content = bytearray(stored([DUMPED, *((b"%04d.log" % n, crc, packed, size) for n in range(300))]))
    at = start = content.index(b"PK\1\2")
    kernel = struct.unpack_from("<I", content, content.index(b"PK\1\2", start + 4) + 42)[0]
    while (at := content.find(b"PK\1\2", at + 4)) >= 0:
        struct.pack_into("<I", content, at + 42, kernel)
    path.write_bytes(content)
    with open_export(path) as export:
        assert len(export.members) == 2
        assert len(export.gaps) > 250
        assert {gap.error for gap in export.gaps} == {DamagedArchive, LimitExceeded}


def test_a_bomb_of_archives_in_archives_stops_at_the_depth(tmp_path, zipped):
    inner = zipped([("MdmDiagReport_RegistryDump.reg", DUMP)])
    for level in range(8):
        inner = zipped([(f"{level}.zip", inner)])
    path = tmp_path / "nested.zip"
    path.write_bytes(inner)
    assert "archives deep" in refused(path)


def test_a_tree_of_archives_is_bounded_in_files_and_bytes(tmp_path, zipped):
    leaf = zipped([(f"{n}.log", b"x" * 1000) for n in range(16)])
    for _ in range(2):
        leaf = zipped([(f"{n}.zip", leaf) for n in range(16)])
    path = tmp_path / "tree.zip"
    path.write_bytes(zipped([("MdmDiagReport_RegistryDump.reg", DUMP), ("tree.zip", leaf)]))
    for limit in ({"members": 500}, {"total_bytes": 100_000}):
        assert LimitExceeded in refused(path, **limit).values()


def test_an_archive_that_holds_itself_ends_at_the_depth(tmp_path, zipped, measured):
    whole = crafted.quine()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.read(archive.namelist()[0]) == whole
    (tmp_path / "alone.zip").write_bytes(whole)
    assert "archives deep" in refused(tmp_path / "alone.zip")
    path = tmp_path / "quine.zip"
    path.write_bytes(zipped([("MdmDiagReport_RegistryDump.reg", DUMP), ("q.zip", whole)]))
    seen = measured(OPEN, path)
    assert seen["said"]["members"] == 1
    assert any("archives deep" in gap for gap in seen["said"]["gaps"])
    assert seen["peak"] < GIB
    assert seen["said"]["disk"] < 1 << 16


def test_entries_that_quote_each_other_s_headers_are_a_bomb_as_a_whole(tmp_path, measured):
    """Each name fits its header and each checksum its bytes: nothing is damaged, it is only 10,000 times larger."""
    path, (crc, packed, size) = tmp_path / "quoted.zip", zeros(1 << 20)
    path.write_bytes(crafted.quoted(300, (b"kernel.log", crc, packed, size)))
    assert path.stat().st_size < 40_000
    seen = measured(OPEN, path)
    said = seen["said"].get("gaps") or [seen["said"]["error"]]
    assert any(
        "times larger" in gap or "damaged" in gap or "is cut" in gap or "was cut" in gap for gap in said
    )
    assert seen["peak"] < GIB
    assert seen["said"].get("disk", 0) < 300 << 20


def test_cabinets_that_unpack_more_than_they_list_fill_no_disk(tmp_path, cabinet, zipped):
    big = bytes(3 << 20)
    one = cabinet([("pad.bin", big), ("MdmDiagReport_RegistryDump.reg", DUMP)], mszip=True)
    at = one.index(b"pad.bin\0") - 16
    size = len(one[at : one.index(b"MdmDiag") - 16])
    table = bytearray(one[:at] + one[at + size :])
    struct.pack_into("<H", table, 28, 1)
    for place in (8,):
        struct.pack_into("<I", table, place, len(table))
    start = struct.unpack_from("<I", table, 36)[0] - size
    struct.pack_into("<I", table, 36, start)
    path = tmp_path / "cabs.zip"
    path.write_bytes(zipped([(f"{n}.cab", bytes(table)) for n in range(12)]))
    with open_export(path, limits=Limits(total_bytes=8 << 20, ratio=10_000)) as export:
        room = export.workspace._folders[0].name
        disk = sum(path.stat().st_size for path in Path(room).rglob("*") if path.is_file())
        assert disk < 12 << 20
        assert LimitExceeded in {gap.error for gap in export.gaps}
        assert {member.read() for member in export.members} == {DUMP}


@pytest.mark.parametrize("declared", [0, 10, 10**6, 2**32 - 2])
def test_a_lying_size_never_yields_more_or_other_bytes(tmp_path, zipped, declared):
    content = bytearray(zipped([("MdmDiagReport_RegistryDump.reg", DUMP * 50)]))
    at = content.index(b"PK\1\2")
    struct.pack_into("<I", content, at + 24, declared)
    path = tmp_path / "lie.zip"
    path.write_bytes(content)
    with suppress(NotAnExport), open_export(path) as export:
        for member in export.members:
            with pytest.raises(AnalysisError):
                member.read()


def test_a_hundred_thousand_members_are_cut_at_the_limit(tmp_path, measured):
    path = tmp_path / "many.zip"
    path.write_bytes(stored([DUMPED, *((b"%06d" % n, 0, b"", 0) for n in range(100_000))]))
    seen = measured(
        OPEN.replace("read_tables(export)", "None").replace(
            "tables.gaps", "__import__('polars').DataFrame({'reason': [g.reason for g in export.gaps]})"
        ),
        path,
    )
    assert seen["said"]["members"] <= 20_000
    assert any("more than 20,000 files" in gap for gap in seen["said"]["gaps"])
    assert seen["peak"] < GIB


def listing(name, count):
    """Return a ZIP that is nothing but a directory of `count` entries of one name."""
    stub = b"PK\3\4" + bytes(26)
    told = struct.pack("<HHHHIIIHH", 0, 0, 0, 0, 0, 0, 0, len(name), 0) + struct.pack("<HHHII", 0, 0, 0, 0, 0)
    directory = (b"PK\1\2\x14\0\x14\0" + told + name) * count
    wide = struct.pack(
        "<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), len(stub)
    ) + struct.pack("<4sIQI", b"PK\6\7", 0, len(stub) + len(directory), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65_535, 65_535, len(directory), len(stub), 0)
    return stub + directory + wide + end


@pytest.mark.parametrize("name", [b"d/", b"..", b"a:"], ids=["folders", "parents", "streams"])
def test_archives_that_only_list_names_share_one_limit(tmp_path, measured, name):
    """Ten of 200,000 names each pack to a quarter of a megabyte: neither names nor refusals may fill memory."""
    path, inner = tmp_path / "names.zip", packed(listing(name, 200_000))
    path.write_bytes(stored([DUMPED, *((b"%d.zip" % n, *inner) for n in range(10))]))
    seen = measured(OPEN.replace("to_list()[:50]", "to_list()[-50:]"), path)
    assert seen["said"]["members"] == 1
    assert any(
        "more than 20,000 files" in gap or "more files than 20,000" in gap for gap in seen["said"]["gaps"]
    )
    assert seen["peak"] < GIB // 2


def test_an_archive_in_a_cabinet_in_an_archive_is_read_to_the_innermost(tmp_path, cabinet, zipped):
    inner = zipped([("MdmDiagReport_RegistryDump.reg", DUMP), ("../out.reg", DUMP)])
    path = tmp_path / "layers.zip"
    path.write_bytes(zipped([("outer.cab", cabinet([("inner.zip", inner)], mszip=True))]))
    with open_export(path) as export:
        assert [(m.path, m.read()) for m in export.members] == [
            ("outer.cab/inner.zip/MdmDiagReport_RegistryDump.reg", DUMP)
        ]
        assert {gap.member: gap.error for gap in export.gaps} == {
            "outer.cab/inner.zip/../out.reg": UnsafeName
        }


def test_folders_of_a_cabinet_that_share_their_blocks_are_walked_once(tmp_path, cabinet):
    """A thousand folders that all point at one stream of many small blocks would be walked a thousand times."""
    whole = bytearray(cabinet([("MdmDiagReport_RegistryDump.reg", DUMP)]))
    start, _, packing = struct.unpack_from("<IHH", whole, 36)
    moved = 999 * 8
    small = struct.pack("<IHH", 0, 1, 1) + b"x"
    table = struct.pack("<IHH", start + moved, 60_000, packing) * 1000
    content = bytearray(whole[:36] + table + whole[44:start] + small * 60_000)
    struct.pack_into("<I", content, 8, len(content))
    struct.pack_into("<I", content, 16, struct.unpack_from("<I", whole, 16)[0] + moved)
    struct.pack_into("<H", content, 26, 1000)
    path = tmp_path / "shared.cab"
    path.write_bytes(content)
    header = read_header(path)
    assert len(header.folders) == 1000
    assert sum(folder.blocks for folder in header.folders) <= len(content) // 8


NAMES = {
    "../evil.reg": UnsafeName,
    "..\\..\\evil.reg": UnsafeName,
    "/etc/evil.reg": UnsafeName,
    "C:\\evil.reg": UnsafeName,
    "\\\\host\\share\\evil.reg": UnsafeName,
    "CON": UnsafeName,
    "nul.reg": UnsafeName,
    "a/COM1.txt/b.reg": UnsafeName,
    "AUX .log": UnsafeName,
    "a.reg:stream": UnsafeName,
    "a.reg::$DATA": UnsafeName,
    "a\x1b[2J.reg": UnsafeName,
    "x" * 5000: UnsafeName,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused_and_touches_nothing(tmp_path, zipped, name):
    path = tmp_path / "in" / "names.zip"
    path.parent.mkdir()
    path.write_bytes(zipped([(name, DUMP), ("MdmDiagReport_RegistryDump.reg", DUMP)]))
    before = sorted(tmp_path.rglob("*"))
    with open_export(path) as export:
        assert [member.name for member in export.members] == ["MdmDiagReport_RegistryDump.reg"]
        assert {gap.error for gap in export.gaps} == {NAMES[name]}
        assert all(gap.member.isprintable() and len(gap.member) < 300 for gap in export.gaps)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("other", ["mdmdiagreport_registrydump.REG", "MdmDiagReport_RegistryDump.reg"])
def test_names_that_are_one_on_windows_are_read_once(tmp_path, zipped, other):
    path = tmp_path / "twice.zip"
    path.write_bytes(zipped([("MdmDiagReport_RegistryDump.reg", DUMP), (other, DUMP + b";\r\n")]))
    with open_export(path) as export:
        assert [member.read() for member in export.members] == [DUMP]
        assert {gap.error for gap in export.gaps} == {DuplicateName}


def test_names_that_are_one_after_normalisation_are_read_once(tmp_path, zipped):
    path = tmp_path / "twice.zip"
    path.write_bytes(
        zipped([("\u00e9/export.reg", b"REGEDIT4\r\n"), ("e\u0301/export.reg", b"REGEDIT4\r\n;")])
    )
    assert set(refused(path).values()) == {DuplicateName}


def test_links_in_archives_and_folders_are_not_followed(tmp_path):
    secret = tmp_path / "secret.reg"
    secret.write_bytes(DUMP + b'"secret"="1"\r\n')
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.reg")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(secret))
        archive.writestr("MdmDiagReport_RegistryDump.reg", DUMP)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "MdmDiagReport_RegistryDump.reg").write_bytes(DUMP)
    (folder / "link.reg").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    for export in (path, folder):
        with open_export(export) as opened:
            assert [member.read() for member in opened.members] == [DUMP]
            assert {gap.error for gap in opened.gaps} == {UnsafeName}


@pytest.mark.parametrize(("method", "words"), [(9, "Deflate64"), (99, "AES"), (98, "PPMd"), (1, "method 1")])
def test_a_way_of_packing_nobody_unpacks_here_is_named(tmp_path, zipped, method, words):
    content = bytearray(zipped([("a.reg", b"REGEDIT4\r\n"), ("MdmDiagReport_RegistryDump.reg", DUMP)]))
    struct.pack_into("<H", content, content.index(b"PK\1\2") + 10, method)
    path = tmp_path / "packed.zip"
    path.write_bytes(content)
    with open_export(path) as export:
        assert [member.read() for member in export.members] == [DUMP]
        assert words in export.gaps[0].reason


def test_an_encrypted_member_is_a_gap_and_the_rest_is_read(tmp_path, zipped):
    content = bytearray(zipped([("a.reg", b"REGEDIT4\r\n"), ("MdmDiagReport_RegistryDump.reg", DUMP)]))
    struct.pack_into("<H", content, content.index(b"PK\1\2") + 8, 1)
    path = tmp_path / "locked.zip"
    path.write_bytes(content)
    with open_export(path) as export:
        assert [member.read() for member in export.members] == [DUMP]
        assert "password" in export.gaps[0].reason


@pytest.mark.parametrize("flags", [1, 2, 3])
def test_one_cabinet_of_a_set_says_so(tmp_path, cabinet, flags):
    path = tmp_path / "part.cab"
    where = {"a.reg": 0xFFFD if flags & 1 else 0xFFFE}
    path.write_bytes(
        cabinet([("a.reg", DUMP), ("MdmDiagReport_RegistryDump.reg", DUMP)], flags=flags, folder_of=where)
    )
    with open_export(path) as export:
        assert [member.name for member in export.members] == ["MdmDiagReport_RegistryDump.reg"]
        assert "another cabinet of a set" in export.gaps[0].reason


def test_a_cabinet_whose_every_file_is_the_whole_folder_is_bounded(tmp_path, cabinet):
    content = [(f"{n:04}.reg", b"") for n in range(3000)]
    whole = bytearray(
        cabinet([("MdmDiagReport_RegistryDump.reg", DUMP + b";" * (1 << 20)), *content], mszip=True)
    )
    at = 0
    for _ in range(3000):
        at = whole.index(b".reg\0", at + 1)
        start = at - 4 - 16
        if whole[at - 4 : at].isdigit():
            struct.pack_into("<II", whole, start, 1 << 20, 0)
    path = tmp_path / "same.cab"
    path.write_bytes(whole)
    said = refused(path)
    assert LimitExceeded in said.values() if isinstance(said, dict) else "raise Limits" in said


def test_a_folder_deeper_than_any_recursion_is_walked(tmp_path):
    depth, here = 1100, os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    (tmp_path / "MdmDiagReport_RegistryDump.reg").write_bytes(DUMP)
    try:
        with open_export(tmp_path) as export:
            assert [member.read() for member in export.members] == [DUMP]
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # deeper than shutil goes


@pytest.mark.parametrize("method", [9, 99])
def test_archives_that_cannot_be_unpacked_take_no_memory(tmp_path, measured, method):
    content = bytearray(stored([DUMPED, *((b"%04d.log" % n, *zeros(1 << 20)) for n in range(200))]))
    at = content.index(b"PK\1\2", content.index(b"PK\1\2") + 4)
    while at >= 0:
        struct.pack_into("<H", content, at + 10, method)
        at = content.find(b"PK\1\2", at + 4)
    path = tmp_path / "packed.zip"
    path.write_bytes(content)
    seen = measured(OPEN, path)
    assert seen["said"]["members"] == 1
    assert len(seen["said"]["gaps"]) == 50
    assert seen["peak"] < GIB


def test_a_folder_that_may_not_be_listed_is_a_gap(tmp_path, monkeypatch):
    (tmp_path / "MdmDiagReport_RegistryDump.reg").write_bytes(DUMP)
    (tmp_path / "locked").mkdir()
    real = os.scandir

    def refuse(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with open_export(tmp_path) as export:
        assert [member.read() for member in export.members] == [DUMP]
        assert [(gap.member, "Permission denied" in gap.reason) for gap in export.gaps] == [("locked", True)]
