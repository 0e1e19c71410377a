"""What logs of other agents and of scripts say of themselves; every program and line is made up."""

import re

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.facts import read_facts

OWN = {"members": (), "sources": {"agent.log": "own_log"}}
CALL = "INF calling RegisterDeviceWithManagement failed: It is well. (0x8018000a - 2149056522)"
HUB = "ERROR Enrollment failed. Code 80180014"
WELL = "INF device enrolled successfully"
TOKEN = "MDM enrollment failed with error code 0xcaa9001f 'It is well.'. Will retry in 240 minutes..."
DONE = "INF enrollment completed"
NOISE = "W Did not find the path of packages 0x80070002"
MDM_ON = "INF MDM is on"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([NOISE, CALL, CALL, CALL], "0x8018000A"),
        ([HUB, NOISE], "0x80180014"),
        ([CALL, HUB], "0x80180014"),
        ([WELL, CALL], "0x8018000A"),
        ([CALL, WELL], None),
        ([CALL, DONE], None),
        ([CALL, MDM_ON], None),
        ([CALL, "INF enrollment not completed"], "0x8018000A"),
        ([NOISE], None),
        (["a code 0x8018000a of nobody"], None),
        ([WELL], None),
        ([TOKEN], "0xCAA9001F"),
        (["INF enrolment asks for the file 0xcab9001f"], None),
        ([TOKEN, WELL], None),
    ],
)
def test_an_enrolment_that_another_agent_tried_in_vain_has_its_last_code(proofs, lines, code):
    rows = proofs("OTHER-AGENT-ENROLLMENT", **OWN, lines=[("info", line) for line in lines])
    assert set(rows["code"]) == ({code} if code else set())
    assert set(rows["item"]) == ({"agent.log"} if code else set())


def test_the_same_line_of_the_agent_itself_or_beside_an_attempt_weighs_less(proofs):
    lines = [("info", CALL)]
    assert proofs("OTHER-AGENT-ENROLLMENT", lines=lines).is_empty()
    good = [("succeeded", None, "user_driven", 0, 60, None)]
    assert proofs("OTHER-AGENT-ENROLLMENT", **OWN, lines=lines, attempts=good)["severity"].to_list() == [
        "info"
    ]


def test_the_log_of_configuration_manager_tells_of_its_enrolment_as_well(proofs):
    log = {"members": (), "sources": {"agent.log": "cmtrace_other"}}
    assert proofs("OTHER-AGENT-ENROLLMENT", **log, lines=[("error", TOKEN)])["code"].to_list() == [
        "0xCAA9001F"
    ]


WRONG, RIGHT = "[DETECT] RESULT: Non-Compliant - it runs", "[DETECT] RESULT: Compliant"
FIXED, IDLE = (
    "[REMEDIATE] RESULT: Remediation successful",
    "[REMEDIATE] RESULT: stopped already - no action required",
)
BEGUN = "[REMEDIATE] Pre-remediation state: it runs"


def run(proofs, *turns):
    lines = [("info", words, minute) for minute, words in turns]
    rules = ("REMEDIATION-UNMET", "REMEDIATION-UNDONE")
    return {name: rows.height for name in rules if (rows := proofs(name, **OWN, lines=lines)).height}


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        ([(0, WRONG), (1, BEGUN), (1, FIXED), (2, WRONG)], {"REMEDIATION-UNMET": 1}),
        (
            [(0, WRONG), (1, FIXED), (2, WRONG), (60, WRONG), (61, IDLE), (62, WRONG)],
            {"REMEDIATION-UNMET": 2},
        ),
        ([(0, WRONG), (1, FIXED), (11, WRONG)], {"REMEDIATION-UNMET": 1}),
        ([(0, WRONG), (1, FIXED), (12, WRONG)], {}),
        ([(None, WRONG), (None, FIXED), (None, WRONG)], {}),
        ([(0, WRONG), (1, FIXED), (2, RIGHT)], {}),
        ([(0, WRONG), (1, FIXED), (2, WRONG), (3, RIGHT)], {}),
        ([(0, RIGHT), (60, RIGHT)], {}),
        ([(0, WRONG), (60, WRONG)], {}),
        ([(0, WRONG), (1, FIXED), (2, RIGHT), (60, WRONG), (61, FIXED), (62, RIGHT)], {}),
        (
            [(0, WRONG), (1, FIXED), (2, RIGHT), (60, WRONG), (61, FIXED), (62, RIGHT), (120, WRONG)],
            {"REMEDIATION-UNDONE": 2},
        ),
        ([(0, RIGHT), (60, WRONG), (61, RIGHT), (120, WRONG)], {}),
    ],
)
def test_a_fix_is_without_effect_or_undone_by_what_its_detection_finds(proofs, turns, found):
    assert run(proofs, *turns) == found


def test_every_word_of_a_remediation_has_an_example_whose_role_it_is():
    known = read_facts("remediation_words").select("role", "pattern", "example").rows()
    for role, _, example in known:
        assert next(name for name, shape, _ in known if re.search(f"(?i){shape}", example)) == role


MAIL = f"""Hello,

the agent of our helpdesk cannot enrol these laptops. Its log:

2026-03-09T08:14:09+01:00 {CALL.replace("INF", "ERR")}

About 40 of them are hit.
"""
NOTES = f"[2026-03-09 08:14:09] Ada: enrolment fails with 0x8018000a\n[2026-03-09 08:15:01] Bo: {HUB}\n"


def found(path, text):
    path.write_text(text)
    tables = read_tables(open_export(path))
    return find(tables, build_trace(tables)).findings


@pytest.mark.parametrize("name", ["mail.txt", "mail.log", "mail.eml"])
def test_a_log_line_in_a_mail_tells_the_same_whatever_the_file_is_called(tmp_path, name):
    rows = found(tmp_path / name, MAIL)
    assert rows.select("rule", "code").rows() == [("OTHER-AGENT-ENROLLMENT", "0x8018000A")]


@pytest.mark.parametrize("name", ["chat.txt", "chat.log"])
def test_what_people_say_in_a_chat_is_no_line_of_a_log(tmp_path, name):
    rules = found(tmp_path / name, NOTES)["rule"].to_list()
    assert rules
    assert "OTHER-AGENT-ENROLLMENT" not in rules
