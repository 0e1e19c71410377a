"""The status page: what it waited for, how it ended, and the desktop behind it."""

from autopilot_analysis.samples.device.esp import POLICIES, tell_desktop
from autopilot_analysis.samples.device.story import Step


def pages(story):
    return [record.data["Name"] for record in story.records("SC") if record.event_id == 62407]


def test_a_page_that_was_left_and_one_that_ran_out_of_time(told):
    left, late = pages(told("user_driven_success")), pages(told("esp_app_timeout"))
    assert left[-1].endswith("Page_Exiting")
    assert any(name.endswith("DeviceConfigurationTimeOut") for name in late)
    assert not any(name.endswith("DeviceConfigurationTimeOut") for name in left)


def test_the_desktop_is_there_when_the_tasks_of_the_logon_are_done(blank, ids):
    story = blank()
    tell_desktop(story, Step("desktop", (10, 20)))
    assert 62171 in ids(story, "SC")


def test_policies_that_arrive_are_made_up_of_area_name_and_value():
    assert all(len(policy) == 3 for policy in POLICIES)
