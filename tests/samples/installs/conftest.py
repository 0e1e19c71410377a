"""A phase of a make-believe device in which acts can be told one by one."""

from __future__ import annotations

from random import Random

import pytest

from autopilot_analysis.samples.device.device import App, guid
from autopilot_analysis.samples.installs.plan import InstallPlan
from autopilot_analysis.samples.installs.stage import Stage


@pytest.fixture
def stage(blank):
    """Begin a phase with acts of an era of the agent."""

    def begin(*acts, era="new", phase="device"):
        apps = {act.name: App(guid(Random(act.name)), act.name, act.size) for act in acts}
        return Stage(blank(), phase, InstallPlan(device=acts, era=era), apps)

    return begin


@pytest.fixture
def lines():
    """All lines of a phase's logs, or those of one log."""
    return lambda stage, *logs: [
        record.message for log in logs or stage.story.logs for record in stage.story.logs[log]
    ]
