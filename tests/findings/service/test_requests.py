"""Requests that the service refused."""

from datetime import UTC, datetime

import pytest
from findings.service_tables import imported, tables_of

from autopilot_analysis.findings import find_in_service

MEMBER = {"device": "D", "member": "list.csv", "record": 1, "section": "Request refused 1"}
SCOPES = "Application must have one of the following scopes:"


def told(**pairs):
    return [{**MEMBER, "name": name, "value": value} for name, value in pairs.items()]


@pytest.mark.parametrize(
    ("pairs", "severity", "role", "meaning"),
    [
        ({"status": "429"}, "warning", "cause", "asked too often"),
        ({"status": "503"}, "warning", "cause", "itself failed"),
        ({"status": "403"}, "high", "cause", "may not do this"),
        ({"status": "400", "code": "BadRequest"}, "high", "cause", "does not accept"),
        ({"status": "400", "message": "Invalid Device Identifier"}, "high", "cause", "not of the form"),
        (
            {"status": "403", "message": f"{SCOPES} A.Read.All, B.Write.All."},
            "high",
            "cause",
            "A.Read.All, B.Write.All.",
        ),
        ({"status": "418"}, "high", "consequence", "does not say why"),
    ],
)
def test_a_refusal_is_explained_by_its_status_and_its_words(pairs, severity, role, meaning):
    (found,) = find_in_service(tables_of(properties=told(**pairs))).findings.to_dicts()
    assert (found["rule"], found["severity"], found["role"]) == ("FLEET-REQUEST-REFUSED", severity, role)
    assert meaning in found["meaning"]
    assert bool(found["remedy"]) == (role == "cause")


def test_a_refusal_is_dated_and_quoted_and_says_what_became_of_the_imports_beside_it():
    tables = tables_of(
        properties=told(status="429", date="Thu, 14 May 2026 07:12:09 GMT"),
        identities=[imported("S-1", "complete")],
    )
    found = find_in_service(tables)
    assert found.findings["at"].to_list() == [datetime(2026, 5, 14, 7, 12, 9, tzinfo=UTC)]
    assert found.findings["meaning"][0].endswith(" 1 import beside it: 1 complete.")
    assert found.evidence["quote"].to_list() == ["status 429; date Thu, 14 May 2026 07:12:09 GMT"]


def test_another_property_is_no_refusal_and_a_strange_date_is_none():
    other = [{**MEMBER, "section": "Device State", "name": "status", "value": "429"}]
    assert find_in_service(tables_of(properties=other)).findings.is_empty()
    assert find_in_service(tables_of(properties=told(status="429", date="soon"))).findings[
        "at"
    ].to_list() == [None]


def test_a_missing_scope_is_named_in_the_remedy_and_a_refusal_without_a_status_by_its_code():
    scope = told(status="403", message=f"{SCOPES} A.Read.All - then more")
    assert "Give the app A.Read.All (" in find_in_service(tables_of(properties=scope)).findings["remedy"][0]
    odd = find_in_service(tables_of(properties=told(code="Odd", message="Words"))).findings
    assert odd["title"].to_list() == ["The service refused a request (Odd): Words"]


LIST = "https://graph.microsoft.com/beta/deviceManagement/windowsAutopilotDeviceIdentities"
READS = "DeviceManagementServiceConfig.Read.All"
NOT_NAMED = "not among those that the text names"


@pytest.mark.parametrize(
    ("pairs", "permission", "missing"),
    [
        ({"request": f"GET {LIST}"}, READS, False),
        ({"request": LIST, "permissions named": "Device.Read.All"}, READS, True),
        ({"request": LIST, "permissions named": f"Device.Read.All, {READS}"}, READS, False),
        ({"request": f"POST {LIST}"}, "DeviceManagementServiceConfig.ReadWrite.All", False),
    ],
)
def test_a_refusal_names_the_permission_that_its_address_asks_for(pairs, permission, missing):
    found = find_in_service(tables_of(properties=told(status="403", **pairs))).findings
    assert f"the permission {permission}" in found["meaning"][0]
    assert (NOT_NAMED in found["meaning"][0]) == missing
    assert found["remedy"][0].startswith(f"Give the app {permission} (")


def test_another_status_says_nothing_of_permissions():
    pairs = {"status": "401", "request": LIST, "permissions named": "Device.Read.All"}
    found = find_in_service(tables_of(properties=told(**pairs))).findings
    assert NOT_NAMED not in found["meaning"][0]


@pytest.mark.parametrize(
    ("pairs", "meaning", "remedy"),
    [
        ({"import": "x", "status": "400"}, "as a rule the columns of the file", "Device Serial Number"),
        (
            {"import": "x", "status": "400", "by hand": "y"},
            "hashes and the rights of whoever imports are not the reason",
            "Device Serial Number",
        ),
        ({"import": "x", "status": "403"}, "may not do this", "role of Intune"),
        ({"import": "x", "status": "403", "by hand": "y"}, "hashes are not the reason", "app of the tool"),
        ({"import": "x", "status": "429", "by hand": "y"}, "hashes and the rights", "ask less often"),
    ],
)
def test_what_goes_in_by_hand_rules_hashes_out(pairs, meaning, remedy):
    (found,) = find_in_service(tables_of(properties=told(**pairs))).findings.to_dicts()
    assert found["title"] == f"The service refused an import of devices (HTTP {pairs['status']})"
    assert meaning in found["meaning"]
    assert remedy in found["remedy"]


def test_a_tool_that_gave_up_names_no_answer_of_the_service():
    pairs = {"import": "x", "code": "too many retries"}
    (found,) = find_in_service(tables_of(properties=told(**pairs))).findings.to_dicts()
    assert found["title"] == "The tool gave an import of devices up (too many retries)"
    assert "does not name their answer" in found["meaning"]
