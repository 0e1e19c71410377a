"""The captured side of one device: what two devices are compared by, and nothing that is long."""

from types import SimpleNamespace

import polars as pl

from autopilot_analysis.fleet.dataset import captured
from autopilot_analysis.fleet.dataset.captured import COMPARED, captured_at, captured_in
from autopilot_analysis.tables import Tables, Trace, schema_of
from autopilot_analysis.tables.completing import with_lacking


def rows_of(table, **columns):
    schema = schema_of(table)
    return with_lacking(pl.DataFrame(columns), schema).select(
        pl.col(name).cast(schema[name]) for name in schema
    )


DEVICES = rows_of(
    "devices", device=["SN-1", "SN-2"], serial=["SN-1", "SERIAL-2"], model=["Book 13", "Slate 4"]
)
LINES = rows_of("log_lines", device=["SN-1"], member=["IME.log"], record=[1], message=["begin"])
TABLES = Tables.of({"devices": DEVICES, "log_lines": LINES})
TRACE = Trace.of({})


def test_a_device_is_found_by_its_key_and_by_its_serial():
    find = captured_in(TABLES, TRACE)
    assert [find(name).device for name in ("SN-1", "SN-2", "SERIAL-2")] == ["SN-1", "SN-2", "SN-2"]


def test_a_device_that_no_capture_is_of_has_no_side():
    assert captured_in(TABLES, TRACE)("SN-3") is None
    assert captured_in(Tables.of({"devices": DEVICES.clear()}), TRACE) is None


def test_a_side_holds_the_tables_that_are_compared_and_no_log_lines():
    side = captured_in(TABLES, TRACE)("SN-1")
    assert side.tables.devices["model"].to_list() == ["Book 13", "Slate 4"]
    assert side.trace is TRACE
    assert side.tables.log_lines.is_empty()
    assert "log_lines" not in COMPARED


def test_the_rows_of_a_side_are_those_of_its_device():
    side = captured_in(TABLES, TRACE)("SERIAL-2")
    assert side.rows(side.tables.devices)["model"].to_list() == ["Slate 4"]


def test_of_a_dataset_the_captures_of_the_one_device_that_is_asked_for_are_opened(monkeypatch, tmp_path):
    opened = []

    def load(path, *, device, names):
        opened.append((path, device, names))
        return SimpleNamespace(tables=TABLES, trace=TRACE)

    monkeypatch.setattr(captured, "load_story", load)
    find = captured_at(tmp_path, DEVICES, "names.csv")
    assert find("SN-3") is None
    assert opened == []
    assert find("SERIAL-2").device == "SN-2"
    assert opened == [(tmp_path, "SERIAL-2", "names.csv")]
