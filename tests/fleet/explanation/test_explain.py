import json

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.samples.fleet.fleet import INCIDENTS, simulate_fleet


@pytest.mark.parametrize("incident", INCIDENTS)
def test_the_planted_group_and_day_come_first(incident):
    deployments, truth = simulate_fleet(5000, incident=incident, seed=77)
    told = explain(deployments, outcome=truth["measure"]).to_dict()
    assert [contrast["where"] for contrast in told["contrasts"][:1]] == (
        [truth["where"]] if truth["where"] else []
    )
    if truth["at"]:
        day = told["changes"][0]["at"][:10]
        assert abs((truth["at"].date() - type(truth["at"].date()).fromisoformat(day)).days) <= 2


def test_a_healthy_fleet_needs_no_explanation():
    for outcome in ("failed", "slow"):
        told = explain(simulate_fleet(5000, seed=78)[0], outcome=outcome).to_dict()
        assert (told["contrasts"], told["changes"], told["hours"]) == ([], [], [])
        assert 0 < told["could_see"]["smallest"] < 0.1
        assert told["could_see"]["not_in_export"] == ["firmware", "tpm_version", "device_category"]


def test_the_json_has_the_shape_the_command_line_promises():
    deployments, truth = simulate_fleet(3000, incident="profile_edit", seed=79)
    explained = explain(deployments.to_pandas())
    planted = f"profile {truth['where']['profile']}"
    assert (explained.groups["group"][0], explained.days["group"][0]) == (planted, planted)
    told = json.loads(explained.to_json())
    assert {"where", "n", "k", "share", "low", "high", "rest_share", "q"} <= told["contrasts"][0].keys()
    assert {"at", "measure", "where", "before", "after", "q"} <= told["changes"][0].keys()


def test_the_verdict_says_what_could_not_be_told():
    rows = {"outcome": ["succeeded"] * 100, "model": ["Slate 12", "Desk Mini 5"] * 50}
    verdict = explain(pl.DataFrame(rows), outcome="slow").in_words()["verdict"].to_list()
    assert verdict == [
        "Too few to compare: 0 deployments that ended say how long they took; at least 12 are needed.",
        "Not told, since when: 100 of 100 deployments do not say when it began.",
        "Not told, how long: 100 of 100 that ended do not say how long it took.",
    ]


def test_a_version_that_came_to_all_on_the_day_all_became_slow_is_named_and_not_told_from_the_day():
    deployments, truth = simulate_fleet(5000, incident="app_version_slow", seed=81002)
    told = explain(deployments, outcome="slow").to_dict()
    assert told["changes"][0]["where"] == {}
    assert told["contrasts"][0]["where"] == truth["where"]
    assert told["contrasts"][0]["note"].endswith("the two cannot be told apart")
