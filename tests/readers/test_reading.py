"""What a reader brings out: rows typed by their table's schema, and gaps beside them."""

import pytest

from autopilot_analysis.readers.reading import Reading, Unread, rows_of
from autopilot_analysis.tables import schema_of


def test_rows_have_the_columns_of_their_table_without_device_and_member():
    rows = rows_of("properties", {"name": ["a", "b"], "value": ["1", None]})
    schema = {
        name: kind for name, kind in schema_of("properties").items() if name not in ("device", "member")
    }
    assert dict(rows.schema) == schema
    assert rows.select("name", "value").rows() == [("a", "1"), ("b", None)]
    assert rows["record"].null_count() == 2


def test_half_of_a_surrogate_pair_costs_no_row():
    rows = rows_of("properties", {"name": ["a"], "value": ["x\ud83dy"]})
    assert rows["value"].to_list() == ["x\ufffdy"]


def test_a_value_of_another_type_is_an_error_and_never_a_null():
    with pytest.raises(TypeError):
        rows_of("properties", {"record": ["seven"]})


def test_a_reading_counts_the_rows_of_all_its_tables():
    one, two = rows_of("properties", {"name": ["a"]}), rows_of("log_lines", {"message": ["x", "y"]})
    assert Reading({"properties": one, "log_lines": two}).count == 3
    assert Reading().count == 0


def test_what_is_missing_was_lost_in_the_file_unless_it_is_said_to_be_whole():
    assert Unread("cut").whole is False
