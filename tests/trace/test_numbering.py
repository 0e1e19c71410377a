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


SEEN_IN_SETUP = ("agent_in_device_setup", "device_setup", "start", None, None, None)
SEEN_IN_ACCOUNT = ("agent_in_account_setup", "account_setup", "start", None, None, None)
SEAL = ("white_glove_succeeded", None, "esp_seal", "yes", None, None)
WENT_ON_ANYWAY = ("page_continued", None, "note", None, None, None)
BROKEN, THERE = ((name, "device_setup", "note", None, None, None) for name in ("app_failed", "app_done"))
AGENT_SAYS = ("page_app_changed", None, "page_app", None, None, None)
FAILED_FOR_AN_APP = [*DONE[:3], (5, *SEEN_IN_SETUP), (19, *BROKEN), (20, *PAGE_FAILED)]


def about_apps(given, **apps):
    """Return numbered marks; those of apps name one: by its letter, or as it is named for their mark."""
    agent = "Updating ESP tracked install status from Error to {} for application {} with name: App"
    app = apps.get("app", "0a1b2c3d-0000-4000-8000-00000000000a")
    windows = pl.lit(f'{{"Message1":"Sidecar","Message2":"Win32App_{app}_1"}}')
    told = (
        pl.when(pl.col("mark").is_in(["app_failed", "app_done"]))
        .then(windows)
        .when(pl.col("edge") == "page_app")
        .then(pl.lit(agent.format(apps.get("state", "Completed"), apps.get("other", app))))
    )
    numbered = number_attempts(given.with_columns(detail=told.fill_null("")))
    return [((at - START).total_seconds() / 60, n) for at, n in numbered.select("at", "attempt").rows()]


def test_a_seal_after_a_failure_is_of_a_try_that_began_with_the_page_after_it(marks):
    given = [*FAILED_FOR_AN_APP, (37, *SEEN_IN_SETUP), (39, *SEAL)]
    assert numbers(marks, *given)[-3:] == [(20, 1), (37, 2), (39, 2)]
    assert openings(marks, *given) == ["start", "retry"]
    assert numbers(marks, *FAILED_FOR_AN_APP, (39, *SEAL))[-2:] == [(20, 1), (39, 2)]


def test_a_page_that_is_left_a_moment_before_its_seal_is_the_technicians(marks):
    itself = ("device_enrollment_began", "device_preparation", "start", None, "acts", None)
    given = [(0, *itself), *DONE[:3], (5, *SEEN_IN_SETUP), (9, *LEFT), (9, *SEAL), (90, *SOUGHT), (91, *STEP)]
    assert numbers(marks, *given)[-4:] == [(9, 1), (9, 1), (90, 2), (91, 2)]


def test_the_users_first_session_days_after_the_seal_is_no_daily_work(marks):
    given = [*DONE[:3], (5, *SEEN_IN_SETUP), (9, *SEAL), (LATER, *SOUGHT), (LATER + 1, *JOIN)]
    given += [(LATER + 2, *SYNC), (LATER + 60, *PAGE_FAILED)]
    assert numbers(marks, *given)[-3:] == [(LATER + 1, 2), (LATER + 2, 2), (LATER + 60, 2)]
    afterwards = number_attempts(marks(*given, (LATER + 61, *JOIN)))
    assert afterwards["attempt"].max() == 3


def test_a_failure_of_the_users_after_the_seal_takes_nothing_from_it(marks):
    given = [*DONE[:3], (5, *SEEN_IN_SETUP), (9, *SEAL), (90, *SOUGHT), (91, *STEP), (99, *PAGE_FAILED)]
    assert numbers(marks, *given)[-4:] == [(9, 1), (90, 2), (91, 2), (99, 2)]
    assert openings(marks, *given) == ["start", "start"]


@pytest.mark.parametrize("came", [THERE, AGENT_SAYS], ids=["Windows says so", "the agent says so"])
@pytest.mark.parametrize("onward", [LEFT, SEEN_IN_ACCOUNT], ids=["left", "the user's phase"])
def test_the_page_goes_through_once_the_app_for_which_it_failed_is_there(marks, came, onward):
    given = [*FAILED_FOR_AN_APP, (37, *SEEN_IN_SETUP), (38, *came), (39, *onward)]
    assert about_apps(marks(*given))[-4:] == [(20, 1), (37, 2), (38, 2), (39, 2)]


@pytest.mark.parametrize(
    ("after", "apps"),
    [
        ([], {}),
        ([(38, *AGENT_SAYS)], {"other": "0a1b2c3d-0000-4000-8000-00000000000b"}),
        ([(38, *AGENT_SAYS)], {"state": "InProgress"}),
        ([(30, *WENT_ON_ANYWAY), (38, *THERE)], {}),
    ],
    ids=["not there", "another app", "under way", "somebody continued"],
)
def test_a_page_that_was_left_with_its_failure_is_no_second_try(marks, after, apps):
    numbered = about_apps(marks(*FAILED_FOR_AN_APP, *after, (39, *LEFT), (41, *SEEN_IN_ACCOUNT)), **apps)
    assert {n for _, n in numbered} == {1}


def test_a_retry_in_the_users_phase_is_done_when_its_page_is_left(marks):
    button = ("tried_again", None, "note", None, "retry", None)
    given = [
        *DONE[:3],
        (5, *ACCOUNT),
        (20, *PAGE_FAILED),
        (24, *button),
        (30, *LEFT),
        (3 * DAY, *SEEN_IN_ACCOUNT),
    ]
    numbered = number_attempts(marks(*given))
    assert numbered.select("attempt", "phase").rows()[-2:] == [(2, "account_setup")] * 2


LATER = 11 * DAY
AT_WORK = [*DONE[:3], (5, *SEEN_IN_SETUP), (6, *SEEN_IN_ACCOUNT), (8, *LEFT)]


@pytest.mark.parametrize("end", [PAGE_FAILED, LEFT], ids=["failed", "left"])
def test_the_agent_begins_a_later_users_page_that_only_then_ends(marks, end):
    given = [*AT_WORK, (LATER, *SEEN_IN_ACCOUNT), (LATER + 9, *end)]
    assert numbers(marks, *given)[-3:] == [(8, 1), (LATER, 2), (LATER + 9, 2)]
    numbered = number_attempts(marks(*given))
    assert numbered.select("opening", "phase").rows()[-1] == ("later_user", "account_setup")


def test_each_later_user_has_a_page_of_their_own(marks):
    pages = [(LATER, *SEEN_IN_ACCOUNT), (LATER + 9, *PAGE_FAILED), (LATER + 30, *LEFT), (2 * LATER, *ACCOUNT)]
    assert openings(marks, *AT_WORK, *pages[:3]) == ["start", "later_user"]
    assert numbers(marks, *AT_WORK, *pages)[-2:] == [(LATER + 30, 2), (2 * LATER, 3)]


def test_a_later_users_page_that_failed_needs_no_word_of_the_agent(marks):
    assert numbers(marks, *AT_WORK, (LATER, *PAGE_FAILED))[-1] == (LATER, 2)
    assert openings(marks, *AT_WORK, (LATER, *PAGE_FAILED)) == ["start", "later_user"]


def test_a_second_user_of_the_same_day_is_another_once_the_desktop_was_there(marks):
    second = [(100, *SEEN_IN_ACCOUNT), (109, *PAGE_FAILED)]
    assert numbers(marks, *AT_WORK, (9, *DESKTOP), *second)[-3:] == [(9, 1), (100, 2), (109, 2)]
    assert {n for _, n in numbers(marks, *AT_WORK, *second)} == {1}


def test_the_agents_word_alone_and_the_failure_of_another_deployment_are_no_later_users_page(marks):
    assert {n for _, n in numbers(marks, *AT_WORK, (LATER, *SEEN_IN_ACCOUNT), (LATER + 9, *BROKEN))} == {1}
    anew = [*AT_WORK, (LATER, *JOIN), (LATER + 9, *PAGE_FAILED)]
    assert numbers(marks, *anew)[-2:] == [(LATER, 2), (LATER + 9, 2)]
    assert openings(marks, *anew) == ["start", "start"]
    assert {n for _, n in numbers(marks, *AT_WORK, (LATER, *LEFT))} == {1}


PREPARATION_FAILED = ("preparation_page_failed", "device_preparation", "fail", None, None, "0x80070643")
PREPARED = ("preparation_page_finished", "device_preparation", "end", None, None, None)
BUTTON = ("tried_again", None, "note", None, "retry", None)


def test_the_button_on_a_failed_page_of_device_preparation_begins_a_retry(marks):
    given = [*DONE[:3], (13, *PREPARATION_FAILED), (20, *BUTTON), (25, *PREPARED)]
    assert numbers(marks, *given)[-3:] == [(13, 1), (20, 2), (25, 2)]
    assert openings(marks, *given) == ["start", "retry"]
    assert {n for _, n in numbers(marks, *DONE[:3], (13, *PREPARATION_FAILED), (25, *PREPARED))} == {1}
    assert {n for _, n in numbers(marks, *DONE[:3], (20, *BUTTON), (25, *PREPARED))} == {1}
