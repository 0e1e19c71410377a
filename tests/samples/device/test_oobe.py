"""The pages up to the sign-in: network, profile, user; each boundary is an event."""

from autopilot_analysis.samples.device.oobe import (
    tell_network,
    tell_profile_download,
    tell_user_authentication,
)
from autopilot_analysis.samples.device.story import Step


def test_a_network_that_came_and_one_that_did_not(blank, ids):
    came, missing = blank(), blank()
    tell_network(came, Step("network", (5, 9)))
    tell_network(missing, Step("network", (60, 90), outcome="failed"))
    assert {285, 164, 166} <= set(ids(came, "AP"))
    assert 314 in ids(missing, "AP")
    assert 164 not in ids(missing, "AP")


def test_a_profile_that_came_is_the_devices(blank, ids):
    story = blank()
    tell_profile_download(story, Step("profile_download", (5, 9)))
    assert {160, 161, 153} <= set(ids(story, "AP"))
    assert (story.state.profile, story.state.profile_at is not None) == ("assigned", True)


def test_a_user_who_signs_in_is_registered_by_the_device(blank, ids):
    story = blank()
    tell_user_authentication(story, Step("user_authentication", (30, 60)))
    assert {323, 325} <= set(ids(story, "UDR"))
