import json

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.service.import_screen import read_import_screen

SCREEN = """Gathered details for device with serial number: AB12CD
Adding New Device serial AB12CD
Adding New Device serial EF34GH
Adding New Device serial IJ56KL
Waiting for 3 of 3 to be imported
AB12CD: complete 0 None
EF34GH: error 808 ZtdDeviceAssignedToOtherTenant
2 devices imported successfully. Elapsed time to complete import: 61 seconds
"""
REFUSED = """Invoke-MgGraphRequest : POST https://graph.microsoft.com/beta/deviceManagement/things
HTTP/1.1 400 Bad Request
request-id: 11111111-0000-4000-8000-000000000001
Date: Thu, 14 May 2026 07:12:09 GMT
{"error":{"code":"BadRequest","message":"{\\n \\"Message\\": \\"The value is too long - Operation ID: 7\\"}"}}
"""


def properties(text):
    return read_import_screen(text.encode()).rows["properties"].rows()


def test_each_device_has_the_last_state_that_is_shown_of_its_import():
    reading = read_import_screen(SCREEN.encode("utf-16"))
    assert set(reading.rows) == {"identities"}
    assert reading.rows["identities"].select("serial", "profile_state", "failure_text").rows() == [
        ("AB12CD", "complete", None),
        ("EF34GH", "error", "ZtdDeviceAssignedToOtherTenant"),
        ("IJ56KL", "unknown", None),
    ]


def test_a_refused_request_is_told_with_all_that_the_answer_of_the_server_shows():
    assert [row[:1] + row[2:] for row in properties("words\n" + REFUSED)] == [
        (3, "request", "POST https://graph.microsoft.com/beta/deviceManagement/things"),
        (3, "status", "400"),
        (3, "date", "Thu, 14 May 2026 07:12:09 GMT"),
        (3, "code", "BadRequest"),
        (3, "message", "The value is too long"),
    ]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("ApiException: HTTP request failed with status code: 429.", "429"),
        (
            "Invoke-MgGraphRequest: Response status code does not indicate success: Forbidden (Forbidden).",
            "403",
        ),
        ("Response status code does not indicate success: 503 (Service Unavailable).", "503"),
        ("The remote server returned an error: (401) Unauthorized.", "401"),
        ("Status: 404 (NotFound)", "404"),
        ("HTTP/1.1 200 OK", None),
        ("Status: 200 (OK)", None),
        ("Response status code does not indicate success: Strange (Strange).", None),
    ],
)
def test_a_status_is_known_in_each_spelling_and_one_that_is_no_refusal_is_none(line, status):
    if status is None:
        with pytest.raises(NotThisFormat):
            read_import_screen(line.encode())
    else:
        assert [row[1:] for row in properties(line)] == [("Request refused 1", "status", status)]


def test_what_is_shown_twice_is_one_refusal_and_another_is_another():
    line = "HTTP request failed with status code: {}.\n"
    told = properties(line.format(429) + line.format(503) + line.format(429))
    assert [(row[1], row[3]) for row in told] == [("Request refused 1", "429"), ("Request refused 2", "503")]


def test_a_text_without_both_is_refused():
    with pytest.raises(NotThisFormat, match="no import of a device"):
        read_import_screen(b"hello\n", "a.txt")


SCOPE = "Application must have one of the following scopes: Things.ReadWrite.All"
FORBIDDEN = json.dumps(
    {
        "error": {
            "code": "Forbidden",
            "message": json.dumps(
                {"_version": 3, "Message": f"{SCOPE} - Operation ID (for customer support): 7"}
            ),
        }
    }
)
WRAPPED = json.dumps(
    {
        "error": {
            "code": "UnknownError",
            "message": json.dumps({"ErrorCode": "Forbidden", "Message": json.dumps({"Message": SCOPE})}),
        }
    }
)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (FORBIDDEN, {"status": "403", "code": "Forbidden", "message": SCOPE}),
        (WRAPPED, {"status": "403", "code": "Forbidden", "message": SCOPE}),
        (
            '{"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}}',
            {"status": "403", "code": "Authorization_RequestDenied", "message": "Insufficient privileges"},
        ),
        ('{"error": {"code": "Odd", "message": "{no json"}}', {"code": "Odd", "message": "{no json"}),
    ],
)
def test_the_body_of_a_refusal_shows_the_nearest_code_and_words(text, facts):
    assert {row[2]: row[3] for row in properties(text)} == facts


@pytest.mark.parametrize(
    "text", ['{"error": {"code": "Forbidden"', '{"errors": []}', '{"error": "no object"}']
)
def test_a_text_that_is_no_whole_body_of_a_refusal_is_not_this_format(text):
    with pytest.raises(NotThisFormat):
        read_import_screen(text.encode())


COUNT = "  {} devices imported successfully. Elapsed time to complete import: 61 seconds"


@pytest.mark.parametrize("number", ["1", "0"])
def test_the_count_of_a_run_that_names_no_device_is_kept(number):
    line = COUNT.format(number)
    rows = read_import_screen(f"my notes\n{line}\nmore".encode()).rows["properties"]
    assert rows.select("record", "section", "name", "value").rows() == [
        (2, "Import run", "Devices imported", line.strip())
    ]


def test_the_count_of_named_devices_is_theirs():
    assert set(read_import_screen(SCREEN.encode()).rows) == {"identities"}


LIST = "GET https://graph.microsoft.com/beta/deviceManagement/windowsAutopilotDeviceIdentities"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (f"Hi,\n{LIST} returned 401\n", {"request": LIST, "status": "401"}),
        (f"{LIST}\nHTTP/2 403\n\n" + FORBIDDEN, {"request": LIST, "status": "403", "code": "Forbidden"}),
        (f"Forbidden - 403 - 214ms\n{LIST}\n", {"request": LIST, "status": "403"}),
        (
            f'{LIST}\n{{\n "error": {{\n  "code": "InvalidAuthenticationToken",\n  "message": "expired"\n'
            " }\n}\n",
            {"request": LIST, "status": "401", "code": "InvalidAuthenticationToken", "message": "expired"},
        ),
        (
            f"{LIST} returned 403\nPermissions:\n- Device.Read.All\n",
            {"request": LIST, "status": "403", "permissions named": "Device.Read.All"},
        ),
    ],
)
def test_a_refusal_is_read_from_a_sentence_and_from_what_other_tools_print(text, facts):
    assert {row[2]: row[3] for row in properties(text)}.items() >= facts.items()


def test_a_permission_of_the_answer_is_none_that_the_text_names():
    text = f'{LIST}\nHTTP/1.1 403 Forbidden\n{{"error":{{"code":"Forbidden","message":"{SCOPE}.All"}}}}\n'
    assert "permissions named" not in {row[2] for row in properties(text)}


def test_an_import_in_plain_words_has_its_sentence_its_status_and_that_it_works_by_hand():
    text = "Our Autopilot import answers 403 since Monday.\nBy hand it works.\n"
    found = read_import_screen(text.encode()).rows["properties"].select("section", "name", "value", "record")
    assert [row[1:3] for row in found.rows()] == [
        ("import", "Our Autopilot import answers 403 since Monday."),
        ("status", "403"),
        ("by hand", "By hand it works."),
    ]
    assert {row[3] for row in found.rows()} == {1}


def test_a_tool_that_gave_up_has_no_status():
    found = read_import_screen(b"Autopilot import: too many retries\n").rows["properties"]
    assert found.select("name", "value").rows()[1] == ("code", "too many retries")


def test_an_import_below_its_own_request_is_one_refusal():
    text = f"We import Autopilot devices:\n{REFUSED}"
    assert {
        row[0] for row in read_import_screen(text.encode()).rows["properties"].select("section").rows()
    } == {"Request refused 1"}
