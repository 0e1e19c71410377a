"""A join or an enrolment that failed and went through later: the success is what the device came to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings import answer
from autopilot_analysis.findings.answers.made_good import failures_before

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
UDR = "Microsoft-Windows-User Device Registration"
START = datetime(2026, 5, 11, 8, tzinfo=UTC)
DAY = 24 * 60
SYSTEM, ANNA, BEN = "S-1-5-18", "S-1-12-1-11-22-33-44", "S-1-12-1-55-66-77-88"
NO_LICENCE, ALREADY, NO_FACTOR = "0x80180018", "0x8018000A", "0x8018002A"
ENROLLED, JOINED, GONE = (DM, 72), (UDR, 105), (DM, 74)


def event(record, minute, kind, code=None, user=SYSTEM):
    """One record as the Event Viewer saves it; kind is provider and id."""
    provider, number = kind
    fields = f'<Data Name="HRESULT">{code}</Data>' if code else ""
    at = f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%S}Z"
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        f'<Provider Name="{provider}"/><EventID>{number}</EventID><Level>{2 if code else 4}</Level>'
        f'<TimeCreated SystemTime="{at}"/><EventRecordID>{record}</EventRecordID>'
        f"<Channel>{provider}/Admin</Channel><Computer>PC-0042</Computer>"
        f'<Security UserID="{user}"/></System><EventData>{fields}</EventData></Event>'
    )


def answered(folder, *given):
    """The verdict and the parts of the answer on a saved list of events."""
    records = "".join(event(number, *one) for number, one in enumerate(given, 41))
    path = folder / "Admin.xml"
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?><Events>{records}</Events>')
    with open_export(path) as export:
        tables = read_tables(export)
    trace = build_trace(tables)
    (one,) = answer(tables, trace, find(tables, trace)).devices
    return one.verdict, {part.label: " ".join(line.text for line in part.lines) for part in one.sections}


def refused(minute, code=NO_LICENCE, number=71, user=SYSTEM):
    return (minute, (DM, number), code, user)


def well(minute, kind=ENROLLED, user=SYSTEM):
    return (minute, kind, None, user)


@pytest.mark.parametrize(
    ("given", "count", "good_at"),
    [
        ([refused(0), well(DAY)], "1 time", "2026-05-12 08:00:00"),
        ([refused(0), well(5)], "1 time", "2026-05-11 08:05:00"),
        ([refused(0), well(12 * 60)], "1 time", "2026-05-11 20:00:00"),
        ([refused(0), well(12 * 60 + 1)], "1 time", "2026-05-11 20:01:00"),
        (
            [refused(n * DAY, number=76) for n in range(5)] + [well(6 * DAY, (DM, 75))],
            "5 times",
            "2026-05-17",
        ),
        ([refused(n * 5, number=76) for n in range(5)] + [well(60, (DM, 75))], "5 times", "2026-05-11 09:00"),
        ([refused(0), well(DAY), refused(2 * DAY, ALREADY)], "1 time", "2026-05-12 08:00:00"),
        ([refused(0, user=ANNA), well(DAY, user=ANNA)], "1 time", "2026-05-12 08:00:00"),
        ([refused(0, user=ANNA), well(DAY)], "1 time", "2026-05-12 08:00:00"),
    ],
)
def test_an_enrolment_that_went_through_at_last_leads_and_what_failed_is_history(
    tmp_path, given, count, good_at
):
    verdict, parts = answered(tmp_path, *given)
    assert parts["What happened"].startswith(f"Enrolment failed {count} (0x80180018), ")
    assert f"and succeeded at {good_at}" in parts["What happened"]
    assert parts["What to do"].startswith("Nothing is left to do about what had failed: it succeeded later.")
    assert "cause not found" not in verdict
    assert "it went through later" in verdict or f"enrolment failed {count} before it succeeded" in verdict


@pytest.mark.parametrize(
    "given",
    [
        [well(0), refused(DAY)],
        [well(0), refused(5)],
        [refused(0), well(DAY), refused(2 * DAY)],
        [refused(0), well(DAY), well(2 * DAY, GONE)],
        [refused(0, user=ANNA), well(DAY, user=BEN)],
        [refused(0), well(DAY, JOINED)],
        [refused(0)],
    ],
)
def test_a_refusal_behind_which_nothing_went_through_for_good_stands(tmp_path, given):
    verdict, parts = answered(tmp_path, *given)
    assert "0x80180018" in parts["What happened"]
    assert "went through later" not in verdict
    assert "before it succeeded" not in verdict
    assert "Assign an Intune licence" in parts["What to do"]
    assert "Nothing is left to do" not in parts["What to do"]


def test_that_the_device_is_enrolled_already_is_no_failure_that_anything_made_good(tmp_path):
    _, parts = answered(tmp_path, refused(0, ALREADY), well(5))
    assert "succeeded at" not in parts["What happened"]


@pytest.mark.parametrize(
    ("failure", "success", "words"),
    [
        (204, 105, "Joining Entra ID failed (0x801C000E) at first, and it went through later"),
        (304, 306, "Joining Entra ID failed 3 times before it succeeded"),
    ],
)
def test_a_join_that_went_through_at_last_is_no_failed_join(tmp_path, failure, success, words):
    times = 1 if failure == 204 else 3
    failures = [(n * DAY, (UDR, failure), "0x801C000E") for n in range(times)]
    verdict, parts = answered(tmp_path, *failures, (times * DAY, (UDR, success)))
    assert words in verdict
    assert "error record" not in verdict
    assert parts["What happened"].startswith(f"Joining Entra ID failed {times} time")
    assert parts["What to do"].startswith("Nothing is left to do")


@pytest.mark.parametrize(
    ("told", "over"),
    [
        ([("AzureAdJoined", "YES")], True),
        ([("AzureAdJoined", "YES"), ("DeviceAuthStatus", "SUCCESS")], True),
        ([("AzureAdJoined", "YES"), ("DeviceAuthStatus", "FAILED. Device is disabled")], False),
        ([("AzureAdJoined", "NO")], False),
    ],
)
def test_a_refused_join_is_no_unknown_error_where_the_join_state_shows_the_join(world, told, over):
    properties = [(name, value, "dsregcmd.txt") for name, value in told]
    mark = [("automatic_join_failed", "entra_join", 20, "0x801C03F2", "{}")]
    tables, trace = world(properties=properties, marks=mark)
    assert failures_before(tables, trace).is_empty() is not over


def test_a_saved_list_that_begins_late_has_lost_nothing_that_anybody_knows_of(tmp_path):
    _, parts = answered(tmp_path, refused(0), well(DAY))
    assert "lost its oldest records" not in parts.get("Also found", "")
    assert "MDM Admin event log" in parts["Not seen"]


def test_a_status_page_that_hangs_after_the_enrolment_went_through_still_lacks_its_cause(world):
    marks = [
        ("enrollment_failed", "mdm_enrollment", 0, NO_LICENCE, ""),
        ("enrolled", "mdm_enrollment", 5, None, ""),
    ]
    runs = [(1, "mdm_enrollment", "succeeded", None, 5, None, None)]
    page = (1, "device_setup", "unfinished", 9, None, None, None)
    attempts = [("unfinished", None, None, 5, None, None)]
    for more, found in (([], False), ([page], True)):
        story = world(marks=marks, runs=[*runs, *more], attempts=attempts)
        (one,) = answer(*story, find(*story, rules={})).devices
        assert one.verdict.endswith("cause not found") == found
        assert one.sections[0].lines[0].text.startswith("Enrolment failed 1 time") != found


AP = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
SEALS, WEAK, RETRIED = (AP, 509), "0x81039024", "0x81039001"


def own_enrolment(folder, *given):
    """The verdict on records of the Autopilot log; each is minute, id, state and code."""
    texts = []
    for record, (minute, number, state, code) in enumerate(given, 1):
        fields = f'<Data Name="State">{state}</Data>' if state else ""
        one = event(record, minute, (AP, number), code).replace("<EventData>", f"<EventData>{fields}")
        texts.append(one.replace(f"{AP}/Admin", f"{AP}/Autopilot"))
    path = folder / "Autopilot.xml"
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?><Events>{"".join(texts)}</Events>')
    with open_export(path) as export:
        tables = read_tables(export)
    trace = build_trace(tables)
    return answer(tables, trace, find(tables, trace)).devices[0].verdict


@pytest.mark.parametrize(
    ("code", "then", "cause"),
    [
        (WEAK, (280, 303, 3, None), "The TPM's firmware was refused"),
        (RETRIED, (280, 303, 7, None), "TPM attestation failed"),
        (RETRIED, (2 * DAY, 303, None, None), "TPM attestation failed"),
    ],
)
def test_a_second_try_that_went_well_is_told_with_the_cause_of_the_first(tmp_path, code, then, cause):
    verdict = own_enrolment(tmp_path, (0, 509, None, None), (1, 301, 2, code), (1, 302, 2, code), then)
    assert verdict.startswith(f"{cause} ({code}) at first, and it went through later")
    assert "cause not found" not in verdict


def test_an_enrolment_that_failed_after_its_first_step_is_a_failure(tmp_path):
    given = [(0, 509, None, None), (2, 303, 3, None), (5, 301, 6, "0x80180014")]
    assert "1 attempt failed" in (verdict := own_enrolment(tmp_path, *given))
    assert "went through later" not in verdict


def test_a_code_of_another_step_names_no_cause_of_the_tpm(tmp_path):
    verdict = own_enrolment(tmp_path, (0, 509, None, None), (1, 301, 2, "0x800705B4"))
    assert "TPM" not in verdict


APP = "d0c4a1f2-54b6-4b5a-8d0e-000000000001"
LOOK = f"Detection for policy with id: {APP} resulted in action status: Success and detection state: "


@pytest.mark.parametrize(
    ("state", "happened", "first"),
    [
        ("Detected", "Reader has come since: the agent found it at 2026-03-02 09:30:00 UTC.", True),
        (
            "NotDetected",
            "Reader was still not there when the agent last looked, at 2026-03-02 09:30:00 UTC.",
            False,
        ),
        (None, None, False),
    ],
)
def test_whether_an_app_that_failed_the_page_is_there_since_is_told_at_once(
    world, failure, state, happened, first
):
    ended_at = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
    failed = {"item": APP, "name": "Reader", "outcome": "failed", "exit_code": 1, "ended_at": ended_at}
    other = failed | {"item": APP.replace("1", "2"), "name": "Other", "outcome": "succeeded"}
    lines = [("info", LOOK + state, 90)] if state else []
    tables, trace = world(**failure("device_setup"), installs=[failed, other], lines=lines)
    (one,) = answer(tables, trace, find(tables, trace)).devices
    told = {part.label: [line.text for line in part.lines] for part in one.sections}
    assert (happened in told["What happened"]) is (happened is not None)
    assert "Reader" in told["What happened"][0]
    nothing = "Nothing is left to install on this device: Reader is there now. For the next device: "
    assert told["What to do"][0].startswith(nothing) is first


def test_after_a_success_an_app_that_a_later_look_found_asks_for_nothing(world):
    late = {
        "item": APP,
        "name": "Reader",
        "kind": "win32",
        "outcome": "failed",
        "ended_at": datetime(2026, 3, 2, 8, 40, tzinfo=UTC),
    }
    for state, calm in (("Detected", True), ("NotDetected", False)):
        tables, trace = world(
            attempts=[("succeeded", None, "self_deploying", 0, 60, None)],
            installs=[late],
            lines=[("info", LOOK + state, 90)],
        )
        (one,) = answer(tables, trace, find(tables, trace)).devices
        assert ("did not go through" not in one.verdict) is calm
