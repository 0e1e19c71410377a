"""An archive is the same for the same content, whatever machine writes it."""

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

from autopilot_analysis.samples.formats.archive import write_archive

FILES = {"b/two.txt": b"2" * 1000, "one.txt": b"1"}


def test_members_stand_in_the_order_given_and_come_out_as_they_went_in():
    with ZipFile(BytesIO(write_archive(FILES))) as archive:
        assert archive.namelist() == list(FILES)
        assert {name: archive.read(name) for name in FILES} == FILES
        assert {info.create_system for info in archive.infolist()} == {0}


def test_bytes_depend_on_nothing_but_content_and_the_time_given():
    assert write_archive(FILES) == write_archive(FILES)
    later = write_archive(FILES, modified=datetime(2026, 3, 2, 8))  # noqa: DTZ001
    assert later != write_archive(FILES)
