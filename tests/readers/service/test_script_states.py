"""What Intune keeps of a remediation on a device; every error is made up."""

import json

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.service import script_states
from autopilot_analysis.readers.service.script_states import read_script_states

BEFORE, FIX = "preRemediationDetectionScriptError", "remediationScriptError"
ERROR = 'Get-Item : "C:\\x" is away\r\nAt detect.ps1:7 char:1'
PIECE = f'"detectionState": "fail",\n   "{BEFORE}": {json.dumps(ERROR)},\n  "{FIX}": "", "other": "x"'
PAGE = json.dumps(
    {"@odata.context": "x", "value": [{BEFORE: "one", FIX: None}, {BEFORE: "two", FIX: "three"}]}
)


def facts(text):
    rows = read_script_states(text.encode()).rows.get("properties")
    return [] if rows is None else [row[1:] for row in rows.rows()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PIECE, [("Run state 1", "detectionState", "fail"), ("Run state 1", BEFORE, ERROR)]),
        (
            PAGE,
            [("Run state 1", BEFORE, "one"), ("Run state 2", BEFORE, "two"), ("Run state 2", FIX, "three")],
        ),
        (f'"{FIX}": "cut in the mid', [("Run state 1", FIX, "cut in the mid")]),
        (f'"{FIX}": ""', []),
    ],
)
def test_a_whole_page_a_piece_and_a_cut_one_show_what_each_part_wrote(text, found):
    assert facts(text) == found


def test_a_text_without_such_a_property_is_not_this_format():
    with pytest.raises(NotThisFormat):
        read_script_states(b'{"value": []}', "x.json")


def test_so_many_properties_are_read(monkeypatch):
    monkeypatch.setattr(script_states, "MOST", 2)
    assert facts(PAGE) == [("Run state 1", BEFORE, "one"), ("Run state 2", BEFORE, "two")]


@pytest.mark.parametrize("name", ["states.json", "ticket.txt"])
def test_it_is_known_by_its_properties_whatever_its_name(name):
    for text in (PIECE, PAGE):
        content = text.encode()
        assert classify(name, kinds_of(content), text_of(content)).source == "script_states"
