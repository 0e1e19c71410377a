import json

import polars as pl

from autopilot_analysis.fleet import explain
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


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
