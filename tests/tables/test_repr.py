from __future__ import annotations

from pathlib import Path

from autopilot_analysis.fleet import load_story

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
