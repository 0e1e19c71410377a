"""A cell that still names somebody is hidden and counted; every other cell stays as it is."""

import base64

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.privacy.conceal import HIDDEN, conceal

NAME = "Zora-Laptop-77"
NONE = {"table": pl.String, "column": pl.String, "cells": pl.Int64}
TWICE = base64.b64encode(base64.b64encode(f"name={NAME}".encode()) + b"==").decode()


def hidden(*counts):
    return pl.DataFrame(list(counts), schema=NONE, orient="row")


@pytest.mark.parametrize(
    "message",
    [
        f"host {NAME} answered",
        NAME.lower(),
        f"x{NAME.encode().hex()}x",
        NAME.encode("utf-16-le").hex(),
        TWICE,
    ],
)
def test_a_cell_that_holds_an_original_plain_or_wrapped_is_hidden_alone(rows, message):
    lines = rows("log_lines", {"message": "an app was installed"}, {"message": message})
    shown, cells = conceal({"log_lines": lines}, [NAME])
    wanted = lines.with_columns(pl.Series("message", ["an app was installed", HIDDEN]))
    assert_frame_equal(shown["log_lines"], wanted)
    assert_frame_equal(cells, hidden(("log_lines", "message", 1)))


def test_hidden_cells_are_counted_for_each_column_of_each_table(rows):
    lines = rows("log_lines", {"message": NAME}, {"message": f"to {NAME}", "component": NAME}, {})
    values = rows("registry_values", {"key": r"HKLM\x", "name": "x", "value": f"{NAME}$"})
    _, cells = conceal({"log_lines": lines, "registry_values": values}, [NAME])
    counts = hidden(
        ("log_lines", "component", 1), ("log_lines", "message", 2), ("registry_values", "value", 1)
    )
    assert_frame_equal(cells, counts)


def test_a_short_original_hides_a_cell_only_where_it_stands_alone(rows):
    lines = rows("log_lines", {"message": "user ann left"}, {"message": "the annual report"})
    shown, _ = conceal({"log_lines": lines}, ["ann"])
    assert shown["log_lines"]["message"].to_list() == [HIDDEN, "the annual report"]


def test_words_of_the_kit_and_of_windows_are_nobodys_cells(rows):
    events = rows("events", {"provider": "Microsoft-Windows-Setup"}, {"provider": "Setup Agent of Contoso"})
    members = rows("members", {"source": "setup", "member": "a", "sha256": "0", "state": "read"})
    shown, cells = conceal({"events": events, "members": members}, ["Setup"])
    assert shown["events"]["provider"].to_list() == ["Microsoft-Windows-Setup", HIDDEN]
    assert shown["members"]["source"].to_list() == ["setup"]
    assert_frame_equal(cells, hidden(("events", "provider", 1)))


@pytest.mark.parametrize("originals", [[], [""], ["Nobody-Here-12"]])
def test_where_nothing_is_found_the_frames_stay_the_same(rows, originals):
    lines = rows("log_lines", {"message": NAME}, {"message": None, "component": "x"})
    shown, cells = conceal({"log_lines": lines}, originals)
    assert_frame_equal(shown["log_lines"], lines)
    assert_frame_equal(cells, hidden())
