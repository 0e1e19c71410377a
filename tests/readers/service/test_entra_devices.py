"""The list of devices that Entra writes, downloaded or from Graph."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.report_csv import read_report_csv

HEADER = (
    "displayName,accountEnabled,operatingSystem,operatingSystemVersion,joinType (trustType),registeredOwners,"
    "userNames,mdmDisplayName,isCompliant,registrationTime,approximateLastSignInDateTime,deviceId,isManaged,"
    "objectId,profileType,systemLabels,model"
)
ROW = (
    "PC-1,True,Windows,10.0.22631.5039,Microsoft Entra joined,ann@example.com,Ann,Microsoft Intune,True,"
    "2026-05-06T14:41:35Z,2026-05-07T14:41:35Z,aad-1,True,obj-1,RegisteredDevice,,Slate 3"
)
ID = "0a1b2c3d-0000-4000-8000-00000000000a"
OF_GRAPH = {
    "id": "obj-1",
    "deviceId": "aad-1",
    "displayName": "PC-1",
    "operatingSystem": "Windows",
    "operatingSystemVersion": "10.0.22631.5039",
    "trustType": "AzureAd",
    "approximateLastSignInDateTime": "2026-05-07T14:41:35Z",
    "manufacturer": "Contoso",
    "model": "Slate 3",
}


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_download_of_entra_says_which_model_and_build_a_device_is(delimiter):
    content = f"{HEADER}\n{ROW}\n".replace(",", delimiter).encode()
    assert classify("exportDevice_2026-6-29.csv", kinds_of(content), text_of(content)).source == "report_csv"
    read = read_report_csv(content)
    row = read.rows["identities"].row(0, named=True)
    assert (row["device"], row["entra_device_id"]) == ("aad-1", "aad-1")
    assert (row["name"], row["model"], row["build"], row["os"]) == (
        "PC-1",
        "Slate 3",
        "22631.5039",
        "Windows",
    )
    assert read.unread == ()


def test_a_page_of_devices_from_graph_is_the_same_list():
    content = json.dumps(
        {"@odata.context": "https://graph.example.com/devices", "value": [OF_GRAPH]}
    ).encode()
    row = read_graph_json(content).rows["identities"].row(0, named=True)
    assert (row["report"], row["device"], row["manufacturer"]) == ("Entra devices", "aad-1", "Contoso")


@pytest.mark.parametrize(
    ("ids", "registration"),
    [
        (["[HWID]:h:1", f"[ZTDID]:{ID}"], ID),
        ([f"[ztdid]:{ID.upper()}"], ID.upper()),
        (["[USER-HWID]:a:1"], None),
        ([], None),
    ],
)
def test_one_object_of_graph_tells_its_states_and_its_registration(ids, registration):
    states = {"accountEnabled": True, "isManaged": False, "isCompliant": False, "physicalIds": ids}
    row = read_graph_json(json.dumps(OF_GRAPH | states).encode()).rows["identities"].row(0, named=True)
    assert (row["account_enabled"], row["managed"], row["registration_id"]) == (True, False, registration)
