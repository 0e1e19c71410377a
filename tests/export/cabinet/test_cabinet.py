import pytest

from autopilot_analysis.errors import DamagedArchive, LimitExceeded, Unsupported
from autopilot_analysis.export.cabinet.cabinet import cabinet_entries, read_header
from autopilot_analysis.export.limits import Budget, Limits
from autopilot_analysis.export.workspace import Workspace


@pytest.fixture
def listed(tmp_path):
    workspace = Workspace()

    def entries(content, **limits):
        path = tmp_path / "export.cab"
        path.write_bytes(content)
        return list(cabinet_entries(path, workspace, Budget(Limits(**limits))))

    yield entries
    workspace.close()


@pytest.mark.parametrize("mszip", [False, True])
def test_members_of_several_folders_come_out_in_the_order_of_the_table(cabinet, listed, mszip):
    content = cabinet([("a", b"1" * 40_000), ("b", b"22")], [("c", b"333")], mszip=mszip)
    assert [(entry.name, entry.content.read()) for entry in listed(content)] == [
        ("a", b"1" * 40_000),
        ("b", b"22"),
        ("c", b"333"),
    ]


def test_the_header_tells_folders_and_where_each_file_lies(tmp_path, cabinet):
    path = tmp_path / "export.cab"
    path.write_bytes(cabinet([("a", b"1" * 10), ("b", b"22")], [("c", b"333")]))
    header = read_header(path)
    assert [folder.unpacked for folder in header.folders] == [12, 3]
    assert [(file.name, file.size, file.offset, file.folder) for file in header.files] == [
        ("a", 10, 0, 0),
        ("b", 2, 10, 0),
        ("c", 3, 0, 1),
    ]


def test_the_cabinet_itself_is_left_as_it_is(tmp_path, cabinet, listed):
    content = cabinet([("a", b"1" * 40_000)], mszip=True)
    listed(content)
    assert (tmp_path / "export.cab").read_bytes() == content


def test_a_member_behind_the_cut_says_how_much_of_it_came(cabinet, listed):
    content = cabinet([("a", b"1" * 32_768), ("b", b"2" * 40_000)])
    first, second = listed(content[:-1000])
    assert first.content.read() == b"1" * 32_768
    assert str(second.refused) == "is cut: 32,768 of 40,000 bytes could be unpacked"


def test_cut_tables_are_named(cabinet, listed):
    with pytest.raises(DamagedArchive, match="tables are cut or damaged"):
        listed(cabinet([("a", b"1")])[:40])


def test_what_unpacks_beyond_the_room_left_is_refused_before_it_is_unpacked(cabinet, listed):
    with pytest.raises(LimitExceeded, match=r"unpacks to 5,000 bytes; raise Limits\.total_bytes"):
        listed(cabinet([("a", b"1" * 5000)]), total_bytes=4999)


def test_a_file_that_goes_on_in_another_cabinet_says_so(cabinet, listed):
    entry = listed(cabinet([("a", b"1")], flags=2, folder_of={"a": 0xFFFE}))[0]
    assert isinstance(entry.refused, Unsupported)
    assert "continues in another cabinet" in str(entry.refused)


def test_a_name_without_the_utf_8_flag_is_western(cabinet, listed):
    content = bytearray(cabinet([(b"Ger\xe4t.log", b"1")]))
    at = bytes(content).index(b"Ger\xe4t")
    content[at - 2 : at] = b"\0\0"
    assert [entry.name for entry in listed(bytes(content))] == ["Gerät.log"]


def test_a_file_in_a_folder_that_is_not_there_is_damage(cabinet, listed):
    with pytest.raises(DamagedArchive, match="tables are cut or damaged"):
        listed(cabinet([("a", b"1")], folder_of={"a": 1}))
