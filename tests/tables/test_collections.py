from datetime import UTC, datetime

import polars as pl

from autopilot_analysis.tables import SCHEMAS, Tables, schema_of


def test_tables_are_cast_to_their_schemas_and_absent_ones_are_empty():
    gap = {"device": "PC-1", "member": None, "record": 3, "reason": "cut", "count": 1, "advice": None}
    given = pl.DataFrame([gap], schema_overrides={"member": pl.Null, "record": pl.Int32, "count": pl.Int8})
    tables = Tables.of({"gaps": given, "no such table": given})
    assert tables.gaps.schema == schema_of("gaps")
    assert tables.gaps.rows(named=True) == [gap]
    assert tables.events.is_empty()
    assert tables.events.schema == schema_of("events")
    assert list(tables.frames()) == [name for name in SCHEMAS if name in tables.frames()]


def test_what_is_changed_in_an_empty_table_is_in_no_other_collection():
    Tables.of({}).events.insert_column(0, pl.Series("own", [], pl.String))
    assert Tables.of({}).events.schema == schema_of("events")


def test_every_table_can_be_had_in_pandas():
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC)
    row = {"device": "PC-1", "serial": "SN-0001", "collected_at": moment}
    devices = pl.DataFrame([row]).select(
        pl.col(name).cast(kind) if name in row else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema_of("devices").items()
    )
    frames = Tables.of({"devices": devices}).to_pandas()
    assert frames["devices"].loc[0, "serial"] == "SN-0001"
    assert frames["devices"].loc[0, "collected_at"] == moment
    assert frames["events"].empty
