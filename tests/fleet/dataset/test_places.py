"""Where the tables of exports lie, and which of two tellings of one export counts."""

from datetime import UTC, datetime
from pathlib import Path

from autopilot_analysis.fleet.dataset.manifest import Entry, Pack
from autopilot_analysis.fleet.dataset.older import table_shape
from autopilot_analysis.fleet.dataset.places import Place, renewed_exports


def entry(export, shape="", **tables):
    return Entry(
        export=export, name=f"{export}.zip", place=f"/in/{export}.zip", look="1", bytes=1, devices=["SN-1"],
        tables=tables, gaps=0, seconds=0.0, run="first", schema_version=1, package_version="0.1.0",
        finished_at=datetime(2026, 3, 2, tzinfo=UTC), shape=shape,
    )  # fmt: skip


def test_a_place_counts_the_rows_of_all_its_exports():
    place = Place(Path("packs/one"), (entry("a", events=3), entry("b", events=4, devices=1)), whole=True)
    assert (place.rows("events"), place.rows("devices"), place.rows("log_lines")) == (7, 1, 0)


def test_a_table_without_rows_has_no_file():
    place = Place(Path("packs/one"), (entry("a", events=3),), whole=True)
    assert place.file("events") == Path("packs/one/events.parquet")
    assert place.file("log_lines") is None


def test_an_export_that_was_read_again_lies_in_a_folder_or_in_a_newer_pack():
    packs = [
        Pack(pack="old", replaces=[], exports=[entry("a"), entry("b"), entry("c")]),
        Pack(pack="new", replaces=[], exports=[entry("b", table_shape())]),
    ]
    assert renewed_exports(packs, [Path("exports/c")]) == {"b", "c"}
