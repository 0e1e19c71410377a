"""What stands before the JSON of an answer of a web server."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.web_answers import head_of

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (HEAD + '{"value": []}', '{"value": []}'),
        ("GET https://graph.example.com/beta/x\n" + HEAD + "[1]", "[1]"),
        ("HTTP/2 404 Not Found\n{}", "{}"),
        ('{"value": []}', '{"value": []}'),
        (HEAD + "no JSON", HEAD + "no JSON"),
        ("HTTP/1.1 two hundred\n{}", "HTTP/1.1 two hundred\n{}"),
    ],
)
def test_status_and_headers_before_json_are_passed_over_and_nothing_else_is(text, left):
    assert text[head_of(text) :] == left
