"""The status of a batch that a partner registers; every device is made up."""

import json

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.findings.service.lists import find_in_service
from autopilot_analysis.readers.objects.partner_batch import imports_of, is_partner_batch


def device(serial, status, code="0", words=""):
    return {"serialNumber": serial, "status": status, "errorCode": code, "errorDescription": words}


GOOD = device("AB12CD", "finished")
TAKEN = device("EF34GH", "finished_with_errors", "808", "ZtdDeviceAssignedToOtherTenant")
KNOWN = device("IJ56KL", "finished_with_errors", "806", "ZtdDeviceAlreadyAssigned")
OPEN = device("MN78OP", "processing")


def batch(*devices):
    return {
        "batchTrackingId": "11111111-2222-4333-8444-555555555555",
        "status": "finished",
        "devicesStatus": list(devices),
    }


def test_each_device_of_a_batch_is_an_import_as_graph_spells_it():
    states = [
        (row["serialNumber"], row["state.deviceImportStatus"]) for row in imports_of(batch(GOOD, TAKEN, OPEN))
    ]
    assert states == [("AB12CD", "complete"), ("EF34GH", "error"), ("MN78OP", "pending")]


@pytest.mark.parametrize(
    "document", [{"devicesStatus": "finished"}, {"devicesStatus": [{"status": "x"}]}, {}]
)
def test_another_document_is_no_batch(document):
    assert not is_partner_batch(document)


@pytest.mark.parametrize(
    ("devices", "words"),
    [
        ((GOOD, TAKEN), ["ZtdDeviceAssignedToOtherTenant"]),
        ((TAKEN,), ["ZtdDeviceAssignedToOtherTenant"]),
        ((KNOWN,), ["ZtdDeviceAlreadyAssigned"]),
        ((GOOD, OPEN), []),
        ((GOOD,), []),
    ],
)
def test_a_device_of_a_batch_that_failed_is_named_with_its_error(tmp_path, devices, words):
    file = tmp_path / "batch.json"
    file.write_text(json.dumps(batch(*devices)), encoding="utf-8")
    found = find_in_service(read_tables(open_export(file))).findings
    failed = found.filter(found["title"].str.contains("ended in an error"))
    assert [word for title in failed["title"] for word in words if word in title] == words
    assert failed.height == len(words)
