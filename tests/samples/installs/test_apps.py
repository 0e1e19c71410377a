"""Apps in the logs of both eras of the agent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autopilot_analysis.samples.installs.apps import tell_classic_app, tell_new_app, tell_store_app
from autopilot_analysis.samples.installs.plan import Act
from autopilot_analysis.samples.installs.stage import AGENT

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tell", "era", "log"), [(tell_new_app, "new", "AppWorkload"), (tell_classic_app, "classic", AGENT)]
)
def test_an_app_is_told_in_the_log_of_its_era(stage, lines, tell, era, log):
    act = Act("Viewer", download=4, install=9)
    phase = stage(act, era=era)
    assert tell(phase, act, AT) > AT
    assert any(phase.apps["Viewer"].id in line for line in lines(phase, log))
    (row,) = phase.story.installs
    assert (row.kind, row.name, row.outcome, row.exit_code) == ("win32", "Viewer", "succeeded", 0)


def test_a_failed_app_leaves_its_exit_code_in_the_log(stage, lines):
    act = Act("Viewer", install=9, outcome="failed", exit_code=1618)
    phase = stage(act)
    tell_new_app(phase, act, AT)
    assert any("1618" in line for line in lines(phase, "AppWorkload"))
    assert phase.story.installs[0].exit_code == 1618


def test_a_store_app_is_no_win32_app(stage, lines):
    act = Act("Notes", "winget", download=4, install=9)
    phase = stage(act)
    tell_store_app(phase, act, AT)
    assert [row.kind for row in phase.story.installs] == ["winget"]
    assert any("WinGet" in line for line in lines(phase, "AppWorkload"))
