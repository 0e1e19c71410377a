"""The registry holds what the story left behind, and nothing of what did not happen."""

import pytest

from autopilot_analysis.samples.device.registry_state import device_registry, story_profile


def keys(story, part):
    return [key for key in device_registry(story) if part in key.lower()]


def test_an_enrolled_device_has_an_enrolment_of_its_own_and_a_refused_one_has_none(told):
    own = told("user_driven_success")
    assert any(own.device.enrollment_id.lower() in key.lower() for key in device_registry(own))
    story = told("not_autopilot")
    assert not any(story.device.enrollment_id.lower() in key.lower() for key in device_registry(story))


@pytest.mark.parametrize(("name", "assigned"), [("user_driven_success", True), ("not_autopilot", False)])
def test_the_diagnostics_name_the_tenant_only_of_a_device_with_a_profile(told, name, assigned):
    story = told(name)
    values = [
        values
        for key, values in device_registry(story).items()
        if key.lower().endswith("diagnostics\\autopilot")
    ]
    named = {value for row in values for value in row.values()}
    assert (story.device.tenant_domain in named) is assigned


def test_a_profile_says_whose_the_device_is(told):
    story = told("user_driven_success")
    assert story_profile(story)["CloudAssignedTenantId"] == story.device.tenant_id
