"""A plan told act by act: one after the other, or beside each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.samples.installs.acts import PAUSE, tell_act, tell_plan
from autopilot_analysis.samples.installs.plan import Act, InstallPlan

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SCRIPTS = (Act("First", "script", install=60), Act("Second", "script", install=30))


@pytest.fixture
def told_plan(blank):
    """Tell the device's part of a plan."""

    def tell(*acts):
        story = blank()
        story.scenario = replace(story.scenario, plan=InstallPlan(device=acts))
        return story, tell_plan(story, AT, "device")

    return tell


def test_acts_follow_each_other_with_a_pause(told_plan):
    story, end = told_plan(*SCRIPTS)
    first, second = story.installs
    assert first.started_at == AT + timedelta(seconds=1)
    assert second.started_at == first.ended_at + timedelta(seconds=PAUSE)
    assert end == second.ended_at + timedelta(seconds=PAUSE)


def test_an_act_beside_another_begins_with_it(told_plan):
    story, end = told_plan(SCRIPTS[0], replace(SCRIPTS[1], beside=True))
    first, second = story.installs
    assert second.started_at == first.started_at
    assert end == first.ended_at + timedelta(seconds=PAUSE)


def test_only_what_the_page_waits_for_is_registered_with_it(told_plan):
    acts = (Act("Viewer", install=5), Act("Notes", install=5, blocking=False))
    story, _ = told_plan(*acts)
    registered = [r.message for r in story.logs["AppWorkload"] if "registered as a tracked app" in r.message]
    assert [line.rpartition("App name: ")[2] for line in registered] == ["Viewer"]


@pytest.mark.parametrize("kind", ["win32", "winget", "msi", "modern", "script", "remediation", "certificate"])
def test_every_kind_of_act_is_a_row_of_the_truth(stage, kind):
    act = Act("Example Item", kind, download=3, install=9)
    phase = stage(act)
    assert tell_act(phase, act, AT) > AT
    assert [(row.kind, row.outcome) for row in phase.story.installs] == [(kind, "succeeded")]
