"""Joining and enrolling: what went through changes the device's state, what was refused does not."""

from autopilot_analysis.samples.device.joining import sync, tell_entra_join, tell_mdm_enrollment
from autopilot_analysis.samples.device.story import Step


def test_a_device_that_joined_is_joined(blank, ids):
    story = blank()
    tell_entra_join(story, Step("entra_join", (5, 9)))
    assert {100, 105} <= set(ids(story, "UDR"))
    assert story.state.joined


def test_a_refused_enrolment_carries_its_code_and_leaves_the_device_unenrolled(blank):
    story = blank()
    refused = Step("mdm_enrollment", (5, 9), outcome="failed", code="0x80180014")
    tell_mdm_enrollment(story, refused)
    codes = [
        value.number
        for record in story.records("DME")
        for value in record.data.values()
        if hasattr(value, "number")
    ]
    assert 0x80180014 in codes
    assert not story.state.enrolled


def test_an_enrolment_that_went_through_has_its_instant(blank, ids):
    story = blank()
    tell_mdm_enrollment(story, Step("mdm_enrollment", (5, 9)))
    assert {4, 72} <= set(ids(story, "DME"))
    assert story.state.enrolled_at is not None


def test_a_session_has_a_beginning_and_an_end(blank, ids):
    story = blank()
    sync(story, story.now, seconds=6)
    assert ids(story, "DMS") == [208, 209]
