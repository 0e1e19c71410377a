"""Attempts and runs from hand-made marks: what the samples do not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.attempts import add_skips, build_attempts
from autopilot_analysis.trace.numbering import number_attempts
from autopilot_analysis.trace.registry_outcomes import find_registry_outcomes
from autopilot_analysis.trace.scenario import find_scenarios
from autopilot_analysis.trace.stages import build_runs

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def marks():
    """Build marks from (minute, mark, stage, edge, terminal, begins, code)."""

    def build(*given):
        rows = [
            {
                "device": "SN-0001", "at": None if minute is None else START + timedelta(minutes=minute),
                "clock": "declared", "mark": mark, "stage": stage, "code": code, "detail": "",
                "member": "a.evtx", "record": n, "edge": edge, "terminal": terminal, "begins": begins,
            }
            for n, (minute, mark, stage, edge, terminal, begins, code) in enumerate(given, 1)
        ]  # fmt: skip
        schema = {
            "device": pl.String, "at": pl.Datetime("us", "UTC"), "clock": pl.String, "mark": pl.String,
            "stage": pl.Enum(STAGES), "code": pl.String, "detail": pl.String, "member": pl.String,
            "record": pl.Int64, "edge": pl.String, "terminal": pl.String, "begins": pl.String,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema)

    return build


JOIN = ("join_began", "entra_join", "start", None, "yes", None)
REFUSED = ("enrollment_failed", "mdm_enrollment", "fail", "yes", None, "0x80180014")
ENROL = ("enrollment_began", "mdm_enrollment", "start", None, "yes", None)


def test_a_join_after_a_refusal_is_a_new_attempt_and_a_retry_before_it_is_not(marks):
    numbered = number_attempts(
        marks((0, *JOIN), (1, *JOIN), (2, *ENROL), (3, *REFUSED), (9, *JOIN), (10, *ENROL))
    )
    assert numbered["attempt"].to_list() == [1, 1, 1, 1, 2, 2]


def test_after_no_profile_only_oobe_begins_anew(marks):
    blank = ("profile_not_provisioned", "profile_download", "skip", "blank", None, None)
    oobe = ("network_sought", "network", "start", None, "oobe", None)
    numbered = number_attempts(marks((0, *oobe), (1, *blank), (2, *JOIN), (20, *oobe)))
    assert numbered["attempt"].to_list() == [1, 1, 1, 1]
    numbered = number_attempts(marks((0, *oobe), (1, *blank), (20, *oobe), (21, *JOIN)))
    assert numbered["attempt"].to_list() == [1, 1, 2, 2]


def test_settings_read_after_a_refusal_are_no_attempt_of_their_own(marks):
    read = ("profile_settings_retrieved", "user_authentication", "start", None, "yes", None)
    asked = ("sign_in_asked", "user_authentication", "start", None, None, None)
    numbered = number_attempts(marks((0, *JOIN), (2, *ENROL), (3, *REFUSED), (500, *read), (501, *asked)))
    assert numbered["attempt"].to_list() == [1, 1, 1, 1, 1]
    numbered = number_attempts(marks((0, *JOIN), (2, *ENROL), (3, *REFUSED), (9, *read), (10, *JOIN)))
    assert numbered["attempt"].to_list() == [1, 1, 1, 2, 2]


def test_undated_marks_belong_to_no_attempt(marks):
    assert number_attempts(marks((None, *JOIN))).is_empty()


def test_a_success_after_a_failure_in_one_attempt_stands(marks):
    failed = ("sign_in_failed", "user_authentication", "fail", None, None, "0xCAA2000C")
    asked = ("sign_in_asked", "user_authentication", "start", None, None, None)
    signed_in = ("signed_in", "user_authentication", "end", None, None, None)
    (run,) = build_runs(number_attempts(marks((0, *asked), (1, *failed), (2, *signed_in)))).iter_rows(
        named=True
    )
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
    device = ("device_setup_step_began", "device_setup", "start", None, None, None)
    account = ("account_setup_step_began", "account_setup", "start", None, None, None)
    left = ("esp_page_left", None, "esp_exit", None, None, None)
    timed_out = ("esp_timed_out", None, "esp_fail", "yes", None, None)
    runs = build_runs(number_attempts(marks((0, *device), (30, *left), (31, *account), (91, *timed_out))))
    assert runs.sort("stage").select("stage", "outcome", "ended_at").rows() == [
        ("device_setup", "succeeded", START + timedelta(minutes=30)),
        ("account_setup", "failed", START + timedelta(minutes=91)),
    ]


SOUGHT = ("profile_sought", "profile_download", "start", None, "yes", None)
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
    given = [(0, *ONLINE), (1, *SOUGHT), *((n, *mark) for n, mark in enumerate(told, 2))]
    runs = build_runs(number_attempts(marks(*given)))
    assert runs.filter(pl.col("stage") == "profile_download")["outcome"].to_list() == [outcome]


def test_asking_for_the_profile_after_the_sealed_technician_flow_begins_the_users_attempt(marks):
    sealed = ("white_glove_succeeded", None, "esp_seal", "yes", None, None)
    numbered = number_attempts(marks((0, *JOIN), (5, *sealed), (90, *SOUGHT), (91, *JOIN)))
    assert numbered["attempt"].to_list() == [1, 1, 2, 2]


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
    return runs, build_attempts(runs, scenarios).row(0, named=True)


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
    numbered = number_attempts(marks(*((n, *mark) for n, mark in enumerate(told))))
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
