from __future__ import annotations

from pathlib import Path

import pytest

from autopilot_analysis import describe_table
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.dictionary import OF_EVERY_TABLE, OF_TABLE, dictionary

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_column_of_every_table_has_a_meaning(table):
    assert describe_table(table).filter(describe_table(table)["meaning"].is_null())["column"].to_list() == []


def test_a_table_says_type_null_and_privacy_of_its_columns():
    rows = {row["column"]: row for row in describe_table("installs").iter_rows(named=True)}
    assert rows["started_at"]["type"] == "instant"
    assert rows["waited"]["type"] == "duration"
    assert rows["device"]["personal"]
    assert not rows["kind"]["nullable"]
    assert describe_table("log_lines").row(3)[:2] == ("written_at", "local time")


def test_the_page_of_tables_is_what_the_schemas_say():
    assert PAGE.read_text(encoding="utf-8") == dictionary()


def test_no_meaning_is_kept_for_a_column_that_is_gone():
    named = {name for schema in SCHEMAS.values() for name in schema.columns()}
    assert set(OF_EVERY_TABLE) <= named
    assert all(set(meanings) <= set(SCHEMAS[table].columns()) for table, meanings in OF_TABLE.items())


def test_an_unknown_table_is_named():
    with pytest.raises(UnknownName, match="event"):
        describe_table("event")
