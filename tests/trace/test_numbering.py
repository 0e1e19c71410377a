"""Attempts from hand-made marks: where one run at enrolment ends and the next begins."""

from __future__ import annotations

from autopilot_analysis.trace.numbering import number_attempts

DAY = 24 * 60
JOIN = ("join_began", "entra_join", "start", None, "yes", None)
REFUSED = ("enrollment_failed", "mdm_enrollment", "fail", "yes", None, "0x80180014")
ENROL = ("enrollment_began", "mdm_enrollment", "start", None, "yes", None)
ENROLLED = ("enrolled", "mdm_enrollment", "end", None, None, None)
SOUGHT = ("profile_sought", "profile_download", "start", None, "yes", None)
ACCOUNT = ("account_setup_step_began", "account_setup", "start", None, None, None)
LEFT = ("esp_page_left", None, "esp_exit", None, None, None)
DESKTOP = ("logon_tasks_done", "desktop", "logon", None, None, None)
DONE = [(0, *JOIN), (1, *ENROL), (2, *ENROLLED), (9, *DESKTOP)]


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
    step = ("device_setup_step_began", "device_setup", "start", None, None, None)
    friday = [*DONE[:3], (5, *step), (30, *LEFT)]
    monday = [(3 * DAY, *SOUGHT), (3 * DAY + 1, *step), (3 * DAY + 5, *ACCOUNT), (3 * DAY + 9, *LEFT)]
    assert set(number_attempts(marks(*friday, *monday))["attempt"]) == {1}


def test_the_last_page_of_a_device_that_enrols_itself_makes_it_done(marks):
    itself = ("device_enrollment_began", "device_preparation", "start", None, None, None)
    failed = ("profile_download_failed", "profile_download", "fail", None, None, "0x80072EE7")
    given = [(0, *itself), *DONE[1:3], (20, *LEFT), (DAY, *SOUGHT), (DAY + 1, *failed)]
    assert "profile_download_failed" not in number_attempts(marks(*given))["mark"].to_list()


SYNC = ("sync_began", None, "note", None, None, None)
JOINED = ("joined", "entra_join", "end", None, None, None)


def test_a_device_whose_enrolment_is_lost_with_older_records_was_done_before_it_synchronised(marks):
    asked = [(3 * DAY, *SOUGHT), (3 * DAY + 1, *REFUSED), (5 * DAY, *SYNC)]
    numbered = number_attempts(marks((0, *JOIN), (1, *JOINED), *asked))
    assert numbered["mark"].to_list() == ["join_began", "joined", "sync_began"]


def test_before_the_enrolment_that_a_synchronisation_follows_failures_stand(marks):
    numbered = number_attempts(marks((0, *JOIN), (1, *REFUSED), (2, *ENROL), (3, *ENROLLED), (9, *SYNC)))
    assert numbered["mark"].to_list().count("enrollment_failed") == 1


def test_a_device_that_synchronises_for_a_day_is_done_though_nobody_saw_its_desktop(marks):
    daily = [(day * DAY + n, *mark) for day in (1, 2) for n, mark in enumerate((SYNC, REFUSED))]
    numbered = number_attempts(marks(*DONE[:3], (5, *SYNC), *daily))
    assert numbered["mark"].to_list().count("enrollment_failed") == 0


def test_no_failure_stood_before_the_last_synchronisation_of_a_lost_enrolment(marks):
    failed = ("profile_download_failed", "profile_download", "fail", None, None, "0x80072EE7")
    numbered = number_attempts(marks((0, *SOUGHT), (1, *failed), (9, *SYNC), (10, *REFUSED)))
    assert numbered["mark"].to_list() == ["profile_sought", "sync_began", "enrollment_failed"]


def test_enrolling_again_after_the_enrolment_was_taken_away_is_another_attempt(marks):
    gone = ("unenrolled", "mdm_enrollment", "note", "yes", None, None)
    numbered = number_attempts(marks(*DONE, (50, *gone), (60, *ENROL), (61, *REFUSED)))
    assert numbered["attempt"].to_list() == [1, 1, 1, 1, 1, 2, 2]
