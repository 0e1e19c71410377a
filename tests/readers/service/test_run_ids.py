"""Runs of a platform script on devices, as Graph lists them; every device is made up."""

from __future__ import annotations

import json

import pytest
from findings.service_tables import tables_of

from autopilot_analysis.facts.state_words import outcome_of
from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.service.answer import quiet_lists
from autopilot_analysis.readers.service.graph_pages import read_graph_json

SCRIPT = "0f1e2d3c-0000-4000-8000-000000000002"
DEVICES = [f"0f1e2d3c-0000-4000-8000-00000000020{n}" for n in range(4)]
LANGUAGE = "Cannot invoke method. Method invocation is supported only on core types in this language mode."


def page(*runs, expanded=True):
    """A page of Graph: one run on each device."""
    rows = []
    for device, run in zip(DEVICES, runs, strict=False):
        own = {"id": f"{SCRIPT}:{device}", "resultMessage": "", "errorCode": 0, "errorDescription": None}
        own |= {"lastStateUpdateDateTime": "2026-06-01T08:00:00Z", **run}
        if expanded:
            own["managedDevice"] = {
                "id": device,
                "deviceName": "WS-1",
                "model": "Slate 4",
                "operatingSystem": "Windows",
                "osVersion": "10.0.26100.1",
                "deviceCategoryDisplayName": "Kiosk",
            }
        rows.append(own)
    return json.dumps({"@odata.context": "https://graph.example.com/x", "value": rows}).encode()


def read(*runs, expanded=True):
    return read_graph_json(page(*runs, expanded=expanded))


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("fail", "failed"),
        ("scriptError", "failed"),
        (2, "failed"),
        (3, "failed"),
        ("success", "succeeded"),
        (1, "succeeded"),
        ("pending", "in_progress"),
        ("unknown", "in_progress"),
        (4, "in_progress"),
        ("notApplicable", "none"),
        ("perplexed", None),
    ],
)
def test_a_run_of_a_script_comes_to_what_its_state_says(state, outcome):
    row = read({"runState": state}).rows["item_statuses"].row(0, named=True)
    assert outcome_of(row["state"], row["report"]) == outcome


@pytest.mark.parametrize(
    ("expanded", "described"), [(False, (None,) * 3), (True, ("Slate 4", "26100.1", "Kiosk"))]
)
def test_a_page_is_a_row_for_each_device_with_what_describes_it(expanded, described):
    found = read({"runState": "fail", "resultMessage": LANGUAGE, "errorCode": -2016281112}, expanded=expanded)
    rows = found.rows["item_statuses"]
    assert rows.select("device", "item", "code").row(0) == (DEVICES[0], SCRIPT, "0x87D1FDE8")
    assert rows.select("model", "build", "device_category").row(0) == described
    assert rows["detail"].to_list() == [LANGUAGE]
    assert found.unread == ()


def test_an_id_that_is_no_pair_names_no_script():
    rows = read({"id": DEVICES[0], "runState": "fail"}, {"id": DEVICES[1], "runState": "fail"})
    assert rows.rows["item_statuses"]["item"].to_list() == [None, None]


def test_runs_that_failed_are_told_with_the_reason_that_their_texts_name():
    bad = {"runState": "fail", "resultMessage": LANGUAGE, "errorCode": -2016281112}
    rows = read(bad, bad, {"runState": "scriptError"}, {"runState": "success", "errorCode": 5})
    found = find_in_service(tables_of(item_statuses=rows.rows["item_statuses"].to_dicts())).findings
    assert found["title"].to_list() == [
        f"Script {SCRIPT} failed (0x87D1FDE8) on 2 of 4 devices",
        f"Script {SCRIPT} failed on 1 of 4 devices",
    ]
    assert found["page"][0] == "Microsoft: about_Language_Modes"


@pytest.mark.parametrize(
    ("states", "well"),
    [
        (["success", "success"], True),
        (["success", "pending"], True),
        (["success", "perplexed"], False),
        (["success", None], False),
    ],
)
def test_none_is_said_to_have_failed_only_where_all_states_are_understood(states, well):
    rows = read(*({"runState": state} for state in states)).rows["item_statuses"].to_dicts()
    told = quiet_lists(tables_of(item_statuses=rows))
    held = [line.text for section in told.sections for line in section.lines]
    assert any(line.endswith("none failed.") for line in held) == well
    assert told.verdict.startswith("Nothing went wrong") == well
