"""Stories of make-believe devices, told once a scenario."""

from datetime import UTC, datetime
from functools import cache
from random import Random

import pytest

from autopilot_analysis.samples import SCENARIOS
from autopilot_analysis.samples.device.device import make_device
from autopilot_analysis.samples.device.events import tell_story
from autopilot_analysis.samples.device.story import Story

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def device_of(build=None, number=7):
    return make_device(number, Random(1), tenant=Random(2), started_at=START, build=build)


@pytest.fixture(scope="session")
def told():
    """The story of a scenario."""

    @cache
    def tell(name, build=None):
        return tell_story(device_of(build or SCENARIOS[name].build), SCENARIOS[name], Random(3))

    return tell


@pytest.fixture
def blank():
    """A story in which nothing has happened yet."""

    def begin(name="user_driven_success", build="26100.6584"):
        return Story(device_of(build), SCENARIOS[name], Random(3))

    return begin


@pytest.fixture(scope="session")
def ids():
    """The ids of a channel's events, in their order."""
    return lambda story, channel: [record.event_id for record in story.records(channel)]
