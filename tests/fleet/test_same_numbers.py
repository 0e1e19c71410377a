"""What is printed twice is equal: `explain`, the answer of the pages on fleets, and the postmortem."""

import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from small_fleets import write_fleet

from autopilot_analysis import load_deployments, wording
from autopilot_analysis.fleet import answer_fleet, explain, study_incident


@pytest.fixture(scope="module", params=["stored", "fresh"])
def pages(request, tmp_path_factory):
    """A fleet, its explanation, and what the pages make of it."""
    folder = "data/fleet"
    if request.param == "fresh":
        folder = write_fleet(tmp_path_factory.mktemp("fresh"), 900, seed=2718)
    fleet = load_deployments(folder)
    explained = explain(fleet.deployments, candidates=fleet.candidates)
    answer = {
        section.label: [line.text for line in section.lines] for section in answer_fleet(fleet).sections
    }
    return fleet, explained, answer, study_incident(folder)


def of_the_group(pages):
    explained, incident = pages[1], pages[3]
    row = explained.contrasts.row(0, named=True)
    assert json.loads(row["where"]) == incident.case.where
    return row


def test_the_postmortem_and_explain_have_the_same_groups_and_days(pages):
    _, explained, _, incident = pages
    assert explained.contrasts.height >= 1
    assert_frame_equal(incident.contrasts, explained.contrasts)
    assert_frame_equal(incident.changes, explained.changes)


def test_the_answer_states_the_counts_shares_and_levels_of_explain(pages):
    _, explained, answer, _ = pages
    row = of_the_group(pages)
    assert wording.share(row["k"], row["n"], row["low"], row["high"]) in answer["What happened"][0]
    change = explained.changes.row(0, named=True)
    assert wording.levels(change) in answer["Since when"][0]
    assert f"{change['at']:%Y-%m-%d}" in answer["Since when"][0]
    assert wording.by_chance(row["q"]) in answer["Proof"][0]


def test_the_postmortem_states_the_day_the_levels_and_how_many_times_as_explain_does(pages):
    _, explained, _, incident = pages
    row, change = of_the_group(pages), explained.changes.row(0, named=True)
    said = " ".join(repr(incident.summary).split())
    assert wording.levels(change) in said
    assert f"{row['lift']:.1f} times as likely over all" in said
    assert (incident.case.since, row["at"]) == (change["at"], change["at"])


def test_devices_hit_and_minutes_lost_are_those_of_explain(pages):
    _, _, _, incident = pages
    row, impact = of_the_group(pages), incident.impact
    devices = impact.filter(pl.col("what") == "devices hit").row(0, named=True)
    assert devices["k"] == row["devices"]
    spent = impact.filter(pl.col("what").str.contains("spent")).row(0, named=True)
    assert 60 * spent["value"] == pytest.approx(row["lost"], abs=0.06)
