"""A refused request to Graph is known by its address and its status; what only speaks of one reports none."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.refused_calls import (
    LONGEST,
    MOST_STATUSES,
    addresses_in,
    permissions_of,
    refused_calls,
    shows_refused_call,
    stands_above_its_request,
    status_of,
)

GRAPH = "https://graph.microsoft.com/beta/deviceManagement"
LIST = f"GET {GRAPH}/windowsAutopilotDeviceIdentities"


@pytest.mark.parametrize(
    ("line", "request_", "status"),
    [
        (f"{LIST} returned 401", LIST, "401"),
        (
            "POST …/importedWindowsAutopilotDeviceIdentities returned 401 since Monday.",
            "POST …/importedWindowsAutopilotDeviceIdentities",
            "401",
        ),
        (f"{LIST}: 403 Forbidden", LIST, "403"),
        (f"Calls to {GRAPH}/a and {GRAPH}/b fail with HTTP 403.", f"{GRAPH}/a, {GRAPH}/b", "403"),
        (
            "POST /deviceManagement/importedWindowsAutopilotDeviceIdentities -> 429 Too Many Requests",
            "POST /deviceManagement/importedWindowsAutopilotDeviceIdentities",
            "429",
        ),
        (f"Der Aufruf von {GRAPH}/x liefert 403 Verboten.", f"{GRAPH}/x", "403"),
        (f"L'appel {LIST} renvoie une erreur 401", LIST, "401"),
        (f"I get error 403 from {LIST}.", LIST, "403"),
        (f"{LIST} was refused: Too Many Requests", LIST, "429"),
        ("[10:01] Kim: deviceEnrollmentConfigurations gives 500", "deviceEnrollmentConfigurations", "500"),
    ],
)
def test_a_sentence_names_the_request_and_its_status(line, request_, status):
    (call,) = refused_calls(["Hi,", line])
    assert (call.line, call.request, call.status) == (1, request_, status)
    assert shows_refused_call(["Hi,", line])


@pytest.mark.parametrize(
    "line",
    [
        f"{LIST} returned 200 OK with 403 devices",
        f"{LIST} took 401 ms",
        f"{LIST} returned 401 devices",
        f"{LIST} no longer returns 403.",
        f"{LIST} returned 403 until we consented.",
        f"Does {LIST} return 403 without the scope?",
        f"{LIST} returned 403?",
        f"If you get an error 403 from {LIST}, consent.",
        f"Retry on error 429 from {LIST}.",
        "https://portal.example.com/autopilot returned 403 Forbidden",
        "GET https://graph.microsoft.com/v1.0/me/messages returned 403",
    ],
)
def test_what_is_near_is_no_refused_call(line):
    assert not refused_calls([line])
    assert not shows_refused_call([line])


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 403 Forbidden",
        "< HTTP/2 403",
        "Forbidden - 403 - 214ms",
        "Response status code does not indicate success: Forbidden (Forbidden).",
        '{"error": {"code": "InvalidAuthenticationToken", "message": "expired"}}',
    ],
)
def test_what_a_tool_printed_needs_an_address_of_intune(answer):
    assert shows_refused_call([LIST, answer])
    assert not shows_refused_call(["GET https://example.com/list", answer])


def test_a_list_a_guide_and_a_long_text_report_no_call():
    statuses = ["401", "403", "404"]
    assert len(refused_calls([f"{LIST} returned {status}" for status in statuses[:MOST_STATUSES]])) == 2
    assert not refused_calls([f"{LIST} returned {status}" for status in statuses])
    line = f"{LIST} returned 403"
    assert not shows_refused_call(["Cause: no scope", line, "Solution: consent"])
    assert shows_refused_call([line, *["words"] * (LONGEST - 1)])
    assert not shows_refused_call([line, *["words"] * LONGEST])


def test_a_status_is_read_from_a_printed_line_and_one_of_graph_explorer_stands_above_its_request():
    assert status_of("HTTP/1.1 503 Service Unavailable") == "503"
    assert status_of("HTTP/1.1 200 OK") is None
    assert stands_above_its_request("Forbidden - 403 - 214ms")
    assert not stands_above_its_request("HTTP/1.1 403 Forbidden")


def test_an_address_has_its_method_and_no_mark_behind_it():
    assert addresses_in(f"See ({LIST}), and managedDevices.") == [LIST, "managedDevices"]


def test_permissions_are_known_by_the_address():
    assert permissions_of(LIST) == (
        "DeviceManagementServiceConfig.Read.All",
        "DeviceManagementServiceConfig.ReadWrite.All",
    )
    assert permissions_of(f"GET {GRAPH}/other") is None
