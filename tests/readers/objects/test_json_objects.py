"""JSON as services hand it out: a page, pages, lines, a batch, a cut page; and what is missing from it."""

import json

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.objects.json_objects import Objects, plain_bytes, read_objects

ROWS = [{"id": 1}, {"id": 2}]


def read(document):
    return read_objects(document.encode() if isinstance(document, str) else json.dumps(document).encode())


@pytest.mark.parametrize(
    "document",
    [
        ROWS,
        {"value": ROWS},
        {"Schema": [{"Column": "id"}], "Values": [[1], [2]]},
        {"tables": [{"columns": [{"name": "id"}], "rows": [[1], [2]]}]},
        {"responses": [{"body": {"value": ROWS[:1]}}, {"body": {"value": ROWS[1:]}}]},
        "\n".join(map(json.dumps, ROWS)),
        json.dumps({"value": ROWS[:1]}) + json.dumps({"value": ROWS[1:]}),
    ],
    ids=["array", "page", "report", "tables", "batch", "lines", "pages"],
)
def test_rows_are_the_same_in_every_envelope(document):
    assert read(document).rows == ROWS


def test_of_a_page_that_breaks_off_every_whole_object_is_read_and_the_cut_is_said():
    whole = json.dumps({"value": ROWS})
    found = read(whole[: whole.index('{"id": 2}') + 5])
    assert (found.rows, found.cut) == (ROWS[:1], True)
    assert found.unread()[0].reason == "the JSON breaks off after 1 whole objects"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (
            Objects(rows=ROWS, next_link=True),
            "more pages exist: @odata.nextLink is left over after 2 objects",
        ),
        (Objects(count=100), "exactly 100 rows: perhaps only whole pages were saved"),
        (Objects(count=100, paged=True), None),
        (Objects(count=100, last=True), None),
        (Objects(count=99), None),
        (Objects(), None),
        (Objects(rows=ROWS, refused=3), "answers of this batch are errors of the service instead of rows"),
    ],
)
def test_what_the_paging_shows_to_be_missing_is_a_gap(found, reason):
    assert [gap.reason for gap in found.unread()] == ([reason] if reason else [])


def test_an_error_of_the_service_is_no_row():
    with pytest.raises(NotThisFormat, match="holds the service's error 'Forbidden' instead of rows"):
        read({"error": {"code": "Forbidden", "message": "x"}})


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "is empty"), (b"  <html>", "is a web page"), (b"\xef\xbb\xbf ", "is empty")]
)
def test_a_web_page_and_an_empty_file_are_named(content, why):
    with pytest.raises(NotThisFormat, match=why):
        plain_bytes(content, "events.json")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_bytes_are_utf_8_without_a_mark_whatever_wrote_them(encoding):
    assert plain_bytes('{"id": 1}'.encode(encoding), "") == b'{"id": 1}'


def test_what_is_no_json_at_all_is_refused():
    with pytest.raises(NotThisFormat, match="is not whole JSON"):
        read("id,name")


def test_objects_that_powershell_shows_one_property_a_line_are_taken_as_json_would_hold_them():
    text = (
        "@odata.context : https://graph.example.com/$metadata#things\n"
        "serialNumber   : AB12CD\n"
        "groupTag       :\n"
        "state          : @{deviceImportStatus=unknown; deviceErrorCode=0; deviceErrorName=}\n"
        "roles          : {a, b}\n"
    )
    (row,) = read_objects(text.encode()).rows
    assert row == {
        "@odata.context": "https://graph.example.com/$metadata#things",
        "serialNumber": "AB12CD",
        "groupTag": None,
        "state": {"deviceImportStatus": "unknown", "deviceErrorCode": "0", "deviceErrorName": None},
        "roles": ["a", "b"],
    }


def test_status_and_headers_of_the_server_before_json_are_left_out():
    asked = b"GET https://graph.example.com/v1.0/things\r\n\r\n"
    head = asked + b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    assert plain_bytes(head + b'{"value": [{"id": 1}]}', "a.txt") == b'{"value": [{"id": 1}]}'
    assert plain_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: text\r\n\r\nHello", "a.txt").endswith(b"Hello")
    assert plain_bytes(b"HTTP/1.1 200 OK\r\n\r\nHello", "a.txt").startswith(b"HTTP")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"@odata.context": "c"}, False),
        ({}, True),
        ({"@odata.context": "c", "@odata.nextLink": "n"}, True),
    ],
)
def test_an_envelope_of_the_service_without_a_link_is_the_last_page_however_many_rows_it_has(more, said):
    found = read({**more, "value": [{"id": n} for n in range(100)]})
    assert bool(found.unread()) is said
