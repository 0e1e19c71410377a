"""Lists of the service: each reason and remedy with its kind, many kinds in one line."""

from __future__ import annotations

import pytest
from answer_parts import parts
from findings.service_tables import GOOD, failure, status, tables_of

from autopilot_analysis.findings.answers.lists.lists_answer import MOST_KINDS, answer_on_lists
from autopilot_analysis.fleet import find_in_lists


def answered(**rows):
    tables = tables_of(**rows)
    return parts(answer_on_lists(tables, find_in_lists(tables)))


def app(name, code, devices, well=0):
    ended = [*[("failed", code)] * devices, *[("installed", None)] * well]
    return [status(f"D-{n}", *one, item=name, name=name) for n, one in enumerate(ended)]


def test_each_reason_and_remedy_stands_behind_its_kind():
    said = answered(item_statuses=[*app("Map", "0x87D1041C", 3), *app("Mail", "0x80070643", 2)])
    assert [line.split(": ")[0] for line in said["Why"]] == ["Map (0x87D1041C)", "Mail (0x80070643)"]
    assert [line.split(": ")[0] for line in said["What to do"]] == ["Map (0x87D1041C)", "Mail (0x80070643)"]


def test_one_reason_of_several_kinds_names_them_together_and_one_alone_names_none():
    same = [*app("Map", "0x87D1041C", 3), *app("Mail", "0x87D1041C", 2)]
    assert answered(item_statuses=same)["What to do"][0].startswith("Correct the detection rule")
    said = answered(item_statuses=[*same, *app("Chat", "0x80070643", 2)])
    assert said["What to do"][0].startswith("Map (0x87D1041C), Mail (0x87D1041C): Correct the detection rule")


def test_reasons_of_enrolments_are_named_by_the_word_of_the_service():
    rows = [
        failure(None, activity=f"{n}", failure_text=("UserValidation", "Authentication")[n % 2])
        for n in range(4)
    ]
    said = answered(enrollment_failures=rows)
    assert [line.split(": ")[0] for line in said["Why"]] == ["UserValidation", "Authentication"]


def test_a_reason_of_which_nothing_is_known_is_not_said_twice():
    words = ("User abandoned the enrollment", "Client timed out")
    both = [failure(None, activity=f"{n}", failure_text=words[n % 2]) for n in range(4)]
    assert "Why" not in answered(enrollment_failures=both)
    known = [failure(None, activity=f"k{n}", failure_text="UserValidation") for n in range(3)]
    (why,) = answered(enrollment_failures=[*known, *both])["Why"]
    assert why.startswith("UserValidation: ")
    assert answered(enrollment_failures=both[::2])["Why"] == ["User abandoned the enrollment."]


@pytest.mark.parametrize("number", [MOST_KINDS, MOST_KINDS + 1])
def test_more_kinds_than_five_are_counted_in_one_line(number):
    rows = [row for n in range(number) for row in app(f"App {n}", "0x87D1041C", 9 - n)]
    happened = answered(item_statuses=rows)["What happened"]
    assert len([line for line in happened if line.startswith("App ")]) == MOST_KINDS
    more = [line for line in happened if "other kind" in line]
    assert more == ["1 other kind of failure, on 4 devices each (--all names them)."] * (number - MOST_KINDS)


def test_of_many_kinds_that_which_stands_apart_is_told_alone():
    kinds = [(n, code) for n in range(3) for code in ("0x80070643", "0x80070002")][:5]
    others = [row for n, code in kinds for row in app(f"App {n}", code, 2)]
    well = [
        status(f"W-{d}", "installed", item=f"App {n}", name=f"App {n}") for n in range(3) for d in range(200)
    ]
    rows = [*app("Map", "0x87D1041C", 60, 140), *others, *well]
    rows = [{**row, "device": f"{row['device']}-{n}"} for n, row in enumerate(rows)]
    happened = answered(item_statuses=rows)["What happened"]
    assert happened[0] == "Map failed (0x87D1041C) on 60 of 200 devices."
    assert happened[1].startswith(
        "Map failed on 60 of 200 (30 %, 24 to 37 %) devices, the 3 other apps on 10 of "
    )
    assert happened[2:] == ["5 other kinds of failure, on 2 devices each (--all names them)."]


def test_what_registered_devices_share_stands_behind_their_state_in_the_first_line():
    rows = []
    for n in range(24):
        own = {"profile_state": "notAssigned", "group_tag": "EAST_LAB"} if n < 6 else {"group_tag": "WEST"}
        rows.append({**GOOD, "device": f"SN-{n}", "serial": f"SN-{n}", **own})
    tables = tables_of(identities=rows)
    assert answer_on_lists(tables, find_in_lists(tables)).verdict == (
        "6 of 24 registered devices have no Autopilot profile assigned: "
        "all 6 have group tag EAST_LAB; of the 18 others none is in this state"
    )
