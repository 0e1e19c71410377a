from __future__ import annotations

from pathlib import Path

from autopilot_analysis.fleet import explain, load_deployments, load_story

DATA = Path(__file__).parents[2] / "data"


def test_a_collection_shows_what_it_holds_in_six_lines():
    tables, _, findings = load_story(DATA / "mdm-enrollment-refused.cab")
    lines = repr(tables).splitlines()
    assert lines[0].startswith("Tables: ")
    assert f"events {tables.events.height:,}" in lines[1]
    assert len(lines) <= 6
    assert (
        repr(findings).splitlines()[1]
        == f"evidence {findings.evidence.height}, findings {findings.findings.height}"
    )


def test_a_fleet_and_an_explanation_are_shown_in_six_lines_at_most():
    fleet = load_deployments(DATA / "mdm-enrollment-refused.cab")
    lines = repr(fleet).splitlines()
    assert lines[0].startswith("Fleet: ")
    assert len(lines) <= 6
    assert f"deployments {fleet.deployments.height:,}" in lines[1]
    explained = repr(explain(fleet.deployments)).splitlines()
    assert explained[0].startswith("Explanation of failed: ")
    assert len(explained) <= 6
