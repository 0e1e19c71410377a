"""Lists of the service alone: what they come to, and what is in them where nothing went wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from findings.service_tables import GOOD, LIST, MEMBER, failure, imported, status, tables_of

from autopilot_analysis.export import open_export
from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.findings import answer, find_in_service
from autopilot_analysis.findings.answers.answer import Part
from autopilot_analysis.findings.answers.lists.lists_answer import MOST_PROVEN
from autopilot_analysis.findings.service.answer import (
    MANAGED_BEFORE,
    quiet_lists,
    subject_of,
    verdict_of_lists,
    what_lists_hold,
)
from autopilot_analysis.readers import read_tables
from autopilot_analysis.trace import build_trace


def device(serial, **state):
    return {"device": serial, "serial": serial, **GOOD, **state}


def verdict(**rows):
    tables = tables_of(**rows)
    return verdict_of_lists(tables, find_in_service(tables))


def held(**rows):
    return [line.text for line in quiet_lists(tables_of(**rows)).sections[0].lines]


def test_devices_that_want_attention_are_counted_among_those_registered():
    rows = [device("A", userless_state="blocked", profile_state="notAssigned"), device("B"), device("C")]
    assert verdict(identities=rows) == ("1 of 3 registered devices wants attention")


def test_failures_come_before_devices_that_want_attention():
    rows = [device("A", userless_state="blocked"), device("B", userless_state="blocked"), device("C")]
    assert verdict(identities=rows, item_statuses=[status("A", "failed")]) == (
        "Map failed on 1 of 1 device; 2 of 3 registered devices want attention"
    )


def test_of_four_findings_the_first_three_are_proven():
    tables = tables_of(
        identities=[
            device("A", userless_state="blocked"),
            device("B", remediation_state="manualRemediationRequired"),
            device("C", profile_state="failed"),
        ],
        item_statuses=[status("D", "failed")],
    )
    whole = answer(tables, build_trace(tables), find_in_service(tables)).devices[0]
    happened, proof = ([line.text[:1] for line in whole.sections[place].lines] for place in (0, -2))
    assert (happened, proof, MOST_PROVEN) == (["A", "B", "C", "M"], ["A", "B", "C"], 3)


def test_a_list_without_a_fault_says_so_and_what_it_holds():
    answer = quiet_lists(tables_of(identities=[device("A"), device("B", profile_state="pending")]))
    assert answer.verdict == ("Nothing went wrong in what was read; no deployment stands in these lists")
    assert [line.text for line in answer.sections[0].lines] == [
        "2 registered devices: none lacks a profile, is blocked or has changed hardware. "
        "1 still to be given a profile.",
        "By state of enrolment: 2 enrolled.",
    ]


def test_states_that_a_list_does_not_carry_are_not_called_good():
    rows = [{"device": "A", "report": LIST, "profile_state": "Assigned"}]
    assert held(identities=rows) == [
        "1 registered device: none lacks a profile; "
        "the list does not say which is blocked or has changed hardware."
    ]


def test_what_the_portal_does_not_allow_without_a_user_is_a_note_and_no_fault(tmp_path):
    path = tmp_path / "devices.csv"
    header = "Serial number,Group tag,Profile status,Userless Enrollment Status"

    def read(state):
        rows = f"SN-0101,CIS,Assigned,{state}\nSN-0102,HQ,Assigned externally,Unknown\n"
        path.write_text(f"{header}\n{rows}", encoding="utf-8")
        tables = read_tables(open_export(path))
        assert find_in_service(tables).findings.is_empty()
        whole = quiet_lists(tables)
        return whole.verdict, whole.sections[0].lines[0].text

    verdict, words = read("Not Allowed")
    assert verdict.startswith("Nothing went wrong in what was read")
    assert words.startswith("2 registered devices: none lacks a profile; the list does not say which has")
    assert "; 1 may not deploy without a user or be pre-provisioned again before" in words
    assert "none lacks a profile or is blocked" in read("Allowed")[1]
    assert "is not known" in read("Withheld")[0]


@pytest.mark.parametrize(
    ("profiles", "words"),
    [
        (["Office", "Kiosk"], "a profile stands beside all."),
        (["Office", None, "Kiosk"], "a profile stands beside all but 1."),
    ],
)
def test_a_list_that_names_profiles_and_no_states_says_beside_how_many_one_stands(profiles, words):
    rows = [{"device": f"S-{n}", "report": LIST, "profile": name} for n, name in enumerate(profiles)]
    assert held(identities=rows)[0].endswith(
        f"the list does not say which is blocked or has changed hardware; {words}"
    )


def test_devices_are_counted_by_their_state_of_enrolment_the_most_first():
    states = ["enrolled", "notContacted", "notContacted", None]
    rows = [{"device": f"S-{n}", "report": LIST, "enrollment_state": one} for n, one in enumerate(states)]
    assert held(identities=rows)[1:] == ["By state of enrolment: 2 notContacted, 1 enrolled."]
    assert held(identities=rows[:1])[1:] == ["State of enrolment: enrolled."]
    assert held(identities=rows[2:])[1:] == []


@pytest.mark.parametrize(
    ("state", "intune", "told"),
    [
        ("notContacted", "intune-1", f"State of enrolment: notContacted; {MANAGED_BEFORE}."),
        ("notContacted", EMPTY_ID, "State of enrolment: notContacted."),
        ("notContacted", None, "State of enrolment: notContacted."),
        ("enrolled", "intune-1", "State of enrolment: enrolled."),
    ],
)
def test_a_device_never_heard_of_that_names_a_record_of_intune_was_managed_before(state, intune, told):
    one = {"device": "S", "report": LIST, "enrollment_state": state, "intune_device_id": intune}
    assert held(identities=[one])[1:] == [told]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([(True, False), (True, True)], "2 devices of Entra ID: 2 of 2 enabled, 1 of 2 managed."),
        ([(False, None)], "1 device of Entra ID: 0 of 1 enabled."),
        ([(None, None)], "1 device of an inventory or of a list for import, without states."),
    ],
)
def test_devices_that_entra_holds_are_told_by_their_states(states, told):
    rows = [
        {"device": f"D-{n}", "report": "Entra devices", "account_enabled": on, "managed": managed}
        for n, (on, managed) in enumerate(states)
    ]
    assert held(identities=rows) == [told]


REFUSAL = {"member": "list.csv", "section": "Request refused 1", "name": "status", "value": "429"}
SCREEN = [{"device": "", "member": "list.csv", "source": "import_screen", "state": "read"}]
HELD = {"device": "B", "report": "Entra devices"}


@pytest.mark.parametrize(
    ("rows", "subject"),
    [
        ({"identities": [device("A")]}, "An object of the service"),
        ({"identities": [device("A"), HELD]}, "Objects of the service"),
        ({"identities": [device("A"), device("B"), HELD]}, "Lists of the service"),
        ({"identities": [device("A")], "item_statuses": [status("A", "failed")]}, "Lists of the service"),
        ({"item_statuses": [status("A", "failed")]}, "Lists of the service"),
        ({"identities": [imported("S-1", "complete")], "members": SCREEN}, "Output of a script"),
        ({"properties": [REFUSAL | {"section": "Import run"}], "members": SCREEN}, "Output of a script"),
        ({"properties": [REFUSAL], "members": SCREEN}, "A request to the service"),
        ({"identities": [device("A"), device("B")], "members": [*SCREEN, MEMBER]}, "Lists of the service"),
    ],
)
def test_what_an_answer_is_about_is_called_as_what_was_read(rows, subject):
    assert subject_of(tables_of(**rows)) == subject


def test_every_other_list_is_counted():
    rows = {
        "identities": [
            imported("S-1", "complete"), imported("S-2", "pending"), {"device": "D", "report": "Devices"},
        ],
        "item_statuses": [
            status("A", "installed"), status("B", None, report="appTroubleshootingEvents"),
        ],
        "item_counts": [{"name": "Reader", "failed": 0}, {"name": "Portal", "failed": 0}],
        "enrollment_failures": [failure("D-1", failure_text="None")],
        "audit_changes": [{"operation": "Patch"}],
    }  # fmt: skip
    assert held(**rows) == [
        "2 imports: 1 complete, 1 pending. 1 not finished when asked: ask again.",
        "1 device of an inventory or of a list for import, without states.",
        "1 event of an app's troubles: none names an error.",
        "1 state of an app, script or policy: none failed.",
        "2 apps that are counted: none failed on a device.",
        "1 activity of enrolment: none failed.",
        "1 change by an administrator: a change is no failure.",
    ]


def test_what_holds_no_list_is_not_called_good():
    assert quiet_lists(tables_of()) is None


def test_what_could_not_be_read_stands_below():
    gap = {"device": "", "member": "list.csv", "reason": "the file breaks off in row 3"}
    answer = quiet_lists(tables_of(identities=[device("A")], gaps=[gap]))
    assert [(one.label, one.lines[0].text) for one in answer.sections[1:]] == [
        ("Not read", "The file breaks off in row 3.")
    ]


def test_what_stands_beside_a_failure_is_no_failure_of_its_own():
    tables = tables_of(item_statuses=[status("A", "failed")])
    group = {"device": "fleet", "rule": "FLEET-GROUP", "role": "context", "severity": "high"}
    told = {"title": "x", "meaning": "x", "confidence": 1.0, "quotes": ["x"]}
    found = find_in_service(tables, {("item", "app", "Map"): [{**group, **told}]})
    assert found.findings["rule"].to_list() == ["FLEET-ITEM-FAILED", "FLEET-GROUP"]
    assert verdict_of_lists(tables, found).startswith("Map failed on 1 of 1 device")


def of_enrolments(*rows, **lists):
    return verdict(enrollment_failures=rows, **lists)


def test_of_a_list_of_all_enrolments_the_first_line_says_how_many_failed_and_for_how_many_reasons():
    whole = {"report": "EnrollmentActivity", "user": "ann@example.com"}
    texts = ("User validation", "User validation", "User abandonment", "No", "None")
    rows = [{**whole, "activity": f"a-{n}", "failure_text": text} for n, text in enumerate(texts)]
    assert of_enrolments(*rows) == "3 of 5 enrolments failed, for 2 reasons"
    assert of_enrolments(*rows[1:2], *rows[3:]) == "Enrolment failed 1 time of 3: User validation"
    assert of_enrolments(*rows[:3]) == "2 kinds of failure"
    assert of_enrolments(*rows, failure("D-1", failure_text="DeviceCap")) == "3 kinds of failure"
    assert of_enrolments(*rows, item_statuses=[status("A", "failed")]) == "3 kinds of failure"


def test_enrolments_that_a_later_one_made_good_are_counted_apart():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    texts = ("User validation", "User abandonment", "DeviceCap", "No")
    rows = [
        {"report": "EnrollmentActivity", "device": f"D-{n}", "failure_text": text, "at": at}
        for n, text in enumerate(texts)
    ]
    later = {"device": "D-2", "report": "managedDevices", "enrolled_at": at + timedelta(days=1)}
    assert of_enrolments(*rows, identities=[later]).startswith(
        "2 kinds of failure; 1 kind of failure that a later enrolment made good"
    )


def test_lists_are_named_by_what_their_rows_are():
    rows = {
        "item_statuses": [status("A", "failed"), status("B", "1")],
        "enrollment_failures": [failure("D-1")],
        "identities": [device("A")],
    }
    assert what_lists_hold(tables_of(**rows).frames()) == (
        "2 states of apps, scripts or policies, 1 activity of enrolment, 1 registered or imported device"
    )
    assert what_lists_hold(tables_of().frames()) == ""


POST = """The import ran, it did not fail, but the device is nowhere in the portal and this is all:

@odata.context : https://graph.microsoft.com/beta/$metadata#deviceManagement/importedWindowsAutopilotDeviceIdentities
importId       : 11111111-2222-4333-8444-555555555555
serialNumber   : WS-9220-H
state          : @{deviceImportStatus=STATUS; deviceErrorCode=0; deviceErrorName=}

WORDS
Install-Script -Name Get-WindowsAutopilotInfo -Force
Get-WindowsAutopilotInfo -Online
"""


def answer_on_post(folder, status, words, margin=""):
    text = POST.replace("STATUS", status).replace("WORDS", words)
    (folder / "post.txt").write_text("".join(margin + line for line in text.splitlines(keepends=True)))
    return quiet_lists(read_tables(open_export(folder / "post.txt")))


def verdict_of_post(*post):
    return answer_on_post(*post).verdict.partition(";")[0]


def test_an_error_that_only_a_post_names_has_its_meaning_and_remedy(tmp_path):
    post = answer_on_post(tmp_path, "unknown", "It was ZtdDeviceAssignedToOtherTenant")
    why, to_do = (
        next(one for one in post.sections if one.label == label) for label in (Part.WHY, Part.TO_DO)
    )
    assert why.lines[0].text.startswith(
        "ZtdDeviceAssignedToOtherTenant: The hardware hash is registered in another tenant."
    )
    assert "not proven" in why.lines[0].text
    assert to_do.lines[0].text == "Let the other tenant deregister the device."


@pytest.mark.parametrize("margin", ["", "> "])
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("unknown", "It was ZtdDeviceAssignedToOtherTenant"),
        ("complete", "We feared ZtdDeviceAssignedToOtherTenant"),
    ],
)
def test_a_post_that_names_an_error_beside_an_import_is_not_called_good(tmp_path, status, words, margin):
    assert verdict_of_post(tmp_path, status, words, margin) == (
        "Whether something went wrong is not known: an error is named that no list shows"
    )


@pytest.mark.parametrize("status", ["unknown", "pending", "partial"])
def test_whether_an_import_went_wrong_that_has_not_ended_is_not_known(tmp_path, status):
    assert verdict_of_post(tmp_path, status, "And now?") == (
        "Whether something went wrong is not known: no import had ended when asked"
    )


def test_of_an_import_that_is_complete_nothing_went_wrong(tmp_path):
    assert verdict_of_post(tmp_path, "complete", "All is well") == "Nothing went wrong in what was read"


def test_one_import_of_several_that_goes_on_leaves_the_verdict_as_it_is():
    rows = [imported("A", "complete"), imported("B", "pending")]
    assert quiet_lists(tables_of(identities=rows)).verdict.startswith("Nothing went wrong")


@pytest.mark.parametrize(
    ("number", "verdict", "held"),
    [
        (1, "Nothing went wrong in what was read", "1 device was imported, by the script's own count."),
        (
            0,
            "No device was imported, by the script's own count",
            "A script that imports devices counted none.",
        ),
    ],
)
def test_a_run_of_an_import_that_only_counts_is_told(number, verdict, held):
    counted = {
        "section": "Import run",
        "name": "Devices imported",
        "value": f"{number} devices imported successfully.",
    }
    told = quiet_lists(tables_of(properties=[counted]))
    assert told.verdict.startswith(verdict)
    assert told.sections[0].lines[0].text.startswith(held)
