"""One deployment that a script shows, one property a line, or writes as a row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.service.report_columns import recognise

FACTS = {
    "Device name": "PC-1",
    "Admin account": "admin",
    "Last scan": "never",
    "Found in the list": "True",
    "Owner": "Ann Example",
    "Note": "none",
    "SerialNumber": "SN-1",
    "EnrollmentProfileName": "Office",
    "Deployment total duration": "00:44:30",
    "Device setup duration": "00:42:36",
    "Account setup duration": "00:01:54",
    "deviceSetupStatus": "success",
    "accountSetupStatus": "success",
}
OF_GRAPH = {
    "id": "5f1b2c3d-0000-4000-8000-00000000000a",
    "deviceSerialNumber": "SN-1",
    "managedDeviceName": "PC-1",
    "deploymentState": "success",
    "deploymentTotalDuration": "PT44M30S",
    "deviceSetupDuration": "PT42M36S",
    "deviceSetupStatus": "success",
    "accountSetupStatus": "success",
}
UNRUN = {"deviceSetupStatus": "notStarted", "accountSetupStatus": "unknown"}
UNRUN |= dict.fromkeys(("Deployment total duration", "Device setup duration"), "00:00:00")


def shown(facts):
    width = max(map(len, facts))
    return "\n" + "".join(f"{name:<{width}} : {value}\n" for name, value in facts.items()) + "\n"


def row(facts):
    return ",".join(facts) + "\n" + ",".join(facts.values()) + "\n"


def read(tmp_path, text, name="summary.txt"):
    (tmp_path / name).write_text(text)
    with open_export(tmp_path / name) as export:
        columns = ["device", "outcome", "failed_stage", "total", "device_setup"]
        return read_tables(export).deployments.select(columns).rows()


TOOK = (timedelta(minutes=44, seconds=30), timedelta(minutes=42, seconds=36))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (shown(FACTS), "summary.txt"),
        (
            shown({name.replace("SetupStatus", " Setup Status"): value for name, value in FACTS.items()}),
            "a.txt",
        ),
        (shown(OF_GRAPH), "events.txt"),
        (row(FACTS), "summary.csv"),
    ],
)
def test_what_a_script_shows_of_one_deployment_is_that_deployment(tmp_path, text, name):
    assert read(tmp_path, text, name) == [("SN-1", "succeeded", None, *TOOK)]


@pytest.mark.parametrize("decides", ["Deployment total duration", "Device setup duration"])
def test_a_length_in_the_words_of_the_portal_decides_among_a_script_s_own_names(decides):
    names = [decides, "Device name", "SerialNumber", "User", *"abcdefgh"]
    assert recognise(names) == "portal: Autopilot deployments"
    assert recognise(names[1:]) != "portal: Autopilot deployments"


def test_two_devices_after_one_another_are_two_deployments(tmp_path):
    other = FACTS | {"Device name": "PC-2", "SerialNumber": "SN-2", "deviceSetupStatus": "failed"}
    rows = read(tmp_path, shown(FACTS) + shown(other))
    assert [each[:3] for each in rows] == [
        ("SN-1", "succeeded", None),
        ("SN-2", "failed", "device_setup"),
    ]


def test_a_deployment_that_has_not_begun_has_no_end_and_took_no_time(tmp_path):
    assert read(tmp_path, shown(FACTS | UNRUN)) == [("SN-1", "unknown", None, None, None)]
