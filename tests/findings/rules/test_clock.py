"""A clock counts from five minutes on, and as a cause only where it was never set right."""

import json
from datetime import timedelta

import pytest
from findings.rule_worlds import fallen

from autopilot_analysis.findings import find
from autopilot_analysis.findings.rules.clock import behind_at_last

DISTRUSTED = ("clock_distrusted", None, 5, None, "")


@pytest.mark.parametrize(("minutes", "found"), [(5, 1), (-5, 1), (4.9, 0), (-4.9, 0)])
def test_tokens_fail_from_five_minutes_on_in_either_direction(proofs, minutes, found):
    assert proofs("CLOCK-STEPPED", steps=[("clock_step", 10, minutes, "")]).height == found
    assert proofs("CLOCK-STEPPED", steps=[("sleep", 10, minutes, "")]).is_empty()


@pytest.mark.parametrize(
    ("outcome", "marks", "found"),
    [
        ("failed", [DISTRUSTED], 1),
        ("succeeded", [DISTRUSTED], 0),
        ("failed", [DISTRUSTED, ("clock_set", None, 6, None, "")], 0),
    ],
)
def test_a_clock_that_was_distrusted_and_never_set_explains_an_attempt_that_failed(
    proofs, outcome, marks, found
):
    stage = "entra_join" if outcome == "failed" else None
    rows = proofs("CLOCK-WRONG", marks=marks, attempts=[(outcome, stage, "user_driven", 0, 60, None)])
    assert rows["attempt"].to_list() == [1] * found


@pytest.mark.parametrize(("fell_to", "by", "found"), [(95, 5, 1), (95.1, 5, 0), (95, -5, 0)])
def test_a_fall_of_five_minutes_that_a_later_setting_gave_back_is_worth_a_word(proofs, fell_to, by, found):
    """Of a device that was never set forward no fall is looked for."""
    rows = proofs("CLOCK-FELL", events=fallen(fell_to), steps=[("clock_step", 100, by, "")])
    assert rows["record"].to_list() == [2] * found


def off(client, minute=5, server="2026-11-18T08:04:12Z"):
    """Autopilot's record of the service's time and the device's own."""
    detail = {"ServerTime": server, "ClientTime": client, "AttemptNumber": 1}
    return ("clock_distrusted", None, minute, None, json.dumps(detail))


YEARS, AHEAD, HOUR, LESS = (
    off(client)
    for client in (
        "2024-01-01T00:04:12Z", "2027-01-02T08:04:12Z", "2026-11-18T07:04:12Z", "2026-11-18T07:04:13Z"
    )
)  # fmt: skip
BEHIND = "1,052 d 8 h behind"


def refused(minute=20, code="0x80072F8F", stage="device_preparation"):
    return ("tpm_identity_failed", stage, minute, code, "{}")


@pytest.mark.parametrize(
    ("marks", "item"),
    [
        ([YEARS, refused()], BEHIND),
        ([refused(1), YEARS], BEHIND),
        ([YEARS, refused(code="0x800B0101")], BEHIND),
        ([YEARS, refused(code="0x80072F05")], BEHIND),
        ([YEARS, refused(code="0x80090328")], BEHIND),
        ([AHEAD, refused()], "45 d ahead"),
        ([HOUR, refused()], "1 h behind"),
        ([LESS, refused()], None),
        ([YEARS, refused(code="0x80072EE2")], None),
        ([YEARS, refused(stage="network")], None),
        ([YEARS, ("clock_set", None, 6, None, ""), refused()], None),
        ([DISTRUSTED, refused()], None),
    ],
)
def test_a_clock_that_the_service_found_wrong_broke_trust_until_it_is_set(proofs, failure, marks, item):
    rows = proofs("CLOCK-BROKE-TRUST", **failure("device_preparation"), marks=marks)
    assert rows["item"].unique().to_list() == ([item] if item else [])
    assert rows.height == (2 if item else 0)


@pytest.mark.parametrize("stage", ["profile_download", "user_authentication", "entra_join", "mdm_enrollment"])
def test_it_broke_trust_in_whatever_stage_the_attempt_failed_in(proofs, failure, stage):
    world = failure(stage) | {"marks": [YEARS, refused(stage=stage)]}
    assert proofs("CLOCK-BROKE-TRUST", **world).height == 2


@pytest.mark.parametrize(("code", "found"), [("0x80072F8F", 2), ("0x80070643", 0)])
def test_an_app_whose_content_nobody_could_be_trusted_for_counts_as_well(proofs, failure, at, code, found):
    app = {"code": code, "ended_at": at(30), "detail": "{}"}
    rows = proofs("CLOCK-BROKE-TRUST", **failure("device_setup"), marks=[YEARS], installs=[app])
    assert rows.height == found


@pytest.mark.parametrize(
    ("step", "failed_at", "item"),
    [
        ((25, 7 * 60), [20], "7 h behind"),
        ((25, -60), [20], "1 h ahead"),
        ((25, 59), [20], None),
        ((19, 7 * 60), [20], None),
        ((25, 7 * 60), [20, 26], None),
        ((20 + 12 * 60, 7 * 60), [20], "7 h behind"),
        ((21 + 12 * 60, 7 * 60), [20], None),
    ],
)
def test_a_clock_that_was_set_after_the_last_refusal_broke_trust_before(
    proofs, failure, step, failed_at, item
):
    world = failure("device_preparation") | {"steps": [("clock_step", *step, "set")]}
    marks = [refused(at, "0x800B0101") for at in failed_at]
    rows = proofs("CLOCK-BROKE-TRUST", **world, marks=marks)
    assert rows["item"].unique().to_list() == ([item] if item else [])


def test_an_attempt_that_went_well_in_spite_of_its_clock_has_no_cause(proofs):
    attempts = [("succeeded", None, "user_driven", 0, 60, None)]
    assert proofs("CLOCK-BROKE-TRUST", attempts=attempts, marks=[YEARS, refused()]).is_empty()


@pytest.mark.parametrize(
    ("marks", "cause"),
    [
        ([YEARS, refused()], "CLOCK-BROKE-TRUST"),
        ([YEARS, ("clock_set", None, 6, None, ""), refused()], "TPM-ATTESTATION-UNREACHABLE"),
        ([YEARS, refused(code="0x80072EE7")], "CLOCK-WRONG"),
    ],
)
def test_what_follows_from_a_wrong_clock_is_no_cause_beside_it(world, failure, marks, cause):
    found = find(*world(**failure("device_preparation", scenario="self_deploying"), marks=marks)).findings
    causes = found.filter(found["role"].cast(str) == "cause")["rule"].to_list()
    assert cause in causes
    assert ("TPM-ATTESTATION-UNREACHABLE" in causes) is (cause != "CLOCK-BROKE-TRUST")


@pytest.mark.parametrize(
    ("marks", "steps", "behind"),
    [
        ([YEARS], [], timedelta(days=1052, hours=8)),
        ([LESS], [], None),
        ([YEARS, ("clock_set", None, 6, None, "")], [], None),
        ([YEARS], [("clock_step", 70, 5, "")], None),
        ([YEARS], [("clock_step", 70, 4.9, "")], timedelta(days=1052, hours=8)),
    ],
)
def test_how_far_behind_a_clock_is_that_nothing_set_right(world, failure, marks, steps, behind):
    tables, trace = world(**failure("device_preparation"), marks=marks, steps=steps)
    (device,) = tables.devices["device"]
    assert behind_at_last(trace, device) == behind
