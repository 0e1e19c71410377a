"""An item is called by its name, else by its id, and never by nothing."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.tables.items import CALLED, called


@pytest.mark.parametrize(
    ("name", "item", "words"),
    [
        ("Example VPN", "a7", "Example VPN"),
        (None, "a7", "a7"),
        ("", "a7", "a7"),
        (None, None, "A script without a name"),
    ],
)
def test_an_item_has_a_name_an_id_or_is_said_to_have_neither(name, item, words):
    assert called({"name": name, "item": item}, "script") == words


def test_of_rows_the_id_stands_where_nobody_knows_a_name():
    rows = pl.DataFrame({"name": ["Example VPN", None], "item": ["a7", "b8"]})
    assert rows.select(CALLED).to_series().to_list() == ["Example VPN", "b8"]
