"""Attempts and runs from hand-made marks: what the samples do not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.stages import build_runs, number_attempts

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
