"""Ids of one list, called as another calls them."""

from __future__ import annotations

import polars as pl
from findings.service_tables import status, table

from autopilot_analysis.readers.names import NAME_BOOK
from autopilot_analysis.readers.service.item_names import name_listed_items
from autopilot_analysis.tables import schema_of

ONE, TWO = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2))
DETAILED = "AutopilotV2DeploymentStatusDetailedAppInfo"


def named(*rows, counts=(), book=()):
    pairs = [{"section": NAME_BOOK, "name": item, "value": name} for item, name in book]
    frames = {
        "item_statuses": table("item_statuses", rows),
        "item_counts": table("item_counts", counts),
        "properties": pl.DataFrame(
            [dict.fromkeys(schema_of("properties")) | pair for pair in pairs],
            schema=schema_of("properties"),
        ),
    }
    told = name_listed_items(frames)
    return told["item_statuses"]["name"].to_list() + told["item_counts"]["name"].to_list()


def row(item, name=None, **more):
    return status("A", "1", item=item, name=name, **more)


def test_an_app_that_one_list_names_is_called_so_in_every_other():
    assert named(row(ONE), row(f"{{{ONE.upper()}}}", "Sensor", report=DETAILED), row(TWO)) == [
        "Sensor",
        "Sensor",
        None,
    ]
    assert named(row(ONE), counts=[{"report": "AppInstallStatusAggregate", "item": ONE, "name": "Map"}]) == [
        "Map",
        "Map",
    ]


def test_a_name_book_names_what_no_list_does_and_a_name_that_a_list_has_stays():
    assert named(row(ONE), row(TWO, "Map"), book=[(ONE, "Sensor"), (TWO, "Other")]) == ["Sensor", "Map"]
    assert named(row(TWO, "Old"), row(TWO, "New"), row(TWO)) == ["Old", "New", "Old"]


def test_apps_of_one_name_and_what_has_no_id_stay_apart():
    assert named(row(ONE, "Map"), row(TWO, "Map"), row("Map"), row(None)) == ["Map", "Map", None, None]


def test_tables_in_which_nothing_lacks_a_name_stay_as_they_are():
    frames = {"item_statuses": table("item_statuses", [row(ONE, "Map")])}
    assert name_listed_items(frames)["item_statuses"] is frames["item_statuses"]
    assert named(row(ONE)) == [None]
