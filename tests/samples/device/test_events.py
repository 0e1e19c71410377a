"""From a scenario to a told story: attempts in order, a start without an answer is none."""

import pytest


def attempts(story):
    return [row.attempt for row in story.rows]


def test_an_attempt_after_a_refusal_is_another_one(told):
    assert sorted(set(attempts(told("mdm_enrollment_refused")))) == [1, 2, 3, 4]


def test_a_start_at_which_nothing_followed_is_no_attempt(told):
    numbers = attempts(told("blank_profile_then_reboot"))
    assert numbers[0] == 0
    assert max(numbers) == 1


def test_every_story_begins_with_a_start_of_the_device(told, ids):
    assert ids(told("user_driven_success"), "SYS")[:3] == [12, 6009, 6005]


@pytest.mark.parametrize("name", ["user_driven_success", "esp_app_timeout"])
def test_stages_follow_one_another_on_the_true_clock(told, name):
    ends = [row.ended_at for row in told(name).rows if row.ended_at]
    assert ends == sorted(ends)
