"""Where a state is not understood nobody can say that nothing went wrong."""

from __future__ import annotations

import pytest
from findings.service_tables import GOOD, status, tables_of

from autopilot_analysis.findings.service.answer import quiet_lists
from autopilot_analysis.findings.service.understood import not_understood


def cell(name, value, **more):
    return {"device": "", "member": "list.csv", "section": "", "name": name, "value": value, **more}


def devices(**row):
    return [{"device": "D-1", "serial": "D-1", "report": "Devices", "os": "Windows", **row}]


def answer(**rows):
    return quiet_lists(tables_of(**rows))


@pytest.mark.parametrize(
    "header", ["PolicyStatus", "Guard state", "LastError", "Zustand", "Résultat", "状態"]
)
def test_a_column_of_states_that_nobody_knows_makes_the_verdict_unknown(header):
    rows = {"identities": devices(), "properties": [cell(header, "conflict"), cell(header, "fine")]}
    told = answer(**rows)
    assert told.verdict.startswith("Whether something went wrong is not known")
    assert f"{header}: 1 conflict, 1 fine" in told.sections[0].lines[0].text


@pytest.mark.parametrize(
    "strange",
    [
        cell("Notes", "desk 4"),
        cell("Stats", "{}"),
        cell("Status", "x", section="own"),
        cell("Status", "x", member="other.txt"),
    ],
)
def test_a_column_of_anything_else_or_of_another_file_does_not(strange):
    assert answer(identities=devices(), properties=[strange]).verdict.startswith("Nothing went wrong")


def test_of_a_column_with_many_values_the_name_alone_is_told():
    many = [cell("Last result", f"text {number}") for number in range(9)]
    assert not_understood(tables_of(properties=many)) == ("Last result",)
    assert not_understood(tables_of(properties=many[1:])) != ("Last result",)


def test_a_word_for_the_state_of_an_item_that_nobody_knows_is_counted():
    rows = [status("A", "installed"), status("B", "Perplexed"), status("C", None)]
    told = answer(item_statuses=rows)
    assert told.verdict.startswith("Whether something went wrong is not known")
    assert told.sections[0].lines[0].text.endswith("state: 1 Perplexed.")
    assert told.sections[1].lines[0].text == "3 states of apps, scripts or policies."


@pytest.mark.parametrize(
    ("column", "known", "strange"),
    [
        ("compliance_state", "Compliant", "Blauw"),
        ("profile_state", "Assigned", "Toegewezen"),
        ("enrollment_state", "Not contacted", "Onbekend"),
        ("management_state", "managed", "Beheerd"),
    ],
)
def test_a_word_for_the_state_of_a_device_that_nobody_knows_is_counted(column, known, strange):
    good = {"device": "S-1", "serial": "S-1", **GOOD}
    assert not_understood(tables_of(identities=[{**good, column: known}])) == ()
    (told,) = not_understood(tables_of(identities=[{**good, column: strange}]))
    assert told.endswith(f": 1 {strange}")


def test_of_a_list_beside_a_column_of_states_that_nobody_knows_none_is_said_to_have_come_well():
    rows = {"item_statuses": [status("A", None)], "properties": [cell("guardState", "broke")]}
    told = answer(**rows)
    assert told.verdict.startswith("Whether something went wrong is not known")
    assert told.sections[1].lines[0].text == "1 state of an app, script or policy."


def test_a_row_without_a_state_leaves_the_verdict_open():
    told = answer(item_statuses=[status("A", "installed"), status("B", None)])
    assert told.verdict.startswith("Whether something went wrong is not known: 1 of 2 rows of a list have no")
    assert told.sections[0].lines[0].text == "2 states of apps, scripts or policies."
    well = answer(item_statuses=[status("A", "installed"), status("B", "pending")])
    assert well.verdict.startswith("Nothing went wrong")
    assert well.sections[0].lines[0].text.endswith(": none failed.")
