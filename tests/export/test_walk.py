import pytest

from autopilot_analysis.errors import LimitExceeded
from autopilot_analysis.export.content import LooseFile
from autopilot_analysis.export.limits import Limits
from autopilot_analysis.export.magic import HEAD
from autopilot_analysis.export.walk import Walk, as_named


@pytest.fixture
def walked():
    rooms = []

    def walk(root, **limits):
        one = Walk(Limits(**limits))
        rooms.append(one.workspace)
        one.folder(root)
        return one

    yield walk
    for room in rooms:
        room.close()


def test_files_come_with_the_archives_they_lie_in(tmp_path, walked, zipped):
    inner = zipped([("dsregcmd.txt", b"words")])
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "all.zip").write_bytes(zipped([("inner.zip", inner), ("a.log", b"words")]))
    (tmp_path / "b.txt").write_bytes(b"more")
    walk = walked(tmp_path)
    assert [(file.path, file.archives, file.content.size) for file in walk.found] == [
        ("b.txt", (), 4),
        ("logs/all.zip/inner.zip/dsregcmd.txt", ("logs/all.zip", "logs/all.zip/inner.zip"), 5),
        ("logs/all.zip/a.log", ("logs/all.zip",), 5),
    ]
    assert walk.gaps == []


def test_what_is_refused_says_why_and_what_to_do(tmp_path, walked):
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    gap = walked(tmp_path).gaps[0]
    assert (gap.member, gap.reason, gap.state) == (
        "a.7z",
        "is a 7-Zip archive, which is not unpacked here",
        "not_read",
    )
    assert gap.advice == "unpack it with another tool and pass the folder"


def test_files_beyond_the_limit_are_one_gap(tmp_path, walked):
    for number in range(4):
        (tmp_path / f"{number}.txt").write_bytes(b"words")
    walk = walked(tmp_path, members=2)
    assert [file.path for file in walk.found] == ["0.txt", "1.txt"]
    assert [(gap.member, gap.error) for gap in walk.gaps] == [("2.txt", LimitExceeded)]


def test_a_file_larger_than_a_member_may_be_is_not_added(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"0123456789")
    walk = Walk(Limits(member_bytes=9))
    with pytest.raises(LimitExceeded, match="unpacks to 10 bytes, more than 9"):
        walk.add("a.txt", LooseFile(10, path), ())
    assert walk.found == []


NOTE = b"Enrolment of laptop 3 fails with 0x80180014.\n"
AGENT = (
    b'<![LOG[EMS Agent Started]LOG]!><time="09:00:00.0000000" date="4-14-2026" component="x" context="" '
    b'type="1">'
)


@pytest.mark.parametrize(
    ("beside", "source"),
    [
        (None, "quotes"),
        (("mail.txt", NOTE), "quotes"),
        (("IntuneManagementExtension.log", AGENT), "own_log"),
        (("keys.reg", b"Windows Registry Editor Version 5.00\r\n"), "own_log"),
        (("System.evtx", b"ElfFile\0" + bytes(200)), "own_log"),
    ],
)
def test_a_log_among_what_a_device_wrote_is_one_whatever_it_quotes(tmp_path, walked, beside, source):
    (tmp_path / "Reader_Install.log").write_bytes(NOTE)
    if beside is not None:
        (tmp_path / beside[0]).write_bytes(beside[1])
    found = {file.path: file.source.source for file in as_named(walked(tmp_path).found)}
    assert found["Reader_Install.log"] == source


def test_of_a_text_that_was_not_seen_whole_the_name_decides(tmp_path, walked):
    (tmp_path / "long.log").write_bytes(NOTE + b"copied " * HEAD)
    assert [file.source.source for file in walked(tmp_path).found] == ["own_log"]
