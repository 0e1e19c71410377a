"""What a few files answer by themselves; beside a failure or an attempt they say nothing."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.answers.without_attempt.own_answers import own_answers

APP, SCRIPT = "11111111-aaaa-4bbb-8ccc-000000000001", "11111111-aaaa-4bbb-8ccc-000000000002"
ENROLMENT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Enrollments\{1}"
SYNC = rf"{ENROLMENT}\FirstSync"
DONE = {"IsSyncDone": "1", "WasDeviceSuccessfullyProvisioned": "1", "ServerHasFinishedProvisioning": "1"}


def skipped(reason, item=APP, **more):
    return {"item": item, "name": None, "outcome": "skipped", "reason": reason, "attempt": None} | more


def remedied(before, after, outcome="succeeded", reason=None, detail=None):
    return {
        "item": SCRIPT,
        "name": None,
        "kind": "remediation",
        "attempt": None,
        "detected_before": before,
        "detected_after": after,
        "outcome": outcome,
        "reason": reason,
        "detail": detail,
    }


def required(outcome="succeeded", error=""):
    detail = json.dumps({"part": "rule", "error": error})
    item = f"requirement of {APP}"
    return {"item": item, "kind": "requirement", "outcome": outcome, "detail": detail, "attempt": None}


def values(key=SYNC, **more):
    return [(key, name, value) for name, value in (DONE | more).items()]


def counted(step, percent=41, error=0):
    text = f"DevicePrepPage: Progress page counter at {percent} percent with 612000 ms completed"
    said = json.dumps({"message": text, "errorCode": error})
    return ("shell:62407", {"Name": f"DevicePrepPage_{step}", "Value": said})


def joins(*statuses):
    ends = [
        (None if status == "0" else "error", f"NetpDoDomainJoin: status: 0x{status}") for status in statuses
    ]
    return netsetup((None, "NetpJoinDomain"), *ends[:-1], (None, "NetpJoinDomain"), ends[-1])


def netsetup(*lines):
    return {"lines": list(lines), "sources": {"agent.log": "netsetup_log"}}


def page(*records):
    return [(key, fields, minute, None) for minute, (key, fields) in enumerate(records)]


def told(world, **given):
    story = world(**given)
    return [one.statement for one in own_answers(*story, find(*story, rules={}), "D")]


JOINED = "the computer joined the domain"
WELL = "NetpDoDomainJoin: status: 0x0"
GROUP = "NetpJoinWorkgroup: joining computer 'AP-0001' to workgroup 'OFFICE'"
IN_GROUP = "the computer was put into the workgroup OFFICE, which is no domain"
OF_WHICH = (
    "a join of the computer ended well, and no line that was read says whether to a domain or to a workgroup"
)
FIXING = '{"part": "remediate"}'
LEFT = f"app {APP} was skipped, not failed"
NOT_MET = f"{LEFT}: its requirement script was not met"
PUT_RIGHT = f"remediation {SCRIPT} found what it looks for, put it right, and was well when checked after it"
SYNCED = "the enrolment says that the device was provisioned and its first sync is done"
RUNNING = (
    "the page of Windows Autopilot device preparation was at 41 % after 10 min 12 s when it was last seen; "
    "its end was not seen"
)
ASKED = "Windows asked for no Autopilot profile, and the device is not provisioned by one"
NOT_ASKED = ("profile_not_required", "profile_download", 3, None, "162")
CACHED = ("profile_cached", "profile_download", 4, None, "163")
CAME = ("profile_available", "profile_download", 5, None, "153")


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ({"installs": [skipped("requirement script not met")]}, [NOT_MET]),
        ({"installs": [required(), skipped("requirement script not met")]}, [NOT_MET]),
        ({"installs": [skipped("assignment filter", name="Example VPN")]},
         ["app Example VPN was skipped, not failed: an assignment filter leaves this device out"]),
        ({"installs": [skipped("requirement script not met", item=f"app {n}") for n in range(4)]},
         ["4 apps were skipped, not failed: their requirement scripts were not met"]),
        ({"installs": [skipped("applicability: NotApplicable")]},
         [f"{LEFT}: the agent calls it not applicable"]),
        ({"installs": [skipped("processor architecture")]},
         [f"{LEFT}: a requirement of the app is not met (processor architecture)"]),
        ({"installs": [skipped("already absent")]},
         [f"{LEFT}: it is to be removed and is not there"]),
        ({"installs": [skipped("already installed")]},
         [f"app {APP} did not fail: the agent finds it on the device"]),
        ({"installs": [skipped("already installed", item=f"app {n}") for n in range(5)]},
         ["none of 5 apps failed, and the agent finds each of them on the device"]),
        (joins("0"), [JOINED]),
        (netsetup((None, GROUP), (None, WELL)), [IN_GROUP]),
        (netsetup((None, "NetpJoinDomain"), (None, WELL), (None, GROUP), (None, WELL)), [IN_GROUP]),
        (netsetup((None, GROUP), (None, WELL), (None, "NetpJoinDomain"), (None, WELL)), [JOINED]),
        (netsetup((None, WELL)), [OF_WHICH]),
        (joins("534", "5", "0"), [f"{JOINED}, after 2 tries that had failed (0x534, 0x5)"]),
        ({"installs": [remedied(before=False, after=True)]}, [PUT_RIGHT]),
        ({"installs": [remedied(before=True, after=None, reason="nothing to fix")]},
         [f"remediation {SCRIPT} found nothing to put right"]),
        ({"installs": [remedied(before=False, after=None, outcome="unfinished")]},
         [f"remediation {SCRIPT} found what it looks for, and no fix of it was seen"]),
        ({"marks": [NOT_ASKED]}, [ASKED]),
        ({"marks": [NOT_ASKED, CACHED]},
         ["Windows asked for no Autopilot profile, because it holds one already"]),
        ({"registry": values()}, [SYNCED]),
        ({"registry": values(), "attempts": [("unknown", None, None, None, None, None)]}, [SYNCED]),
        ({"registry": values(key=rf"{SYNC}\S-1-12-1-1-2-3-4")},
         ["the enrolment says that the first sync of a user is done"]),
        ({"registry": values(SkipUserStatusPage="0xFFFFFFFF")},
         [f"{SYNCED}; the page of the user is off by policy"]),
        ({"registry": values(), "installs": [{"outcome": "succeeded", "attempt": None}]},
         [f"{SYNCED}, with 1 app that it waited for"]),
        ({"events": page(counted("ProgressStarted", 1), counted("ProgressPercentage_CounterUpdated"))},
         [RUNNING]),
    ],
)  # fmt: skip
def test_what_answers_itself_is_told(world, given, answers):
    assert told(world, **given) == answers


@pytest.mark.parametrize(
    "given",
    [
        {"installs": [skipped("already installed"), skipped(None, item=SCRIPT, outcome="unfinished")]},
        {"installs": [skipped("already installed"), skipped(None, item=SCRIPT, outcome="failed")]},
        {"installs": [skipped("already installed"), skipped(None, item=SCRIPT, outcome="succeeded")]},
        {"installs": [skipped("already installed"), skipped(None, item=SCRIPT, outcome="not_detected")]},
        joins("0", "534"),
        {"lines": [("info", "NetpDoDomainJoin: status: 0x0")]},
        {"installs": [required(outcome="unfinished"), skipped("requirement script not met")]},
        {"installs": [required(error="Cannot find path"), skipped("requirement script not met")]},
        {"installs": [skipped("requirement script not met"), {"outcome": "failed", "attempt": None}]},
        {"installs": [remedied(before=False, after=False, outcome="failed")]},
        {"installs": [remedied(before=False, after=None, outcome="unfinished", detail=FIXING)]},
        {"marks": [NOT_ASKED, CAME]},
        {"registry": values(IsSyncDone="0")},
        {"registry": values(WasDeviceSuccessfullyProvisioned="0")},
        {"registry": values(WasDeviceSuccessfullyProvisioned="2")},
        {"registry": values(ServerHasFinishedProvisioning="0")},
        {"registry": values(key=rf"{SYNC}\S-1-12-1-1-2-3-4", IsSyncDone="0")},
        {"registry": values(key=rf"{ENROLMENT}\Poll")},
        {"registry": values(), "attempts": [("unknown", None, None, 5, None, None)]},
        {"registry": values(), "attempts": [("unfinished", None, None, None, None, None)]},
        {"registry": values(), "installs": [{"outcome": "failed", "attempt": None}]},
        {"registry": values(), "installs": [{"outcome": "unfinished", "attempt": None}]},
        {"events": page(counted("ProgressPercentage_CounterUpdated", error=-2147467259))},
        {"events": page(counted("ProgressPercentage_CounterUpdated"), counted("PageExiting"))},
        {"events": page(("shell:62407", {"Name": "OtherPage_Progress", "Value": "at 41 percent with 5 ms"}))},
        {"installs": [skipped("requirement script not met")], "lines": [("error", "Something broke", 3)]},
        {"installs": [skipped("requirement script not met")], "members": list("abcd")},
        {"installs": [skipped("requirement script not met")],
         "attempts": [("succeeded", None, None, 0, 9, None)]},
    ],
)  # fmt: skip
def test_a_near_miss_answers_nothing(world, given):
    assert told(world, **given) == []


def test_the_answer_says_it_with_its_proof_and_asks_for_no_collection(world):
    line = f"Applicability check for policy with id: {APP} resulted in applicability state: NotApplicable."
    story = world(
        installs=[skipped("requirement script not met")], lines=[("info", line, 3)], members=["agent.log"]
    )
    (one,) = answer(*story, find(*story, rules={})).devices
    parts = {part.label: part.lines for part in one.sections}
    assert one.verdict == f"{NOT_MET[:1].upper()}{NOT_MET[1:]}"
    assert one.outcome == "unknown"
    assert parts["What happened"][0].text == f"{NOT_MET[:1].upper()}{NOT_MET[1:]}."
    assert parts["What to do"][0].text.startswith("Where the app is wanted on this device")
    assert [(proof.place, proof.text) for proof in parts["Proof"]] == [("agent.log, record 1", line)]
    assert "Ask for" not in parts


def test_several_apps_are_named_behind_their_number_the_first_three(world):
    names = [f"Example {n}" for n in range(5)]
    story = world(installs=[skipped("assignment filter", item=name, name=name) for name in names])
    (one,) = own_answers(*story, find(*story, rules={}), "D")
    (line,) = one.lines()
    assert line.text.endswith("leaves this device out: Example 0, Example 1, Example 2 and 2 more.")


def test_the_first_three_answers_are_given(world):
    reasons = ["assignment filter", "already absent", "too little memory", "processor architecture"]
    installs = [skipped(reason, item=reason) for reason in reasons]
    assert len(told(world, installs=installs)) == 3


def test_of_what_the_agent_stored_of_an_app_its_proof_shows_what_detection_found(world):
    stored = f'ReportingState: {{"ApplicationId":"{APP}","Intent":3,"DetectionState":1,"DesiredState":2}}'
    story = world(
        installs=[skipped("already installed", member="agent.log", record=1)],
        lines=[("info", stored, 3)],
        members=["agent.log"],
    )
    (one,) = own_answers(*story, find(*story, rules={}), "D")
    shown = f'ReportingState: "ApplicationId":"{APP}" … "DetectionState":1'
    assert [line.text for line in one.proofs] == [shown]
