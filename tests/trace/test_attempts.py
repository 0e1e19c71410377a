"""What came of each run at enrolment, and in which stage it stopped."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.attempts import add_aftermath, add_skips, build_attempts

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MOMENT = pl.Datetime("us", "UTC")
RUN = {
    "device": pl.String, "attempt": pl.Int64, "stage": pl.Enum(STAGES), "outcome": pl.String,
    "code": pl.String, "started_at": MOMENT, "ended_at": MOMENT,
}  # fmt: skip


def at(minute):
    return None if minute is None else START + timedelta(minutes=minute)


def runs(*given):
    rows = [("D", 1, stage, outcome, code, at(begin), at(end)) for stage, outcome, begin, end, code in given]
    return pl.DataFrame(rows, schema=RUN, orient="row")


def scenario(name):
    return pl.DataFrame({"device": ["D"], "attempt": [1], "scenario": [name]})


def noted(*given):
    rows = [("D", 1, stage, at(minute)) for stage, minute in given]
    schema = {"device": pl.String, "attempt": pl.Int64, "stage": pl.Enum(STAGES), "at": MOMENT}
    return pl.DataFrame(rows, schema=schema, orient="row")


def attempt(name, *given, notes=()):
    (row,) = build_attempts(runs(*given), scenario(name), noted(*notes)).iter_rows(named=True)
    return row


BROKE = ("mdm_enrollment", "failed", None, 20, None)


@pytest.mark.parametrize(
    ("given", "notes", "began", "waited"),
    [
        ([BROKE], [], 20, None),
        ([BROKE], [("mdm_enrollment", 18), ("mdm_enrollment", 20)], 18, None),
        ([BROKE], [("network", 3)], 20, None),
        ([("mdm_enrollment", "failed", 18, 20, None)], [("mdm_enrollment", 2)], 18, 2),
        ([("device_preparation", "failed", 6, 20, None)], [("device_preparation", 5)], 5, 15),
        (
            [("entra_join", "succeeded", None, 4, None), ("mdm_enrollment", "failed", 6, 20, None)],
            [],
            4,
            None,
        ),
        ([("profile_download", "succeeded", 1, 2, None), BROKE], [("mdm_enrollment", 18)], 1, 19),
    ],
)
def test_an_attempt_whose_beginning_no_record_shows_has_no_length(given, notes, began, waited):
    row = attempt("user_driven", *given, notes=notes)
    assert row["started_at"] == at(began)
    assert row["waited"] == (None if waited is None else timedelta(minutes=waited))


NO_PROFILE = ("profile_download", "skipped", None, None, None)
SETUP = ("device_setup", "succeeded", 0, 30, None)
ENROLLED = ("mdm_enrollment", "succeeded", 3, 5, None)
USER_OFF = ("account_setup", "skipped", None, None, None)
PREPARING = ("device_preparation", "unfinished", 5, None, None)


@pytest.mark.parametrize(
    ("name", "given", "outcome"),
    [
        ("user_driven", [SETUP], "unknown"),
        ("user_driven", [SETUP, USER_OFF], "succeeded"),
        ("user_driven", [("device_setup", "unfinished", 0, None, None), USER_OFF], "unfinished"),
        ("user_driven", [ENROLLED, USER_OFF], "unknown"),
        ("user_driven", [SETUP, ("account_setup", "succeeded", 30, 40, None)], "succeeded"),
        ("self_deploying", [SETUP], "succeeded"),
        ("device_preparation", [("device_preparation", "succeeded", 0, 9, None)], "succeeded"),
        ("user_driven", [SETUP, ("account_setup", "unfinished", 30, None, None)], "unfinished"),
        ("user_driven", [SETUP, ("account_setup", "failed", 30, 40, "0x800705B4")], "failed"),
        (None, [("network", "succeeded", 0, 1, None), NO_PROFILE], "skipped"),
        ("not_autopilot", [ENROLLED, PREPARING], "succeeded"),
        ("not_autopilot", [ENROLLED, PREPARING, ("device_setup", "unfinished", 6, None, None)], "unfinished"),
        ("not_autopilot", [("entra_join", "succeeded", 1, 2, None), PREPARING], "unfinished"),
        ("user_driven", [ENROLLED, PREPARING], "unfinished"),
        ("pre_provisioning_user", [SETUP], "unfinished"),
        ("pre_provisioning_user", [("entra_join", "succeeded", 1, 2, None)], "unknown"),
        ("pre_provisioning_user", [SETUP, ("desktop", "succeeded", 30, 40, None)], "succeeded"),
    ],
)  # fmt: skip
def test_an_attempt_is_done_once_the_last_stage_that_its_scenario_needs_is(name, given, outcome):
    assert attempt(name, *given)["outcome"] == outcome


def test_a_failure_names_its_stage_and_code_whatever_came_after_it():
    row = attempt(
        "user_driven", ("device_setup", "failed", 0, 60, "0x800705B4"), ("desktop", "succeeded", 61, 70, None)
    )
    assert (row["outcome"], row["failed_stage"], row["code"]) == ("failed", "device_setup", "0x800705B4")
    assert row["waited"] == timedelta(minutes=70)


def test_a_stage_that_the_scenario_leaves_out_is_skipped_without_an_instant():
    whole = add_skips(
        runs(SETUP, ("account_setup", "unfinished", 30, None, None)), scenario("self_deploying")
    )
    left_out = whole.filter(pl.col("outcome") == "skipped")
    assert left_out["stage"].cast(pl.String).to_list() == ["user_authentication", "account_setup", "desktop"]
    assert left_out["started_at"].null_count() == left_out["waited"].null_count() == 3
    assert add_skips(runs(SETUP), scenario("user_driven")).height == 1


@pytest.mark.parametrize(
    ("name", "enrolment", "outcome", "code"),
    [
        ("device_preparation", "succeeded", "skipped", None),
        ("device_preparation", "failed", "failed", "0x80070490"),
        ("user_driven", "succeeded", "failed", "0x80070490"),
    ],
)
def test_device_preparation_goes_on_without_a_profile(name, enrolment, outcome, code):
    given = runs(
        ("profile_download", "failed", 0, 1, "0x80070490"), ("mdm_enrollment", enrolment, 2, 3, None)
    )
    whole = add_skips(given, scenario(name)).filter(pl.col("stage") == "profile_download")
    assert whole.select("outcome", "code").row(0) == (outcome, code)


STARTS = {"agent_in_account_setup": "account_setup", "agent_in_device_setup": "device_setup"}


@pytest.mark.parametrize(
    ("mark", "minute", "opening", "afterwards"),
    [
        ("reset_chosen", 70, "start", "reset"),
        ("reset_chosen", 50, "start", None),
        ("account_setup_step_began", 70, "start", "continued"),
        ("account_setup_step_began", 50, "start", None),
        ("agent_in_account_setup", 70, "start", "continued"),
        ("agent_in_account_setup", 50, "start", None),
        ("agent_in_device_setup", 70, "start", None),
        ("page_continued", 70, "start", "continued"),
        ("page_continued", 50, "start", None),
        ("other", 70, "retry", "tried_again"),
    ],
)
def test_what_was_done_after_a_failure_is_a_result_of_its_own(mark, minute, opening, afterwards):
    failed = build_attempts(runs(("device_setup", "failed", 0, 60, None)), scenario("user_driven"), noted())
    marks = pl.DataFrame(
        {
            "device": "D",
            "attempt": [1, 1, 2],
            "mark": ["esp_timed_out", mark, "next"],
            "edge": ["esp_fail", "start" if mark in STARTS else "note", "start"],
            "stage": [None, STARTS.get(mark), None],
            "at": [at(60), at(minute), at(80)],
            "opening": ["start", "start", opening],
        }
    )
    assert add_aftermath(failed, marks)["afterwards"].to_list() == [afterwards]
