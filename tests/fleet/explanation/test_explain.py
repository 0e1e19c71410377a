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


def test_a_version_that_came_to_all_on_the_day_all_became_slow_is_named_and_not_told_from_the_day():
    deployments, truth = simulate_fleet(5000, incident="app_version_slow", seed=81002)
    told = explain(deployments, outcome="slow").to_dict()
    assert told["changes"][0]["where"] == {}
    assert told["contrasts"][0]["where"] == truth["where"]
    assert told["contrasts"][0]["note"].endswith("the two cannot be told apart")
