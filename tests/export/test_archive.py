import stat
import zipfile

import pytest

from autopilot_analysis.errors import DamagedArchive, LimitExceeded
from autopilot_analysis.export.archive import zip_entries
from autopilot_analysis.export.limits import Budget, Limits
from autopilot_analysis.export.workspace import Workspace


def listed(path, **limits):
    return list(zip_entries(path, Workspace(), Budget(Limits(**limits))))


def test_entries_come_in_the_order_of_the_directory_and_folders_are_left_out(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.txt", b"second letter" * 100)
        archive.mkdir("folder")
        archive.writestr("folder/a.txt", b"")
    entries = listed(path)
    assert [(entry.name, entry.content.size) for entry in entries] == [("b.txt", 1300), ("folder/a.txt", 0)]
    assert entries[0].packed < 100
    assert entries[0].content.read() == b"second letter" * 100
    assert [entry.refused for entry in entries] == [None, None]


def test_an_entry_that_cannot_be_unpacked_says_why(tmp_path):
    path = tmp_path / "export.zip"
    link = zipfile.ZipInfo("link")
    link.external_attr = stat.S_IFLNK << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, b"/etc/passwd")
    assert [str(entry.refused) for entry in listed(path)] == ["is a symbolic link"]


def test_a_zip_without_its_end_is_cut(tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(DamagedArchive, match="whose end is missing"):
        listed(path)


def test_a_directory_far_longer_than_the_limit_is_not_read(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(40):
            archive.writestr(f"{number}.txt", b"")
    assert len(listed(path, members=40)) == 40
    with pytest.raises(LimitExceeded, match=r"lists more files than 3; raise Limits\.members"):
        listed(path, members=3)
