"""Several spellings of one value are one group, and what was typed is kept."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from autopilot_analysis.fleet import explain, measure_contrasts, select_group
from autopilot_analysis.fleet.explanation.spellings import spelt_alike

SPELT = ["Slate 12", "SLATE 12", "slate-12", "Slate  12 ", "slate_12", "Slate12"]


def test_the_most_frequent_spelling_stands_for_those_that_differ_by_case_spaces_and_dashes():
    frame = pl.DataFrame({"model": [*SPELT, "Slate 12", None]})
    alike = spelt_alike(frame, ["model"])["model"].to_list()
    assert alike == ["Slate 12"] * 5 + ["Slate12", "Slate 12", None]
    assert frame["model"].to_list()[:6] == SPELT


def test_what_firmware_leaves_in_place_of_a_model_is_unknown():
    typed = ["System Product Name", "To be filled by O.E.M.", "  ", "Default string", "Book 13"]
    assert spelt_alike(pl.DataFrame({"model": typed}), ["model"])["model"].to_list() == [None] * 4 + [
        "Book 13"
    ]


def test_numbers_and_flags_stay_as_they_are():
    frame = pl.DataFrame({"shared": [True, False], "floor": [1, 2]})
    assert spelt_alike(frame, ["shared", "floor"]).equals(frame)


def fleet():
    rng = np.random.default_rng(8)
    tag = rng.choice(["Berlin Plant", "berlin-plant", "BERLIN PLANT", "Office", "Store"], 3000)
    bad = np.char.startswith(np.char.lower(tag), "berlin")
    failed = rng.random(3000) < np.where(bad, 0.3, 0.05)
    day = rng.integers(0, 90, 3000)
    return bad, pl.DataFrame(
        {
            "device": [f"D{number}" for number in range(3000)],
            "group_tag": tag,
            "started_at": [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=int(each)) for each in day],
            "outcome": np.where(failed, "failed", "succeeded"),
        }
    )


def test_a_tag_typed_in_three_ways_is_one_group_whose_attempts_are_all_selected():
    bad, frame = fleet()
    for found in (explain(frame).contrasts, measure_contrasts(frame)):
        assert found.height == 1
        assert json.loads(found["where"][0])["group_tag"].lower().replace("-", " ") == "berlin plant"
        assert found["n"][0] == bad.sum() == select_group(frame, found).height
