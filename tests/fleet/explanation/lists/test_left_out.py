"""A success that brought nothing, or not all: device preparation counts its page, not its apps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from findings.service_tables import status, tables_of

from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.tables import SCHEMAS

AT = datetime(2026, 6, 2, 8, tzinfo=UTC)
APPS, SCRIPTS = (f"AutopilotV2DeploymentStatusDetailed{kind}Info" for kind in ("App", "Script"))


def attempt(number, outcome="succeeded", profile=None):
    return {
        "device": f"SN-{number}",
        "deployment": f"d-{number}",
        "origin": "report_v2",
        "serial": f"SN-{number}",
        "intune_device_id": f"id-{number}",
        "profile": profile,
        "started_at": AT,
        "outcome": outcome,
    }


def item(number, name, state, report=APPS, tracked=True):
    tracked = None if report == SCRIPTS else tracked
    return status(f"id-{number}", state, report=report, item=name, name=name, tracked=tracked)


def answered(deployments, statuses):
    given = tables_of(deployments=deployments, item_statuses=statuses)
    none = {name: SCHEMAS[name].create_empty() for name in ("installs", "findings", "evidence")}
    answer = answer_fleet(gather_fleet(none | given.frames()))
    return answer.verdict, {
        part.label: " ".join(line.text for line in part.lines) for part in answer.sections
    }


@pytest.mark.parametrize(
    ("states", "script", "words"),
    [
        (["Skipped", "Skipped"], "Skipped", ", but 2 of 2 apps and 1 of 1 script were skipped"),
        (["Installed", "Failed"], None, ", but 1 of 2 apps failed"),
        (["Installed", "Installed"], "Failed", ", but 1 of 1 script failed"),
        (["Skipped", "Dependent"], None, ", but 1 of 1 app was skipped"),
    ],
)
def test_a_success_names_what_it_did_not_bring(states, script, words):
    rows = [item(1, f"App {n}", state) for n, state in enumerate(states)]
    rows += [item(1, "Set region", script, SCRIPTS)] if script else []
    verdict, parts = answered([attempt(1)], rows)
    assert verdict.endswith(words)
    assert "calls for action" not in parts["What to do"]
    assert ("device group" in parts["What to do"]) == ("skipped" in words)


@pytest.mark.parametrize(
    ("states", "tracked"),
    [
        (["Installed", "Skipped"], True),
        (["Skipped", "Skipped"], False),
        (["Dependent", "In progress"], True),
        (["Installed", "Installed"], True),
    ],
)
def test_what_does_not_apply_was_not_selected_or_is_still_open_is_not_missed(states, tracked):
    rows = [item(1, f"App {n}", state, tracked=tracked) for n, state in enumerate(states)]
    verdict, parts = answered([attempt(1)], rows)
    assert verdict.endswith("the one that ended succeeded")
    assert "skipped" not in parts["What happened"].lower()


def test_of_a_deployment_that_failed_nothing_is_told_as_of_a_success():
    verdict, _ = answered([attempt(1, "failed")], [item(1, "App", "Skipped")])
    assert "skipped" not in verdict


def test_of_many_devices_it_is_told_on_how_many_and_of_which_policy():
    deployments = [attempt(n, profile="Field" if n < 3 else "Office") for n in range(8)]
    rows = [item(n, "Reader", "Skipped" if n < 3 else "Installed") for n in range(8)]
    verdict, parts = answered(deployments, [*rows, item(7, "Label Tool", "Failed")])
    skipped = "all apps and scripts were skipped on 3, all of Field (3 of its 3)"
    assert f"of 8 devices on which it succeeded, {skipped} and an app or script failed on 1" in verdict
    assert "Label Tool" in parts["What happened"]
    assert "Label Tool" in parts["What to do"]
