"""Attempts and runs from hand-made marks: what the samples do not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.attempts import add_skips, build_attempts
from autopilot_analysis.trace.numbering import number_attempts
from autopilot_analysis.trace.outcomes.registry_outcomes import find_registry_outcomes, settle
from autopilot_analysis.trace.scenario import find_scenarios
from autopilot_analysis.trace.stages import build_runs

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FOUND = {
    "device": pl.String, "at": pl.Datetime("us", "UTC"), "clock": pl.String, "mark": pl.String,
    "stage": pl.Enum(STAGES), "code": pl.String, "detail": pl.String, "member": pl.String,
    "record": pl.Int64, "edge": pl.String, "terminal": pl.String, "begins": pl.String,
}  # fmt: skip


JOIN = ("join_began", "entra_join", "start", None, "acts", None)
REFUSED = ("enrollment_failed", "mdm_enrollment", "fail", "yes", None, "0x80180014")
ENROL = ("enrollment_began", "mdm_enrollment", "start", None, "acts", None)


def test_a_success_after_a_failure_in_one_attempt_stands(marks):
    failed = ("sign_in_failed", "user_authentication", "fail", None, None, "0xCAA2000C")
    asked = ("sign_in_asked", "user_authentication", "start", None, None, None)
    signed_in = ("signed_in", "user_authentication", "end", None, None, None)
    numbered = number_attempts(marks((0, *asked), (1, *failed), (2, *signed_in), (3, *JOIN)))
    run = build_runs(numbered).row(by_predicate=pl.col("stage") == "user_authentication", named=True)
    assert (run["outcome"], run["code"], run["ended_at"]) == ("succeeded", None, START + timedelta(minutes=2))


def test_a_failure_takes_its_code_from_a_mark_before_it_when_it_names_none(marks):
    fault = ("enrollment_server_fault", "mdm_enrollment", "note", None, None, "0x80180018")
    failed = ("enrollment_failed", "mdm_enrollment", "fail", "yes", None, None)
    (run,) = build_runs(number_attempts(marks((0, *ENROL), (1, *fault), (2, *failed)))).iter_rows(named=True)
    assert (run["outcome"], run["code"]) == ("failed", "0x80180018")


def test_an_end_that_nobody_saw_is_unfinished_at_the_last_stage_and_unknown_before(marks):
    runs = build_runs(number_attempts(marks((0, *JOIN), (5, *ENROL))))
    assert dict(runs.select("stage", "outcome").rows()) == {
        "entra_join": "unknown",
        "mdm_enrollment": "unfinished",
    }


def test_the_status_page_closes_account_setup_once_that_had_begun(marks):
    device = ("device_setup_step_began", "device_setup", "start", None, "page", None)
    account = ("account_setup_step_began", "account_setup", "start", None, "page", None)
    left = ("esp_page_left", None, "esp_exit", None, None, None)
    timed_out = ("esp_timed_out", None, "esp_fail", "yes", None, None)
    runs = build_runs(number_attempts(marks((0, *device), (30, *left), (31, *account), (91, *timed_out))))
    assert runs.sort("stage").select("stage", "outcome", "ended_at").rows() == [
        ("device_setup", "succeeded", START + timedelta(minutes=30)),
        ("account_setup", "failed", START + timedelta(minutes=91)),
    ]


SOUGHT = ("profile_sought", "profile_download", "start", None, "asks", None)
DOWNLOADED = ("profile_downloaded", "profile_download", "downloaded", None, None, None)
EMPTY = ("profile_empty", "profile_download", "note", None, None, None)
GIVEN_UP = ("autopilot_not_used", "profile_download", "refused", "blank", None, None)
FAILED_DOWNLOAD = ("profile_download_failed", "profile_download", "fail", None, None, None)
ONLINE = ("internet_available", "network", "end", None, None, None)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ([DOWNLOADED], "succeeded"),
        ([EMPTY, DOWNLOADED], "skipped"),
        ([GIVEN_UP], "failed"),
        ([DOWNLOADED, GIVEN_UP], "failed"),
    ],
)
def test_a_weaker_word_closes_the_profile_download_where_nothing_says_more(marks, told, outcome):
    given = [(0, *ONLINE), (1, *SOUGHT), *((n, *mark) for n, mark in enumerate(told, 2)), (9, *JOIN)]
    runs = build_runs(number_attempts(marks(*given)))
    assert runs.filter(pl.col("stage") == "profile_download")["outcome"].to_list() == [outcome]


def _attempt(scenario, *runs):
    frame = pl.DataFrame(
        [
            {"device": "SN-0001", "attempt": 1, "stage": stage, "outcome": outcome, "code": None}
            | {
                name: None if minute is None else START + timedelta(minutes=minute)
                for name, minute in (("started_at", began), ("ended_at", ended))
            }
            for stage, outcome, began, ended in runs
        ],
        schema_overrides={"stage": pl.Enum(STAGES), "code": pl.String, "started_at": pl.Datetime("us", "UTC"),
                          "ended_at": pl.Datetime("us", "UTC")},
    )  # fmt: skip
    scenarios = pl.DataFrame({"device": ["SN-0001"], "attempt": [1], "scenario": [scenario]})
    runs = add_skips(frame, scenarios)
    notes = frame.select("device", "attempt", "stage", at="started_at").clear()
    return runs, build_attempts(runs, scenarios, notes).row(0, named=True)


def test_an_attempt_whose_last_stage_has_no_dated_end_has_none_either():
    _, attempt = _attempt(
        "user_driven", ("device_preparation", "succeeded", 0, 6), ("account_setup", "succeeded", 20, None)
    )
    assert attempt["outcome"] == "succeeded"
    assert (attempt["ended_at"], attempt["waited"]) == (None, None)


def test_sign_in_opened_and_never_closed_is_skipped_in_self_deploying_and_unknown_elsewhere():
    given = [("user_authentication", "unknown", 0, None), ("device_preparation", "failed", 1, 5)]
    for scenario, outcome in (("self_deploying", "skipped"), ("user_driven", "unknown")):
        runs, attempt = _attempt(scenario, *given)
        assert runs.filter(pl.col("stage") == "user_authentication")["outcome"].to_list() == [outcome]
        assert attempt["ended_at"] == START + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("told", "scenario"),
    [
        ([("internet_missing", "network", "note", None, None, None), GIVEN_UP], None),
        ([ONLINE, SOUGHT, FAILED_DOWNLOAD, GIVEN_UP], None),
        ([ONLINE, SOUGHT, GIVEN_UP], "not_autopilot"),
    ],
)  # fmt: skip
def test_only_an_answer_of_the_service_makes_a_device_none_of_autopilots(marks, told, scenario):
    numbered = marks(*((n, *mark) for n, mark in enumerate(told))).with_columns(
        attempt=pl.lit(1, dtype=pl.Int64), opening=pl.lit("start"), phase=pl.lit(None, pl.String)
    )
    devices = pl.DataFrame(
        {"device": ["SN-0001"], "scenario": [None]}, schema_overrides={"scenario": pl.String}
    )
    assert find_scenarios(numbered, devices)["scenario"].to_list() == [scenario]


def test_one_failed_workload_fails_device_preparation():
    found = pl.DataFrame(
        {"device": ["SN-0001"], "at": [None], "edge": ["workload_failed"], "detail": ["{}"], "code": [None],
         "stage": ["device_preparation"], "member": ["dump.reg"], "record": [7]},
        schema_overrides={"code": pl.String},
    )  # fmt: skip
    assert find_registry_outcomes(found)["state"].to_list() == ["failed"]


BEGUN = ("device_setup_step_began", "device_setup", "start", None, "page", None)
JOINED = ("joined", "entra_join", "end", None, None, None)
TASK_FAILED = ("automatic_join_failed", "entra_join", "fail", None, None, "0x801C001D")


def test_a_task_that_fails_once_a_later_stage_has_built_on_the_join_does_not_undo_it(marks):
    given = [(0, *JOIN), (1, *JOINED), (2, *BEGUN)]
    joins = [
        build_runs(number_attempts(marks(*given, *after))).filter(pl.col("stage") == "entra_join")
        for after in ([(3, *TASK_FAILED)], [(3, *JOIN), (4, *TASK_FAILED)])
    ]
    assert [run["outcome"].to_list() for run in joins] == [["succeeded"], ["failed"]]


def test_reading_the_settings_opens_the_sign_in_only_where_a_profile_or_a_later_stage_shows_it(marks):
    read = ("profile_settings_retrieved", "user_authentication", "start", None, "asks", None)
    came = ("profile_available", "profile_download", "end", None, "profile", None)
    alone = build_runs(number_attempts(marks((0, *EMPTY), (900, *read))))
    assert "user_authentication" not in alone["stage"].cast(pl.String).to_list()
    shown = build_runs(number_attempts(marks((0, *came), (1, *read))))
    assert "user_authentication" in shown["stage"].cast(pl.String).to_list()


def test_a_device_that_enrols_itself_fails_in_the_part_and_not_in_the_whole():
    given = [("mdm_enrollment", "failed", 3, 5), ("device_preparation", "failed", 1, 6)]
    assert _attempt("self_deploying", *given)[1]["failed_stage"] == "mdm_enrollment"
    assert _attempt("user_driven", *given)[1]["failed_stage"] == "device_preparation"


def test_what_the_registry_alone_tells_is_an_attempt_of_its_own():
    runs = build_runs(number_attempts(pl.DataFrame(schema=FOUND)))
    told = pl.DataFrame(
        {"device": ["SN-0001"], "stage": ["device_setup"], "state": ["failed"], "noted": ["0x87D1041C"],
         "noted_member": ["dump.reg"], "noted_record": [7]},
        schema_overrides={"stage": pl.Enum(STAGES)},
    )  # fmt: skip
    openings = pl.DataFrame(schema={"device": pl.String, "attempt": pl.Int64, "opening": pl.String})
    scenarios = openings.rename({"opening": "scenario"})
    (run,) = settle(runs, told, openings, scenarios).iter_rows(named=True)
    assert (run["attempt"], run["outcome"], run["code"], run["ended_at"]) == (1, "failed", "0x87D1041C", None)


def test_joining_the_domain_is_only_half_of_a_hybrid_join(marks):
    applied = ("offline_join_applied", "entra_join", "end", None, None, None)
    (join,) = (
        build_runs(number_attempts(marks((0, *JOIN), (1, *applied), (2, *BEGUN), (3, *TASK_FAILED))))
        .filter(pl.col("stage") == "entra_join")
        .iter_rows(named=True)
    )
    assert (join["outcome"], join["code"]) == ("failed", "0x801C001D")


def test_a_skip_counts_before_a_profile_that_was_there_already(marks):
    cached = ("profile_cached", "profile_download", "cached", None, None, None)
    skipped = ("profile_skipped", "profile_download", "skip", None, None, None)
    numbered = marks((0, *cached), (1, *skipped)).with_columns(
        attempt=pl.lit(1, dtype=pl.Int64), phase=pl.lit(None, pl.String)
    )
    (run,) = build_runs(numbered).iter_rows(named=True)
    assert (run["outcome"], run["ended_at"]) == ("skipped", START + timedelta(minutes=1))


def test_leaving_a_page_that_had_failed_does_not_mend_it(marks):
    device = ("device_setup_step_began", "device_setup", "start", None, "page", None)
    timed_out = ("esp_timed_out", None, "esp_fail", "yes", None, None)
    left = ("esp_page_left", None, "esp_exit", None, None, None)
    runs = build_runs(number_attempts(marks((0, *device), (60, *timed_out), (61, *left))))
    (run,) = runs.filter(pl.col("stage") == "device_setup").iter_rows(named=True)
    assert (run["outcome"], run["ended_at"]) == ("failed", START + timedelta(minutes=60))


PREPARED = ("device_enrollment_began", "device_preparation", "start", None, "acts", None)
STOPPED = ("device_enrollment_failed", "device_preparation", "fail", "yes", None, "0x81039001")
PAGE_RED = ("esp_failed", None, "esp_fail", "yes", None, None)
ON = {
    "entra_join": JOIN,
    "device_preparation": ("policies_counted", "device_preparation", "end", None, None, None),
    "device_setup": ("msi_failed", "device_setup", "note", None, None, None),
}


@pytest.mark.parametrize(
    ("between", "stage"),
    [
        ([STOPPED], "device_preparation"),
        ([STOPPED, ("sync", "network", "start", None, None, None)], "device_preparation"),
        *(([STOPPED, mark], "device_setup") for mark in ON.values()),
        ([], "device_setup"),
    ],
)
def test_a_page_that_names_no_phase_fails_in_the_preparation_that_stands_failed(marks, between, stage):
    rows = [(0, *PREPARED), *((5 + n, *mark) for n, mark in enumerate(between)), (30, *PAGE_RED)]
    runs = build_runs(number_attempts(marks(*rows)))
    failed_at = dict(runs.filter(outcome="failed").select("stage", "ended_at").rows())
    page_at = START + timedelta(minutes=30)
    assert (failed_at.get("device_setup") == page_at) is (stage == "device_setup")
    assert stage in failed_at


def test_a_page_that_was_left_after_preparation_had_failed_is_that_of_device_setup(marks):
    left = ("esp_page_left", None, "esp_exit", None, None, None)
    runs = build_runs(number_attempts(marks((0, *PREPARED), (5, *STOPPED), (30, *left))))
    assert runs.filter(stage="device_setup")["outcome"].to_list() == ["succeeded"]


@pytest.mark.parametrize(
    ("states", "between", "failed"),
    [
        ({"device_preparation": "failed"}, [], "device_preparation"),
        ({"device_preparation": "failed"}, [JOIN], "device_preparation"),
        ({"device_preparation": "failed"}, [ON["device_setup"]], "device_setup"),
        ({"device_preparation": "failed", "device_setup": "failed"}, [], "device_setup"),
        ({"device_preparation": "succeeded"}, [], "device_setup"),
    ],
)
def test_the_registry_says_in_which_phase_a_page_failed_that_names_none(marks, states, between, failed):
    rows = [(0, *PREPARED), *((5, *mark) for mark in between), (30, *PAGE_RED)]
    left = pl.DataFrame(
        [{"device": "SN-0001", "stage": stage, "state": state} for stage, state in states.items()],
        schema_overrides={"stage": pl.Enum(STAGES)},
    )
    runs = build_runs(number_attempts(marks(*rows)), left)
    assert runs.filter(outcome="failed")["stage"].to_list() == [failed]


def test_what_the_registry_left_is_of_the_last_attempt(marks):
    again = ("tried_again", None, "note", None, "retry", None)
    rows = [(0, *PREPARED), (30, *PAGE_RED), (40, *again), (41, *PREPARED), (70, *PAGE_RED)]
    left = pl.DataFrame(
        {"device": ["SN-0001"], "stage": ["device_preparation"], "state": ["failed"]},
        schema_overrides={"stage": pl.Enum(STAGES)},
    )
    runs = build_runs(number_attempts(marks(*rows)), left).filter(outcome="failed").sort("attempt")
    assert runs["stage"].to_list() == ["device_setup", "device_preparation"]


ALL_DONE = ("preparation_workloads_done", "device_preparation", "workloads_done", None, None, None)
PREPARATION_FAILED = ("preparation_page_failed", "device_preparation", "fail", None, None, "0x80070643")
BUTTON = ("tried_again", None, "note", None, "retry", None)


@pytest.mark.parametrize(
    ("after", "outcomes"),
    [
        ([(20, *BUTTON), (25, *ALL_DONE)], ["failed", "succeeded"]),
        ([(20, *BUTTON), (22, *PREPARATION_FAILED), (25, *ALL_DONE)], ["failed", "failed"]),
        ([(25, *ALL_DONE)], ["failed"]),
        ([], ["failed"]),
    ],
    ids=["tried again", "failed once more", "brought behind the page", "nothing after it"],
)
def test_workloads_that_ended_well_close_a_preparation_that_was_tried_again(marks, after, outcomes):
    given = [(0, *ENROL), (13, *PREPARATION_FAILED), *after]
    runs = build_runs(number_attempts(marks(*given))).sort("attempt")
    assert runs.filter(pl.col("stage") == "device_preparation")["outcome"].to_list() == outcomes


def test_workloads_of_an_earlier_deployment_say_nothing_of_a_later_try(marks):
    given = [(0, *ALL_DONE), (10, *ENROL), (13, *PREPARATION_FAILED), (20, *BUTTON)]
    runs = build_runs(number_attempts(marks(*given)))
    assert "succeeded" not in runs.filter(pl.col("stage") == "device_preparation")["outcome"].to_list()
    assert number_attempts(marks((0, *ALL_DONE))).is_empty()


def test_a_page_of_a_retry_in_the_users_phase_closes_that_phase(marks):
    account = ("account_setup_step_began", "account_setup", "start", None, "page", None)
    timed_out = ("esp_timed_out", None, "esp_fail", "yes", None, None)
    left = ("esp_page_left", None, "esp_exit", None, None, None)
    given = [(0, *ENROL), (5, *account), (20, *timed_out), (24, *BUTTON), (30, *left)]
    runs = build_runs(number_attempts(marks(*given))).filter(pl.col("attempt") == 2)
    assert runs.select("stage", "outcome").rows() == [("account_setup", "succeeded")]
