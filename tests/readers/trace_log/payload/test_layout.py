"""Layouts: names inside one event differ."""

from autopilot_analysis.readers.trace_log.payload.layout import Field, distinct


def test_a_name_that_comes_again_takes_a_number_no_other_field_has():
    named = distinct(Field(name, 1) for name in ("a", "a", "a_2", "a", "b"))
    assert [field.name for field in named] == ["a", "a_2", "a_2_2", "a_3", "b"]
