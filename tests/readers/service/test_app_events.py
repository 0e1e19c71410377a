"""Troubles of apps as Graph tells them, beside those of enrolment; every id is made up."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.readers.service.graph_pages import read_graph_json

EVENT = {
    "id": "e-1",
    "eventDateTime": "2026-03-02T08:15:00Z",
    "correlationId": "c-1",
    "managedDeviceIdentifier": "d-1",
    "userId": "u-1",
    "applicationId": "a-1",
    "history": [],
}
TYPE = {"@odata.type": "#microsoft.graph.mobileAppTroubleshootingEvent"}
FAILED = {"occurrenceDateTime": "2026-03-02T08:20:00Z", "runState": "fail", "errorCode": "-2016345060"}
INSTALLED = {"occurrenceDateTime": "2026-03-02T08:10:00Z", "runState": "success", "actionType": "installed"}


def rows(*events):
    return read_graph_json(json.dumps({"value": list(events)}).encode()).rows


@pytest.mark.parametrize("event", [EVENT, TYPE | EVENT, TYPE | {"id": "e-1", "applicationId": "a-1"}])
def test_an_event_of_an_app_is_no_activity_of_enrolment(event):
    read = rows(event)
    assert read.keys() == {"item_statuses"}
    assert read["item_statuses"].select("item", "state", "code").rows() == [("a-1", None, None)]


def test_the_latest_item_of_the_history_that_tells_something_is_the_state():
    visit = {"occurrenceDateTime": "2026-03-02T09:00:00Z"}
    read = rows(EVENT | {"history": [FAILED, INSTALLED, visit]})["item_statuses"].row(0, named=True)
    assert (read["state"], read["code"]) == ("fail", "0x87D1041C")
    read = rows(EVENT | {"history": [INSTALLED]})["item_statuses"].row(0, named=True)
    assert (read["state"], read["detail"], read["code"]) == ("success", "installed", None)


def test_an_event_of_enrolment_beside_it_stays_one():
    enrolment = {
        "id": "e-2",
        "eventDateTime": "2026-03-02T08:15:00Z",
        "correlationId": "c-2",
        "managedDeviceIdentifier": "d-2",
        "failureCategory": "authentication",
        "failureReason": "denied",
    }
    bare = {name: enrolment[name] for name in ("id", "eventDateTime", "correlationId")}
    read = rows(EVENT, enrolment, bare)
    assert (read["item_statuses"].height, read["enrollment_failures"].height) == (1, 2)
