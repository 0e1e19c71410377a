"""Attempts from hand-made marks: where one run at enrolment ends and the next begins."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.trace.numbering import number_attempts

DAY = 24 * 60
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
JOIN = ("join_began", "entra_join", "start", None, "acts", None)
REFUSED = ("enrollment_failed", "mdm_enrollment", "fail", "yes", None, "0x80180014")
ENROL = ("enrollment_began", "mdm_enrollment", "start", None, "acts", None)
ENROLLED = ("enrolled", "mdm_enrollment", "end", None, None, None)
SOUGHT = ("profile_sought", "profile_download", "start", None, "asks", None)
ACCOUNT = ("account_setup_step_began", "account_setup", "start", None, "page", None)
LEFT = ("esp_page_left", None, "esp_exit", None, None, None)
DESKTOP = ("logon_tasks_done", "desktop", "logon", None, None, None)
DONE = [(0, *JOIN), (1, *ENROL), (2, *ENROLLED), (9, *DESKTOP)]


def test_a_join_after_a_refusal_is_a_new_attempt_and_a_retry_before_it_is_not(marks):
    numbered = number_attempts(
        marks((0, *JOIN), (1, *JOIN), (2, *ENROL), (3, *REFUSED), (9, *JOIN), (10, *ENROL))
    )
    assert numbered["attempt"].to_list() == [1, 1, 1, 1, 2, 2]


def test_undated_marks_belong_to_no_attempt(marks):
    assert number_attempts(marks((None, *JOIN))).is_empty()


def test_asking_for_the_profile_after_the_sealed_technician_flow_begins_the_users_attempt(marks):
    sealed = ("white_glove_succeeded", None, "esp_seal", "yes", None, None)
    numbered = number_attempts(marks((0, *JOIN), (5, *sealed), (90, *SOUGHT), (91, *JOIN)))
    assert numbered["attempt"].to_list() == [1, 1, 2, 2]


def test_joining_and_enrolling_long_after_the_desktop_is_another_attempt(marks):
    again = [(20 * DAY, *SOUGHT), (20 * DAY + 2, *JOIN), (20 * DAY + 3, *ENROL)]
    assert number_attempts(marks(*DONE, *again))["attempt"].to_list() == [1, 1, 1, 1, 2, 2, 2]


def test_a_done_device_that_only_looks_for_its_profile_has_no_further_attempt(marks):
    numbered = number_attempts(marks(*DONE, *((day * DAY, *SOUGHT) for day in range(1, 5))))
    assert numbered["attempt"].to_list() == [1, 1, 1, 1]


def test_what_a_done_device_asks_again_is_left_out_of_its_attempt(marks):
    asked = [("sign_in_failed", "user_authentication", "fail", None, None, "0xCAA20003"), REFUSED]
    numbered = number_attempts(marks(*DONE, *((300 + n, *mark) for n, mark in enumerate(asked))))
    assert "fail" not in numbered["edge"].to_list()
    undone = number_attempts(marks(*DONE[:3], *((300 + n, *mark) for n, mark in enumerate(asked))))
    assert undone["edge"].to_list().count("fail") == 2


def test_a_weekend_between_the_phases_of_the_status_page_divides_no_attempt(marks):
    step = ("device_setup_step_began", "device_setup", "start", None, "page", None)
    friday = [*DONE[:3], (5, *step), (30, *LEFT)]
    monday = [(3 * DAY, *SOUGHT), (3 * DAY + 1, *step), (3 * DAY + 5, *ACCOUNT), (3 * DAY + 9, *LEFT)]
    assert set(number_attempts(marks(*friday, *monday))["attempt"]) == {1}


def test_the_last_page_of_a_device_that_enrols_itself_makes_it_done(marks):
    itself = ("device_enrollment_began", "device_preparation", "start", None, "acts", None)
    failed = ("profile_download_failed", "profile_download", "fail", None, None, "0x80072EE7")
    given = [(0, *itself), *DONE[1:3], (20, *LEFT), (DAY, *SOUGHT), (DAY + 1, *failed)]
    assert "profile_download_failed" not in number_attempts(marks(*given))["mark"].to_list()


SYNC = ("sync_began", None, "note", None, None, None)
JOINED = ("joined", "entra_join", "end", None, None, None)


def test_before_the_enrolment_that_a_synchronisation_follows_failures_stand(marks):
    numbered = number_attempts(marks((0, *JOIN), (1, *REFUSED), (2, *ENROL), (3, *ENROLLED), (9, *SYNC)))
    assert numbered["mark"].to_list().count("enrollment_failed") == 1


def test_a_device_that_synchronises_for_a_day_is_done_though_nobody_saw_its_desktop(marks):
    daily = [(day * DAY + n, *mark) for day in (1, 2) for n, mark in enumerate((SYNC, REFUSED))]
    numbered = number_attempts(marks(*DONE[:3], (5, *SYNC), *daily))
    assert numbered["mark"].to_list().count("enrollment_failed") == 0


def test_enrolling_again_after_the_enrolment_was_taken_away_is_another_attempt(marks):
    gone = ("unenrolled", "mdm_enrollment", "note", "yes", None, None)
    numbered = number_attempts(marks(*DONE, (50, *gone), (60, *ENROL), (61, *REFUSED)))
    assert numbered["attempt"].to_list() == [1, 1, 1, 1, 1, 2, 2]


OOBE = ("network_sought", "network", "start", None, "oobe", None)
BLANK = ("profile_not_provisioned", "profile_download", "skip", "blank", None, None)
CAME = ("profile_available", "profile_download", "end", None, "profile", None)
UNJOIN = ("left_entra", "entra_join", "note", None, None, None)
STEP = ("device_setup_step_began", "device_setup", "start", None, "page", None)
PAGE_FAILED = ("esp_timed_out", None, "esp_fail", "yes", None, "0x800705B4")


def numbers(marks, *given):
    """Return (minute, attempt) of the marks that an attempt holds."""
    numbered = number_attempts(marks(*given))
    return [((at - START).total_seconds() / 60, n) for at, n in numbered.select("at", "attempt").rows()]


def openings(marks, *given):
    numbered = number_attempts(marks(*given))
    return numbered.select("attempt", "opening").unique().sort("attempt")["opening"].to_list()


def test_starts_without_a_profile_are_no_attempt(marks):
    assert numbers(marks, (0, *OOBE), (1, *BLANK), (DAY, *OOBE), (DAY + 1, *BLANK)) == []


def test_a_join_takes_in_what_its_own_start_asked_and_no_start_before(marks):
    given = [(0, *OOBE), (1, *BLANK), (20, *OOBE), (21, *BLANK), (22, *JOIN)]
    assert numbers(marks, *given) == [(20, 1), (21, 1), (22, 1)]


def test_what_was_asked_longer_than_a_pause_before_a_join_is_none_of_it(marks):
    assert numbers(marks, (0, *OOBE), (12 * 60 + 1, *JOIN)) == [(12 * 60 + 1, 1)]
    assert numbers(marks, (0, *OOBE), (12 * 60, *JOIN)) == [(0, 1), (12 * 60, 1)]


def test_settings_read_after_a_refusal_belong_to_no_attempt_unless_a_join_follows(marks):
    read = ("profile_settings_retrieved", "user_authentication", "start", None, "asks", None)
    given = [(0, *JOIN), (2, *ENROL), (3, *REFUSED), (9, *read)]
    assert numbers(marks, *given) == [(0, 1), (2, 1), (3, 1)]
    assert numbers(marks, *given, (10, *JOIN))[3:] == [(9, 2), (10, 2)]


def test_leaving_entra_ends_an_attempt_and_begins_none(marks):
    given = [(0, *JOIN), (1, *ENROL), (2, *REFUSED), (3, *UNJOIN)]
    assert numbers(marks, *given) == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert numbers(marks, *DONE, (30, *UNJOIN), (40, *JOIN))[-1] == (40, 2)
    assert numbers(marks, (0, *UNJOIN)) == []


def test_a_background_task_alone_is_no_attempt(marks):
    task = ("automatic_join_failed", "entra_join", "fail", None, "task", "0x801C001D")
    assert numbers(marks, (0, *task), (DAY, *task)) == []


def test_a_profile_that_came_and_was_lost_before_anybody_used_it_ends_its_attempt(marks):
    given = [(0, *OOBE), (1, *CAME), (DAY, *OOBE), (DAY + 1, *BLANK), (DAY + 5, *JOIN)]
    assert numbers(marks, *given) == [(0, 1), (1, 1), (DAY, 2), (DAY + 1, 2), (DAY + 5, 2)]


def test_no_attempt_lasts_longer_than_the_longest(marks):
    assert numbers(marks, (0, *JOIN), (7 * DAY, *ENROL)) == [(0, 1), (7 * DAY, 1)]
    assert numbers(marks, (0, *JOIN), (7 * DAY + 1, *ENROL)) == [(0, 1), (7 * DAY + 1, 2)]


def test_the_page_that_begins_again_after_its_failure_is_a_retry(marks):
    given = [*DONE[:3], (5, *STEP), (20, *PAGE_FAILED), (25, *STEP), (30, *LEFT)]
    assert numbers(marks, *given)[-3:] == [(20, 1), (25, 2), (30, 2)]
    assert openings(marks, *given) == ["start", "retry"]


def test_the_button_begins_a_retry_before_the_page_does(marks):
    button = ("tried_again", None, "note", None, "retry", None)
    given = [*DONE[:3], (5, *STEP), (20, *PAGE_FAILED), (24, *button), (25, *STEP)]
    assert numbers(marks, *given)[-2:] == [(24, 2), (25, 2)]


def test_the_users_phase_after_a_failure_of_the_devices_phase_goes_on_with_the_attempt(marks):
    given = [*DONE[:3], (5, *STEP), (20, *PAGE_FAILED), (25, *ACCOUNT), (40, *PAGE_FAILED)]
    assert {n for _, n in numbers(marks, *given)} == {1}


def test_the_status_page_of_a_later_user_is_an_attempt_of_its_own(marks):
    given = [*DONE[:3], (5, *STEP), (6, *ACCOUNT), (8, *LEFT), (9, *DESKTOP), (11 * DAY, *ACCOUNT)]
    assert numbers(marks, *given, (11 * DAY + 180, *PAGE_FAILED))[-3:] == [
        (9, 1), (11 * DAY, 2), (11 * DAY + 180, 2),
    ]  # fmt: skip
    assert openings(marks, *given) == ["start", "later_user"]


def test_stages_of_the_device_are_none_of_a_later_users_page(marks):
    saw = ("agent_in_device_setup", "device_setup", "start", None, None, None)
    given = [*DONE, (11 * DAY, *ACCOUNT), (11 * DAY + 1, *saw), (11 * DAY + 2, *LEFT)]
    assert numbers(marks, *given)[-2:] == [(11 * DAY, 2), (11 * DAY + 2, 2)]


def test_a_kiosk_whose_user_opens_the_page_at_once_stays_in_its_attempt(marks):
    itself = ("device_enrollment_began", "device_preparation", "start", None, "acts", None)
    given = [(0, *itself), *DONE[1:3], (5, *STEP), (20, *LEFT), (21, *ACCOUNT)]
    assert {n for _, n in numbers(marks, *given)} == {1}


def test_what_follows_the_desktop_belongs_to_the_attempt_for_a_pause_and_no_longer(marks):
    note = ("hello_will_run", None, "note", None, None, None)
    assert numbers(marks, *DONE, (12 * 60 + 9, *note), (12 * 60 + 10, *note))[-1] == (12 * 60 + 9, 1)


def test_a_device_in_service_that_asks_for_its_profile_makes_no_attempt(marks):
    failed = ("profile_download_failed", "profile_download", "fail", None, None, "0x80072EE7")
    assert numbers(marks, (0, *SOUGHT), (1, *failed), (9, *SYNC), (10, *REFUSED)) == []
    assert numbers(marks, (0, *OOBE), (1, *CAME), (9, *SYNC), (DAY, *OOBE), (DAY + 1, *CAME)) == []


def test_a_device_whose_enrolment_is_lost_with_older_records_was_done_before_it_synchronised(marks):
    asked = [(3 * DAY, *SOUGHT), (3 * DAY + 1, *REFUSED), (5 * DAY, *SYNC)]
    assert numbers(marks, (0, *JOIN), (1, *JOINED), *asked) == [(0, 1), (1, 1)]


def test_giving_up_offline_is_an_attempt_that_got_no_network_and_online_none(marks):
    given_up = ("autopilot_not_used", "profile_download", "refused", "blank", None, None)
    online = ("internet_available", "network", "end", None, None, None)
    assert numbers(marks, (0, *OOBE), (9, *given_up)) == [(0, 1), (9, 1)]
    assert numbers(marks, (0, *OOBE), (1, *online), (9, *given_up)) == []


def test_devices_are_numbered_apart(marks):
    other = marks((0, *JOIN)).with_columns(device=pl.lit("SN-0002"))
    numbered = number_attempts(pl.concat([marks((0, *JOIN)), other]))
    assert numbered.select("device", "attempt").rows() == [("SN-0001", 1), ("SN-0002", 1)]


def test_an_enrolment_that_succeeds_a_pause_after_its_failure_is_a_try_of_its_own(marks):
    assert numbers(marks, (0, *REFUSED), (12 * 60, *ENROLLED)) == [(0, 1), (12 * 60, 1)]
    assert numbers(marks, (0, *REFUSED), (12 * 60 + 1, *ENROLLED)) == [(0, 1), (12 * 60 + 1, 2)]
    assert numbers(marks, (0, *REFUSED), (20, *OOBE), (25, *ENROLLED)) == [(0, 1), (20, 2), (25, 2)]


def test_a_join_makes_no_enrolment_good_and_a_task_begins_no_try(marks):
    failed = ("join_failed", "entra_join", "fail", "yes", None, "0x801C000E")
    task = ("join_completed_automatically", "entra_join", "end", None, "task", None)
    assert numbers(marks, (0, *failed), (DAY, *JOINED)) == [(0, 1), (DAY, 2)]
    assert numbers(marks, (0, *failed), (DAY, *ENROLLED)) == [(0, 1), (DAY, 2)]
    assert numbers(marks, (0, *REFUSED), (DAY, *JOINED)) == [(0, 1)]
    assert numbers(marks, (0, *failed), (DAY, *task)) == [(0, 1)]
    ready = ("device_setup_done", "device_setup", "end", None, None, None)
    assert numbers(marks, (0, *REFUSED), (DAY, *ready)) == [(0, 1)]


TRIED = ("tpm_attestation_tried", "device_preparation", "start", None, None, None)
PREPARED_NOT = ("device_enrollment_failed", "device_preparation", "fail", "yes", None, "0x81039001")


def test_a_device_that_tries_once_more_to_prove_itself_after_a_failure_has_another_attempt(marks):
    tries = [(0, *TRIED), (1, *TRIED), (5, *PREPARED_NOT)]
    assert number_attempts(marks(*tries))["attempt"].to_list() == [1, 1, 1]
    again = [(11, *TRIED), (12, *TRIED), (16, *PREPARED_NOT)]
    assert number_attempts(marks(*tries, *again))["attempt"].to_list() == [1, 1, 1, 2, 2, 2]


SEALS = ("white_glove", None, "note", None, None, None)
OWN = ("device_enrollment_succeeded", "device_preparation", "note", None, None, None)


@pytest.mark.parametrize(
    ("given", "attempts"),
    [
        ([(0, *SEALS), (1, *PREPARED_NOT), (280, *SEALS), (283, *OWN)], [1, 1, 2, 2]),
        ([(1, *PREPARED_NOT), (9, *OWN)], [1, 2]),
        ([(1, *PREPARED_NOT), (2 * DAY, *SEALS), (2 * DAY + 2, *OWN)], [1, 2, 2]),
        ([(0, *SEALS), (2, *OWN), (5, *PREPARED_NOT)], [1, 1, 1]),
        ([(1, *PREPARED_NOT), (1, *OWN)], [1, 1]),
    ],
)
def test_a_device_that_enrolled_by_itself_after_a_failure_for_good_has_another_attempt(
    marks, given, attempts
):
    assert number_attempts(marks(*given))["attempt"].to_list() == attempts


def test_a_failure_of_the_page_is_not_made_good_by_the_devices_own_enrolment(marks):
    page = ("device_setup_failed", "device_setup", "fail", "yes", None, None)
    assert number_attempts(marks((0, *JOIN), (5, *page), (9, *OWN)))["attempt"].to_list() == [1, 1, 1]
