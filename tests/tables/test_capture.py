"""What an export says: every row leads back to its file, and what may be unknown may be null."""

from autopilot_analysis.tables.capture import (
    CLOCKS,
    STATES,
    Coverage,
    Device,
    Event,
    LogLine,
    Member,
)
from autopilot_analysis.tables.personal import kind_of

NULLABLE_OF_A_DEVICE = {"registered", "enrolled", "serial", "time_zone", "scenario", "build"}


def test_unknown_is_null_and_never_no():
    columns = Device.columns()
    assert all(columns[name].nullable for name in NULLABLE_OF_A_DEVICE)
    assert not columns["device"].nullable


def test_every_row_of_a_file_names_device_member_and_record_and_keeps_what_was_written():
    for schema, written in ((Event, "recorded_at"), (LogLine, "written_at")):
        columns = schema.columns()
        assert not any(columns[name].nullable for name in ("device", "member", "record", "clock"))
        assert columns[written].nullable
        assert columns["at"].dtype.time_zone == "UTC"


def test_local_time_of_a_log_line_carries_no_zone():
    assert LogLine.columns()["written_at"].dtype.time_zone is None


def test_a_member_is_its_path_and_coverage_one_source_of_one_device():
    assert Member.primary_key() == ["member"]
    assert Coverage.primary_key() == ["device", "source"]
    assert [next(iter(CLOCKS)), STATES[0]] == ["declared", "read"]


def test_the_columns_that_name_a_device_or_a_person_say_so():
    personal = {name: kind_of(column) for name, column in Device.columns().items() if kind_of(column)}
    assert personal == {
        "device": "device", "serial": "serial", "name": "host", "tenant_id": "tenant",
        "tenant_domain": "tenant", "entra_device_id": "id", "intune_device_id": "id",
    }  # fmt: skip
