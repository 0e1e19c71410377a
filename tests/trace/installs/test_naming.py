"""Ids become names; every id and name is made up."""

import polars as pl

from autopilot_analysis.readers.names import NAME_BOOK
from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.naming import find_nameless, name_items

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "22222222-2222-4333-8444-555555555555"


def installs(*rows):
    return pl.DataFrame(
        rows, schema={"device": pl.String, "item": pl.String, "name": pl.String}, orient="row"
    )


def properties(*rows):
    schema = schema_of("properties")
    full = [
        {"device": "D", "member": "names.csv", "record": n, "section": section, "name": name, "value": value}
        for n, (section, name, value) in enumerate(rows, 1)
    ]
    return pl.DataFrame(full, schema=schema)


def test_a_known_name_stays_and_kin_go_before_the_book():
    rows = installs(
        ("A", ONE, None), ("B", f"{ONE.upper()}_3", "Of the log"), ("A", TWO, None), ("A", "x", None)
    )
    book = properties((NAME_BOOK, ONE, "Of the book"), (NAME_BOOK, TWO, "Booked"), ("other", TWO, "Wrong"))
    assert name_items(rows, book)["name"].to_list() == ["Of the log", "Of the log", "Booked", None]


def test_without_a_book_what_is_not_named_stays_nameless():
    rows = installs(("A", ONE, None), ("A", "x", "y"), ("A", "x", None))
    assert name_items(rows, properties())["name"].to_list() == [None, "y", None]


def test_the_gap_counts_ids_once_and_no_item_without_an_id():
    rows = installs(
        ("A", ONE, None), ("A", ONE, None), ("A", TWO, "Named"), ("A", "x", None), ("B", TWO, "N")
    )
    assert find_nameless(rows).select("device", "count").rows() == [("A", 1)]
