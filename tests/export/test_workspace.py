import zipfile

import pytest

from autopilot_analysis.export.workspace import ZIPS_OPEN, Workspace


def test_the_room_is_made_when_it_is_first_needed_and_goes_when_closed():
    room = Workspace()
    first, second = room.new_path(), room.new_path()
    assert (first.name, second.name) == ("0", "1")
    assert first.parent.is_dir()
    first.write_bytes(b"1")
    room.close()
    assert not first.parent.exists()
    room.close()


def test_only_so_many_zip_files_are_held_open(tmp_path):
    room = Workspace()
    paths = [tmp_path / f"{number}.zip" for number in range(ZIPS_OPEN + 1)]
    for path in paths:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a", b"1")
    held = [room.zip_file(path) for path in paths]
    assert held[0].fp is None  # the one used longest ago was closed
    assert all(archive.fp is not None for archive in held[1:])
    assert room.zip_file(paths[1]) is held[1]
    assert room.zip_file(paths[0]).read("a") == b"1"
    room.close()


def test_a_closed_room_opens_nothing(tmp_path):
    room = Workspace()
    room.close()
    with pytest.raises(ValueError, match="was closed"):
        room.zip_file(tmp_path / "a.zip")
