"""What a list of the service says of a device is told beside what its own files say."""

import pytest
from findings.service_tables import tables_of

from autopilot_analysis import answer, find
from autopilot_analysis.findings import RULES
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.lists.lists_beside import UNPROVEN, without_beginnings
from autopilot_analysis.tables import Tables

IMPORT = "importedWindowsAutopilotDeviceIdentities"
SERIAL, OTHER = "EX-4711", "EX-0815"
FAILED = {"code": "808", "failure_text": "ZtdDeviceAssignedToOtherTenant", "profile_state": "error"}


@pytest.fixture
def told(world):
    def build(
        serials, *, device=None, lines=(("info", "well"),), report=IMPORT, rules=(), marks=(), **fields
    ):
        tables, trace = world(lines=lines, device=device, marks=marks, sources={"list.json": "graph_json"})
        rows = [{"device": s, "serial": s, "report": report} | FAILED | fields for s in serials]
        given = Tables.of({**tables.frames(), "identities": tables_of(identities=rows).identities})
        one = answer(given, trace, find(given, trace, rules={name: RULES[name] for name in rules})).devices[0]
        return one.verdict, {section.label: [line.text for line in section.lines] for section in one.sections}

    return build


@pytest.mark.parametrize("device", [{"serial": SERIAL}, {"serial": SERIAL.lower()}])
def test_a_list_answers_where_the_device_alone_says_nothing(told, device):
    verdict, parts = told([SERIAL, OTHER], device=device)
    assert verdict == f"The import of {SERIAL} ended in an error (ZtdDeviceAssignedToOtherTenant)"
    assert parts["What to do"] == ["Let the other tenant deregister the device."]
    assert UNPROVEN not in parts["Why"]


def test_a_list_of_other_serials_says_nothing_of_this_device(told):
    verdict, parts = told([OTHER], device={"serial": SERIAL})
    assert verdict.startswith("Outcome unknown")
    assert OTHER not in str(parts)


def test_a_list_of_one_device_is_taken_for_its_list_where_nothing_can_be_compared(told):
    verdict, parts = told([OTHER], device={"name": "EXAMPLE-1"})
    assert OTHER in verdict
    assert parts["Why"][-1] == UNPROVEN
    assert told([OTHER, SERIAL], device={"name": "EXAMPLE-1"})[0].startswith("Outcome unknown")
    assert told([OTHER], device={"name": "EXAMPLE-1"}, name="EXAMPLE-2")[0].startswith("Outcome unknown")


def test_a_computer_of_the_same_name_with_another_serial_is_another(told):
    device = {"serial": SERIAL, "name": "EXAMPLE-1"}
    assert told([OTHER], device=device, name="EXAMPLE-1")[0].startswith("Outcome unknown")


def test_an_unknown_error_of_the_device_stands_behind_what_the_list_answers(told):
    verdict, parts = told([SERIAL], device={"serial": SERIAL}, lines=[("error", "the example broke")])
    assert verdict.startswith(f"The import of {SERIAL}")
    assert any("the example broke" in line for line in parts["What happened"])


@pytest.mark.parametrize(
    ("rule", "code", "list_leads"),
    [("DEVICE-NOT-REGISTERED", "807", True), ("HARDWARE-MISMATCH", "908", False)],
)
def test_what_the_device_shows_leads_unless_the_list_tells_why(told, rule, code, list_leads):
    marks = [("profile_download_failed", None, 5, None, f'{{"ErrorCode": {code}}}')]
    verdict, parts = told([SERIAL], device={"serial": SERIAL}, rules=[rule], marks=marks)
    assert verdict.startswith("The import of") == list_leads
    assert (parts["What to do"][0] == "Let the other tenant deregister the device.") == list_leads
    assert "ended in an error" in verdict
    assert len(parts["What to do"]) == 2


def test_a_list_in_which_all_is_well_adds_nothing(told):
    fields = {"code": None, "failure_text": None, "profile_state": "complete"}
    assert told([SERIAL], device={"serial": SERIAL}, **fields)[0].startswith("Outcome unknown")


def test_the_serial_behind_the_first_answer_is_spelt_as_the_list_spells_it(told):
    marks = [("profile_download_failed", None, 5, None, '{"ErrorCode": 908}')]
    verdict, _ = told([SERIAL], device={"serial": SERIAL}, rules=["HARDWARE-MISMATCH"], marks=marks)
    assert f"; lists of the service: the import of {SERIAL} ended" in verdict


def test_a_remedy_that_another_begins_with_is_not_asked_for_twice():
    asked = [Line(text) for text in ("Reset it.", "Unblock it.", "Unblock it, then deploy it.", "Reset it.")]
    assert without_beginnings(asked) == (asked[0], asked[2])
