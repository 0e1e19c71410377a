"""Runs of a remediation on many devices, as the Export API and Graph list them; every device is made up."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.facts.state_words import outcome_of
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.report_csv import read_report_csv

POLICY = "0f1e2d3c-0000-4000-8000-000000000001"
DEVICES = [f"0f1e2d3c-0000-4000-8000-00000000010{n}" for n in range(4)]


def report(*rows):
    """The report of the Export API from rows of cells."""
    headers = list(rows[0])
    lines = [headers, *([row[name] for name in headers] for row in rows)]
    return read_report_csv("".join(",".join(line) + "\n" for line in lines).encode()).rows["item_statuses"]


def run(detected, fixed, words=("", ""), **more):
    return {
        "DetectionScriptStatus": words[0],
        "DetectionStatus": detected,
        "DeviceId": DEVICES[0],
        "DisplayName": "Mend the disk",
        "Model": "Slate 4",
        "OSVersion": "10.0.26100.4061",
        "PolicyId": POLICY,
        "RemediationScriptErrorDetails": "disk is busy",
        "RemediationScriptStatus": words[1],
        "RemediationStatus": fixed,
        **more,
    }


@pytest.mark.parametrize(
    ("detected", "fixed", "state", "outcome"),
    [
        ("2", "3", "remediationFailed", "failed"),
        ("2", "2", "issueFixed", "succeeded"),  # near miss: what was mended is no failure
        ("2", "1", "withIssues", "unmet"),  # a detection alone
        ("1", "1", "withoutIssues", "unaffected"),
        ("3", "1", "scriptError", "failed"),
        ("2", "4", "scriptError", "failed"),
        ("4", "0", "pending", "in_progress"),
        ("5", "0", "notApplicable", "none"),
        ("9", "9", "9", None),  # what nobody knows stays as it is written
        ("2", "9", "9", None),
        ("9", "1", "9", None),
        ("", "", None, None),
    ],
)
def test_a_run_stands_as_its_fix_ended_else_as_its_detection_did(detected, fixed, state, outcome):
    row = report(run(detected, fixed)).row(0, named=True)
    assert (row["state"], outcome_of(row["state"] or "", row["report"])) == (state, outcome)
    assert (row["device"], row["model"], row["build"]) == (DEVICES[0], "Slate 4", "26100.4061")
    assert (row["item"], row["name"], row["detail"]) == (POLICY, "Mend the disk", "disk is busy")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("With issues", "Failed"), "remediationFailed"),
        (("With issues", "Issue fixed"), "issueFixed"),
        (("Without issues", "Not run"), "withoutIssues"),
        (("Failed", "Not run"), "scriptError"),
    ],
)
def test_the_words_of_the_portal_stand_in_where_no_number_does(words, state):
    assert report(run("", "", words))["state"].to_list() == [state]


def test_a_name_that_differs_by_device_is_none_of_the_remediation():
    rows = [
        run("2", "3", DeviceId=device, DisplayName=name) for device, name in zip(DEVICES, "aabb", strict=True)
    ]
    assert report(*rows)["name"].to_list() == [None] * 4
    assert report(*rows[:2])["name"].to_list() == ["a", "a"]


def page(*devices, expanded=False):
    """A page of Graph: the runs of one remediation on some devices."""
    runs = [
        {
            "id": f"{POLICY}_{device}",
            "detectionState": "fail",
            "lastStateUpdateDateTime": "2026-06-01T08:00:00Z",
            "preRemediationDetectionScriptOutput": "away",
            "remediationScriptError": "disk is busy",
            "remediationState": "remediationFailed",
        }
        | (
            {"managedDevice": {"id": device, "model": "Slate 4", "osVersion": "10.0.26100.1"}}
            if expanded
            else {}
        )
        for device in devices
    ]
    return json.dumps({"@odata.context": "https://graph.example.com/x", "value": runs}, indent=1).encode()


@pytest.mark.parametrize(("expanded", "described"), [(False, (None, None)), (True, ("Slate 4", "26100.1"))])
def test_a_page_of_graph_is_a_row_for_each_device(expanded, described):
    read = read_graph_json(page(*DEVICES, expanded=expanded))
    rows = read.rows["item_statuses"]
    assert rows["device"].to_list() == DEVICES
    assert rows.select("item", "state", "detail").row(0) == (POLICY, "remediationFailed", "disk is busy")
    assert rows.select("model", "build").row(0) == described
    assert read.unread == ()


@pytest.mark.parametrize(
    ("devices", "source"),
    [
        (DEVICES[:2], "graph_json"),
        (DEVICES[:1], "script_states"),  # one device: what its scripts wrote is told
        (DEVICES[:1] * 2, "script_states"),
    ],
)
def test_runs_on_several_devices_are_a_list_and_on_one_what_its_scripts_wrote(devices, source):
    content = page(*devices)
    assert classify("states.json", kinds_of(content), text_of(content)).source == source
