"""Apps that install one after the other: what the log says of each, and how the last one ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autopilot_analysis.samples.installs.installs import tell_apps


def messages(story):
    return [record.message for records in story.logs.values() for record in records]


@pytest.fixture
def device_apps(blank):
    """What the log says of the device's apps when the last one ends in a way of its own."""

    def lines(how=""):
        story = blank()
        tell_apps(story, story.now, story.now + timedelta(minutes=30), "device", how)
        return story, messages(story)

    return lines


def test_every_app_of_the_device_is_named_in_the_policies(device_apps):
    story, lines = device_apps()
    (policies,) = [line for line in lines if line.startswith("Get policies")]
    assert all(app.id in policies for app in story.device.device_apps)


def test_an_app_that_is_there_already_needs_no_action(device_apps):
    story, lines = device_apps("again")
    assert sum("No action required" in line for line in lines) == len(story.device.device_apps)


def test_the_same_story_is_written_the_same_way(device_apps):
    assert device_apps()[1] == device_apps()[1]


def test_an_app_that_hangs_leaves_less_behind_than_one_that_ends(device_apps):
    story, ended = device_apps()
    last = story.device.device_apps[-1].id
    hung = device_apps("hang")[1]
    assert sum(last in line for line in hung) < sum(last in line for line in ended)
