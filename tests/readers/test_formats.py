"""Every reader that a source names is there, and refuses what is not its format without harm."""

from contextlib import suppress

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.formats import FLEET, READERS
from autopilot_analysis.tables import SCHEMAS


def test_sources_name_readers_that_exist_and_every_reader_has_a_source():
    named = set(read_facts("sources")["reader"].drop_nulls())
    assert named - {"none"} == set(READERS)  # "none": known, and nothing in it to read


def test_readers_fill_tables_that_exist():
    filled = {table for reader in READERS.values() for table in reader.tables}
    assert filled <= set(SCHEMAS)
    assert set(FLEET) <= filled


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02 no such thing"], ids=["empty", "foreign"])
def test_what_is_no_file_of_its_format_gives_no_row(name, content):
    with suppress(NotThisFormat):
        reading = READERS[name].read(content, "member")
        assert set(reading.rows) <= {*READERS[name].tables, "policy_statuses"}
        assert reading.count <= 1
