"""The report of device management: an enrolment of its own only where there is one."""

import pytest
from defusedxml.ElementTree import fromstring

from autopilot_analysis.samples.formats.mdm_report import write_html_report, write_mdm_report


@pytest.mark.parametrize(("name", "enrolled"), [("user_driven_success", True), ("not_autopilot", False)])
def test_the_enrolment_of_the_service_is_there_when_the_story_enrolled_the_device(told, name, enrolled):
    story = told(name)
    root = fromstring(write_mdm_report(story, story.now))
    assert root.findtext("SystemInformation/SerialNumber") == story.device.serial
    ids = [each.text for each in root.iter("EnrollmentId")]
    assert (story.device.enrollment_id in ids) is enrolled


def test_the_page_for_people_names_the_computer(told):
    story = told("user_driven_success")
    assert f"<h1>{story.computer}</h1>" in write_html_report(story).decode()
