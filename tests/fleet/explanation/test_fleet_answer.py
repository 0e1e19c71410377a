from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autopilot_analysis import wording
from autopilot_analysis.fleet import answer_fleet, explain, ingest, load_deployments
from autopilot_analysis.samples import write_sample

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def fleet():
    return load_deployments(DATA / "fleet")


def parts(answer):
    return {part.label: [line.text for line in part.lines] for part in answer.sections}


def test_a_fleet_is_one_answer_who_since_when_at_what_cost_and_what_to_check(fleet):
    told = answer_fleet(fleet, subject="data")
    said = parts(told)
    assert told.verdict.startswith("600 attempts on 552 devices; 88 of 597 (15 %, 12 to 18 %) of those that")
    row = explain(fleet.deployments).contrasts.row(0, named=True)
    counted = wording.share(row["k"], row["n"], row["low"], row["high"])
    assert said["What happened"][0].startswith(f"Profile User driven: {counted} failed, against ")
    assert said["Since when"][0].startswith("2026-04-14: Profile User driven: share failed from 3.9 % to ")
    more = round(row["k"] - row["n"] * row["rest_share"])
    assert said["What it costs"][0].startswith(
        f"Profile User driven: about {more} more failures than at the "
    )
    assert said["What to do"][0].startswith("Check first what was changed nearby: Patch ")
    assert "Going together is not causing." in said["Proof"][0]


def test_a_fleet_too_small_to_compare_says_so_and_blames_nobody(fleet):
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.head(6)))
    assert told.outcome == "unknown"
    assert parts(told)["Not seen"][0].startswith("Which groups are hit: too few to compare: 6 deployments")
    assert "Since when" not in parts(told)


def test_reports_alone_say_what_fails_most_and_ask_for_a_capture(fleet):
    failed = fleet.deployments.filter(code="0x87D1041C", outcome="failed").head(5)
    said = parts(answer_fleet(replace(fleet, deployments=failed)))
    assert said["What happened"][0] == (
        "Device setup, 0x87D1041C (The installer succeeded but the app was not detected afterwards): "
        f"5 of 5 (100 %, 57 to 100 %) failures, on {failed['device'].n_unique()} devices."
    )
    assert said["What to do"] == [
        "Collect diagnostics from a device that failed with 0x87D1041C: a report does not say why."
    ]
    assert said["What it costs"] == [f"5 failed attempts took {wording.span(failed['total'].sum())} in all."]


def test_captures_prove_the_cause_and_the_proof_is_of_the_device_that_is_named(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    for number in (1, 2):
        write_sample(exports / f"{number}.cab", "mdm_enrollment_refused", device=number)
    for number in (3, 4, 5):
        write_sample(exports / f"{number}.cab", "user_driven_success", device=number)
    write_sample(exports / "6.zip", "esp_app_timeout", device=6)
    ingest([exports], into=tmp_path / "set")
    fleet = load_deployments(tmp_path / "set")
    told = answer_fleet(fleet)
    said = parts(told)
    assert told.outcome == "failed"
    refused = "MDM enrolment was refused (0x80180014)"
    assert said["What happened"][:1] == [
        f"{refused}: on 2 of 6 (33 %, 10 to 70 %) devices that were captured."
    ]
    assert said["What to do"][0].startswith("Allow the Windows platform")
    assert said["What to do"][1] == "Open SN-0001 in 01_device_trace: it shows this."
    assert said["Also found"] == [
        "An app was not finished when time ran out: Example Endpoint Sensor: on 1 of 6 (17 %, 3 to 56 %) "
        "devices that were captured. Make the installer silent and check that it ends. See SN-0006."
    ]
    assert list(said)[:5] == ["What happened", "Since when", "Why", "What to do", "Proof"]
    proofs = next(part.lines for part in told.sections if part.label == "Proof")
    places = fleet.evidence.filter(rule="MDM-ENROLLMENT-REFUSED", device="SN-0001").select("member", "record")
    for proof in proofs:
        member, _, record = proof.place.rpartition(", record ")
        assert (proof.device, (member, int(record)) in places.rows()) == ("SN-0001", True)


def test_an_export_without_deployments_names_the_notebook_that_fits(fleet):
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.clear()))
    assert (told.outcome, "01_device_trace" in told.verdict) == ("misfit", True)
