from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
from answer_parts import parts

from autopilot_analysis import wording
from autopilot_analysis.fleet import answer_fleet, explain


def test_a_fleet_is_one_answer_who_since_when_at_what_cost_and_what_to_check(fleet):
    told = answer_fleet(fleet, subject="data")
    said = parts(told)
    assert told.verdict.startswith("600 attempts on 552 devices; 88 of 597 (15 %, 12 to 18 %) of those that")
    row = explain(fleet.deployments).contrasts.row(0, named=True)
    counted = wording.share(row["k"], row["n"], row["low"], row["high"])
    assert said["What happened"][0].startswith(f"Profile User driven: {counted} failed, against ")
    assert said["Since when"][0].startswith(
        "2026-04-14 (or a day from 2026-04-10 to 2026-04-14): of first attempts, share failed "
        "from 3.9 % (7 of 178, "
    )
    lost = wording.span(timedelta(minutes=round(row["lost"])))
    assert said["What it costs"][0] == f"Failed: {row['devices']} devices hit, {lost} lost."
    changed = "Patch WindowsAutopilotDeploymentProfile: User driven"
    assert said["What to do"] == [
        f"Check first what was changed near 2026-04-14: {changed} (no cause yet).",
        "Assign an Intune licence to the user.",
        "Collect diagnostics from one device that failed with 0x80180018, such as SN-000592-PC: a report "
        "does not say why.",
    ]
    assert said["Proof"] == [
        f"Failed: {row['n']:,} first attempts against the rest; by chance less than once in 1,000 times.",
        "Failed: 134 first attempts since 2026-04-14 against those before; by chance less than once in 1,000 "
        "times.",
        "Going together is not causing.",
        "SN-000332-PC failed in MDM enrolment with 0x80180018 after 1 min 53 s, 2026-04-14.",
    ]
    of_row = fleet.deployments.filter(name="SN-000332-PC", code="0x80180018").row(0, named=True)
    (proof,) = [line for one in told.sections for line in one.lines if line.kind == "proof"]
    assert proof.place == f"{of_row['member']}, row {of_row['record']}"
    assert said["Why"] == ["0x80180018: The user's licence is missing or in a bad state."]
    assert said["Not seen"][0].startswith("Not in the export, so not compared: firmware, ")
    assert any(line.startswith("Not seen") for line in told.in_lines())


def test_attempts_of_which_none_ended_are_not_called_well_and_lead_to_their_device(fleet):
    open_ = fleet.deployments.filter(outcome="in_progress").head(2)
    told = answer_fleet(replace(fleet, deployments=open_))
    said = parts(told)
    assert told.outcome == "unfinished"
    assert said["What happened"][0] == "No attempt had ended when last seen: 2 in progress."
    first = open_["name"][0]
    assert said["What to do"] == [
        f"Collect diagnostics from {first}: a report does not say how far the attempt came."
    ]
    assert "Not seen" not in said


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
    newest = failed.sort("started_at").row(-1, named=True)["name"]
    assert said["What to do"] == [
        "Correct the detection rule: path, version, registry view and system context; "
        "check that nothing removed or updated the app.",
        f"Collect diagnostics from a device that failed with 0x87D1041C (the newest of these is {newest}): "
        "a report does not say why.",
    ]
    assert said["What it costs"] == [f"5 failed attempts took {wording.span(failed['total'].sum())} in all."]


def test_a_fleet_in_which_nothing_failed_says_that_it_went_well(fleet):
    good = fleet.deployments.filter(pl.col("outcome").cast(pl.String) == "succeeded").head(3)
    verdict = answer_fleet(replace(fleet, deployments=good)).verdict
    assert verdict.endswith("; every one of the 3 that ended succeeded")


def test_a_fleet_of_which_nothing_ended_says_so(fleet):
    running = fleet.deployments.head(2).with_columns(outcome=pl.lit("in_progress"))
    verdict = answer_fleet(replace(fleet, deployments=running)).verdict
    assert verdict.endswith("; none of them ended")


def test_an_answer_on_one_device_is_about_that_device_and_counts_in_the_singular(fleet):
    failed = fleet.deployments.filter(pl.col("outcome").cast(pl.String) == "failed").head(1)
    alone = answer_fleet(replace(fleet, deployments=failed))
    row = failed.row(0, named=True)
    assert alone.subject == row["serial"]
    assert alone.verdict == "1 attempt on 1 device; the one that ended failed"
    assert parts(alone)["Not seen"][0].startswith("One attempt is compared with nothing: which group is hit")
    assert (alone.alone, alone.outcome) == (True, "failed")
    assert answer_fleet(fleet).subject == "fleet"


def test_without_deployments_the_notebook_that_fits_is_named_or_that_none_does(fleet):
    nothing = answer_fleet(replace(fleet, deployments=fleet.deployments.clear(), captured=None))
    assert (nothing.outcome, "so no notebook fits" in nothing.verdict) == ("misfit", True)
    captured = replace(fleet, deployments=fleet.deployments.clear(), captured=lambda _: None)
    told = answer_fleet(captured)
    assert (told.outcome, "01_device_trace shows" in told.verdict) == ("misfit", True)
