"""An item is called by its name, else by its id, and never by nothing."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest

from autopilot_analysis.tables.items import CALLED, called

RENAMED = """
from autopilot_analysis import wording
wording.NAMES["script"] = "platform script"
from autopilot_analysis.findings.answers.verdict import CAME, OTHERS
from autopilot_analysis.findings.service.answer import LISTED
from autopilot_analysis.findings.service.item_states import name_of_item
from autopilot_analysis.fleet.explanation.lists.lists import NOT_COMPARED
run = {"report": "DeviceRunStatesByScript", "name": None, "item": "11111111-2222-4333-8444-555555555555"}
print(*CAME, *OTHERS, name_of_item(run), LISTED["item_statuses"][1], NOT_COMPARED, sep="; ")
"""


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


def test_another_word_for_a_kind_stands_in_one_place():
    run = subprocess.run([sys.executable, "-c", RENAMED], capture_output=True, text=True, check=True)
    assert run.stdout == (
        "platform script; app; platform script; policy; "
        "Platform script 11111111-2222-4333-8444-555555555555; states of apps, platform scripts or policies; "
        "Its apps or platform scripts, or the devices of each, are too few to compare one with another.\n"
    )
