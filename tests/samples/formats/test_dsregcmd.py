"""The join state says what the story left behind."""

import pytest

from autopilot_analysis.samples.formats.dsregcmd import write_dsregcmd


def values(story):
    pairs = (
        line.split(" : ", 1)
        for line in write_dsregcmd(story, story.now).decode().splitlines()
        if " : " in line
    )
    return {name.strip(): value for name, value in pairs}


@pytest.mark.parametrize(("name", "joined"), [("user_driven_success", "YES"), ("not_autopilot", "NO")])
def test_a_device_is_joined_when_its_story_joined_it(told, name, joined):
    state = values(told(name))
    assert (state["AzureAdJoined"], "TenantId" in state) == (joined, joined == "YES")


def test_the_output_names_the_device_and_the_hour(told):
    story = told("user_driven_success")
    state = values(story)
    assert (state["Device Name"], state["DeviceId"]) == (story.computer, story.device.entra_id)
    assert state["Client Time"] == f"{story.now:%Y-%m-%d %H:%M:%S}.000 UTC"
