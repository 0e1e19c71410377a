"""A policy that is not met says which of its settings is at odds, and with what."""

from __future__ import annotations

import json

import polars as pl
import pytest

from autopilot_analysis.readers.service.cells.policy_settings import set_by_several, settings_at_odds


def words_of(*settings):
    """Return what one state's settings come to in words."""
    return settings_at_odds(pl.Series("settings", [json.dumps(list(settings))])).item()


def test_a_conflict_names_its_setting_and_every_policy_that_sets_it():
    sources = [{"displayName": "Example Baseline"}, {"id": "policy-2"}, {}]
    one = {"state": "conflict", "settingName": "Password length", "sources": sources}
    assert words_of(one) == "Password length: conflict (set by Example Baseline and by policy-2)"


FIRST = {"id": "1", "displayName": "A"}


@pytest.mark.parametrize(
    ("setting", "shared"),
    [
        ({"state": "conflict", "sources": [FIRST, {"id": "2", "displayName": "B, C"}]},
         {"a setting": ("A", "B, C")}),
        ({"state": "Conflict", "sources": [FIRST, {"id": "2", "displayName": "A"}]},
         {"a setting": ("A", "A")}),
        ({"state": "conflict", "sources": [FIRST] * 2}, {}),
        ({"state": "conflict", "sources": [{"displayName": "A"}] * 2}, {}),
        ({"state": "conflict", "sources": None}, {}),
        ({"state": "error", "sources": [{"id": "1"}, {"id": "2"}]}, {}),
        ({"state": "notApplicable", "sources": [{"id": "1"}, {"id": "2"}]}, {}),
    ],
)  # fmt: skip
def test_only_a_conflict_of_several_policies_is_shared(setting, shared):
    assert set_by_several(words_of(setting)) == shared


@pytest.mark.parametrize("state", ["compliant", "notApplicable", "notAssigned", "remediated", None])
def test_a_setting_that_is_met_or_not_asked_for_is_not_at_odds(state):
    assert words_of({"state": state, "settingName": "Password length"}) is None


def test_several_settings_stand_one_after_another_in_the_spelling_of_the_service():
    words = words_of(
        {"state": "Error", "setting": "A"}, {"state": "nonCompliant", "settingInstanceId": "b"}, {}
    )
    assert words == "A: Error; b: nonCompliant"


def test_a_setting_without_a_name_is_still_said():
    assert words_of({"state": "error"}) == "a setting: error"


@pytest.mark.parametrize("text", [None, "", "{", '"text"', "[1, null]", "[" * 100_000])
def test_what_is_no_list_of_settings_says_nothing(text):
    assert settings_at_odds(pl.Series("settings", [text], dtype=pl.String)).to_list() == [None]
