"""Scripts, packages, certificates and restarts in the places where a device notes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.samples.installs.plan import Act
from autopilot_analysis.samples.installs.services import (
    tell_certificate,
    tell_modern,
    tell_package,
    tell_remediation,
    tell_script,
)
from autopilot_analysis.samples.installs.stage import AGENT

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_script_stands_in_the_logs_of_its_caller_and_of_its_executor(stage, lines):
    act = Act("Baseline", "script", install=14, exit_code=3, outcome="failed", output="half done")
    phase = stage(act)
    assert tell_script(phase, act, AT) == AT + timedelta(seconds=14)
    assert "Powershell exit code is 3" in lines(phase, "AgentExecutor")
    assert any(line.endswith("policy result = Failed") for line in lines(phase, AGENT))
    (row,) = phase.story.installs
    assert (row.kind, row.outcome, row.exit_code) == ("script", "failed", 3)


@pytest.mark.parametrize(("outcome", "last"), [("succeeded", 0), ("failed", 1)])
def test_a_remediation_is_checked_again_and_its_report_says_what_was_found(stage, outcome, last):
    act = Act("Cleaner", "remediation", install=9, outcome=outcome)
    phase = stage(act)
    tell_remediation(phase, act, AT)
    (report,) = [v["Result"] for k, v in phase.story.state.more.items() if k.endswith("\\Result")]
    assert f'"LastDetectExitCode":{last}' in report
    assert '"FirstDetectExitCode":1' in report


@pytest.mark.parametrize(
    ("tell", "kind", "ids"),
    [
        (tell_package, "msi", [1905, 1906, 1920, 1922]),
        (tell_certificate, "certificate", [306, 36, 37, 38, 39]),
    ],
)
def test_device_management_notes_what_it_loads_and_asks_for(stage, tell, kind, ids):
    act = Act("Example Item", kind, download=5, install=9)
    phase = stage(act)
    tell(phase, act, AT)
    assert [record.event_id for record in phase.story.records("DMA")] == ids


def test_a_certificate_that_is_refused_ends_with_its_code(stage):
    act = Act("Example Item", "certificate", install=9, outcome="failed", code="0x80094800")
    phase = stage(act)
    tell_certificate(phase, act, AT)
    assert [record.event_id for record in phase.story.records("DMA")] == [306, 36, 37, 32]


@pytest.mark.parametrize(
    ("outcome", "code", "last"), [("succeeded", None, 400), ("failed", "0x80073CF3", 404)]
)
def test_app_deployment_says_how_a_modern_app_ended(stage, outcome, code, last):
    act = Act("Example.Board", "modern", install=18, outcome=outcome, code=code)
    phase = stage(act)
    tell_modern(phase, act, AT)
    assert [record.event_id for record in phase.story.records("APPX")] == [607, last]
