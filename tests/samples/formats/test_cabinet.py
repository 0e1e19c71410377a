"""Cabinets come out as what went in, in two independent readers."""

import shutil
import struct
import subprocess
from datetime import UTC, datetime
from random import Random

import pytest

from autopilot_analysis.export.cabinet.cabinet import cabinet_entries
from autopilot_analysis.export.limits import Budget, Limits
from autopilot_analysis.export.workspace import Workspace
from autopilot_analysis.samples.formats.cabinet import write_cabinet

FILES = {
    "empty.txt": b"",
    "short.txt": b"a line\r\n",
    "zeros.evtx": bytes(69_632),
    "noise.bin": Random(1).randbytes(100_001),
    "folder/text.log": b"the same words again and again\r\n" * 5000,
    "Gerät.csv": b"x",
}


@pytest.mark.parametrize("compression", ["mszip", "stored"])
def test_members_come_out_as_they_went_in(tmp_path, compression):
    path = tmp_path / "a.cab"
    path.write_bytes(write_cabinet(FILES, compression=compression))
    workspace = Workspace()
    entries = list(cabinet_entries(path, workspace, Budget(Limits())))
    assert {entry.name.replace("\\", "/"): entry.content.read() for entry in entries} == FILES
    workspace.close()


@pytest.mark.parametrize("compression", ["mszip", "stored"])
def test_libmspack_finds_the_same(compression):
    library = pytest.importorskip("pylibmspack", reason="the extra fast is not installed")
    archive = library.CabArchive.from_bytes(write_cabinet(FILES, compression=compression))
    assert [member["name"].replace("\\", "/") for member in archive.files()] == list(FILES)
    assert [archive.read(member["name"]) for member in archive.files()] == list(FILES.values())


def test_every_member_carries_the_given_local_time():
    cabinet = write_cabinet(FILES, modified=datetime(2026, 3, 2, 8, 49, 30, tzinfo=UTC))
    (table,) = struct.unpack_from("<I", cabinet, 16)
    date, time = struct.unpack_from("<HH", cabinet, table + 10)
    assert (1980 + (date >> 9), date >> 5 & 0xF, date & 0x1F) == (2026, 3, 2)
    assert (time >> 11, time >> 5 & 0x3F, 2 * (time & 0x1F)) == (8, 49, 30)


def test_cabextract_finds_no_fault(tmp_path):
    if shutil.which("cabextract") is None:
        pytest.skip("cabextract is not installed")
    path = tmp_path / "a.cab"
    path.write_bytes(write_cabinet(FILES))
    told = subprocess.run(["cabextract", "-q", "-d", tmp_path / "out", path], capture_output=True, check=True)
    assert told.stderr == b""
    assert (tmp_path / "out" / "folder" / "text.log").read_bytes() == FILES["folder/text.log"]


@pytest.mark.parametrize("compression", ["mszip", "stored"])
def test_every_block_carries_its_checksum(compression):
    cabinet = write_cabinet({"a": b"abcdefg" * 9}, compression=compression)
    (at,) = struct.unpack_from("<I", cabinet, 36)
    told, packed, _ = struct.unpack_from("<IHH", cabinet, at)
    block = cabinet[at + 8 : at + 8 + packed]
    expected = 0
    for start in range(0, len(block) - len(block) % 4, 4):
        expected ^= int.from_bytes(block[start : start + 4], "little")
    expected ^= int.from_bytes(block[len(block) - len(block) % 4 :], "big")
    expected ^= int.from_bytes(cabinet[at + 4 : at + 8], "little")
    assert told == expected


def test_the_same_files_give_the_same_bytes():
    assert write_cabinet(FILES) == write_cabinet(FILES)
