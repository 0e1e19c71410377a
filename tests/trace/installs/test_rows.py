"""Every source of installs gives the same typed rows; what it does not know is null."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.tables import Install
from autopilot_analysis.trace.installs.rows import no_rows, to_detail, to_rows


def test_rows_have_the_columns_of_the_table_and_nothing_besides():
    rows = to_rows(pl.DataFrame({"device": ["D"], "item": ["app"], "kind": ["win32"], "surplus": [1]}))
    assert rows.schema == no_rows().schema == Install.create_empty().schema
    assert rows.select("device", "item", "kind", "outcome", "blocking").row(0) == (
        "D",
        "app",
        "win32",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"size": 5, "server": None}, '{"size": 5}'),
        ({"at": datetime(2026, 3, 2, tzinfo=UTC)}, '{"at": "2026-03-02T00:00:00+00:00"}'),
        ({"name": "Gerät"}, '{"name": "Gerät"}'),
        ({"size": None}, None),
        ({}, None),
    ],
)
def test_details_leave_out_what_is_unknown(facts, text):
    assert to_detail(facts) == text
