from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from answer_parts import parts

from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.explanation.failures.service_failures import (
    prove_failure,
    tell_reasons,
    tell_remedies,
    tell_words,
    worth_mending,
)

REFUSED = {"failed_stage": "mdm_enrollment", "code": "0x80180014", "n": 1, "k": 1}
NOT_DETECTED = {"failed_stage": "device_setup", "code": "0x87D1041C", "n": 1, "k": 1}
TIME_RAN_OUT = {"failed_stage": "device_setup", "code": "0x800705B4", "n": 1, "k": 1}


@pytest.fixture
def fleet(shipped_fleet):
    return shipped_fleet


def texts(lines):
    return [line.text for line in lines]


def test_the_code_of_a_single_failure_says_why_and_what_mends_it_with_its_page():
    assert texts(tell_reasons([NOT_DETECTED])) == [
        "0x87D1041C: The installer succeeded but the app was not detected afterwards."
    ]
    line = next(iter(tell_remedies([NOT_DETECTED], several=False)))
    assert (line.text, line.kind) == (
        "Correct the detection rule: path, version, registry view and system context; "
        "check that nothing removed or updated the app.",
        "remedy",
    )
    assert line.place.startswith("Microsoft: ")
    assert line.address.startswith("https://")


def test_the_meaning_is_that_of_the_stage_in_which_the_code_arose():
    joined = {"failed_stage": "entra_join", "code": "0x8007000D", "n": 1, "k": 1}
    assert "usually a proxy" in texts(tell_reasons([joined]))[0]
    assert texts(tell_reasons([joined | {"failed_stage": "device_setup"}])) != texts(tell_reasons([joined]))


def test_that_time_ran_out_is_no_reason_and_mends_nothing():
    assert texts(tell_reasons([TIME_RAN_OUT])) == []
    assert texts(tell_remedies([TIME_RAN_OUT], several=False)) == []


def test_of_several_kinds_each_remedy_names_its_code():
    assert [
        text.partition(":")[0] for text in texts(tell_remedies([REFUSED, NOT_DETECTED], several=True))
    ] == [
        "0x80180014",
        "0x87D1041C",
    ]


@pytest.mark.parametrize(
    ("most", "next_", "over", "mended"),
    [
        (TIME_RAN_OUT | {"k": 48}, NOT_DETECTED | {"k": 6}, (), []),
        (TIME_RAN_OUT | {"k": 48}, NOT_DETECTED | {"k": 11}, (), []),
        (TIME_RAN_OUT | {"k": 48}, NOT_DETECTED | {"k": 12}, (), ["0x87D1041C"]),
        (REFUSED | {"k": 48}, NOT_DETECTED | {"k": 6}, (), ["0x80180014", "0x87D1041C"]),
        (REFUSED | {"k": 48}, NOT_DETECTED | {"k": 6}, ("0x80180014",), []),
        (REFUSED | {"k": 48, "code": None, "reason": None}, NOT_DETECTED | {"k": 6}, (), []),
    ],
)
def test_a_remedy_of_few_failures_stands_for_none_of_the_most(most, next_, over, mended):
    assert [one["code"] for one in worth_mending([most, next_], over)] == mended


def test_a_code_of_two_stages_has_one_remedy_once():
    other = NOT_DETECTED | {"failed_stage": "account_setup"}
    assert len(texts(tell_remedies([NOT_DETECTED, other], several=True))) == 1


def test_the_row_of_the_service_is_the_proof_where_nothing_nearer_is(fleet):
    failed = fleet.deployments.filter(code="0x87D1041C", outcome="failed").head(1)
    row = failed.row(0, named=True)
    (proof,) = prove_failure(failed, fleet)
    assert proof.kind == "proof"
    assert proof.place.startswith(f"{row['member']}, row {row['record']} (")
    assert proof.place.endswith(f", {row['deployment']})")
    assert "outcome: failed; failed stage: device setup; code: 0x87D1041C" in proof.text


def test_what_a_capture_tells_is_not_proved_by_a_row_of_the_service(fleet):
    captured = fleet.deployments.with_columns(origin=pl.lit("capture"))
    assert list(prove_failure(captured.head(1), fleet)) == []


def test_one_failed_deployment_is_answered_with_why_what_to_do_and_proof(fleet):
    failed = fleet.deployments.filter(code="0x87D1041C", outcome="failed").head(1)
    labels = [part.label for part in answer_fleet(replace(fleet, deployments=failed)).sections]
    assert labels == ["What happened", "Why", "What to do", "Proof", "The attempt", "Not seen"]


def test_why_names_what_the_report_says_beside_the_code(fleet):
    app = pl.when(pl.col("code") == "0x87D1041C").then(pl.lit("App install failed: Contoso Connect"))
    rows = fleet.deployments.with_columns(failure_text=app)
    often = rows.filter(code="0x87D1041C", outcome="failed").height
    (line,) = tell_words([NOT_DETECTED, NOT_DETECTED, TIME_RAN_OUT], rows)
    assert line.text == (
        f"0x87D1041C: the report says of all {often} failures: “App install failed: Contoso Connect”."
    )
    alone = rows.filter(
        (pl.col("outcome").cast(pl.String) != "failed") | pl.col("failure_text").is_not_null()
    )
    assert line.text in parts(answer_fleet(replace(fleet, deployments=alone)))["Why"]
