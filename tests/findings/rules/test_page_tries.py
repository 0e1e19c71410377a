"""What the status page waited for: which tries count, and how a try ended."""

from __future__ import annotations

import pytest
from findings.agent_lines import AgentLog
from findings.rule_worlds import at

from autopilot_analysis.findings.rules.page_tries import blamed_tries, how_it_ended

TIMED_OUT = {"code": "0x81036502"}


@pytest.mark.parametrize(("minute", "blamed"), [(59, 1), (61, 0)])
def test_what_was_begun_after_the_page_gave_up_kept_nobody_waiting(proofs, failure, minute, blamed):
    app = {"outcome": "failed", "started_at": at(minute), "ended_at": at(70)}
    world = failure("device_setup", **TIMED_OUT) | {"installs": [app]}
    assert proofs("ESP-APP-FAILED", **world).height == blamed


@pytest.mark.parametrize(("reason", "blamed"), [("asked for by the Store", 0), ("required", 1)])
def test_the_page_does_not_wait_for_packages_that_windows_installs_by_itself(proofs, failure, reason, blamed):
    app = {"outcome": "failed", "blocking": None, "reason": reason}
    world = failure("device_setup", **TIMED_OUT) | {"installs": [app]}
    assert proofs("ESP-APP-FAILED", **world).height == blamed


@pytest.mark.parametrize(
    ("app", "stood"),
    [
        ({"started_at": at(20)}, "its installer had begun"),
        ({"download_started_at": at(20)}, "its download had begun and its installer had not"),
        ({}, "nothing shows that its installer began"),
        ({"exit_code": 0}, "its installer had ended well and its detection had not come to an end"),
    ],
)
def test_of_an_app_without_an_end_is_said_where_it_stood(world, failure, app, stood):
    open_app = {"outcome": "unfinished", "exit_code": None, "started_at": None, "ended_at": None} | app
    tables, trace = world(**failure("device_setup", **TIMED_OUT), installs=[open_app])
    words = blamed_tries(tables, trace, ["unfinished"]).select(how_it_ended()).item()
    assert words.split(", ", 2)[2].startswith(stood)


@pytest.mark.parametrize(
    ("tries", "blamed"),
    [
        ([("failed", 30), ("succeeded", 40)], 0),
        ([("succeeded", 20), ("failed", 30)], 1),
        ([("failed", 30), ("succeeded", 90)], 1),
    ],
)
def test_what_a_later_try_mended_while_the_page_stood_is_not_blamed(proofs, failure, tries, blamed):
    installs = [{"outcome": outcome, "ended_at": at(minute)} for outcome, minute in tries]
    world = failure("device_setup", **TIMED_OUT) | {"installs": installs}
    assert proofs("ESP-APP-FAILED", **world).height == blamed


@pytest.mark.parametrize(("minute", "said"), [(20, False), (90, True)])
def test_only_what_went_well_after_a_try_is_a_later_pass(world, failure, minute, said):
    installs = [{"outcome": o, "ended_at": at(m)} for o, m in (("failed", 30), ("succeeded", minute))]
    tables, trace = world(**failure("device_setup", **TIMED_OUT), installs=installs)
    words = blamed_tries(tables, trace, ["failed"]).select(how_it_ended()).item()
    assert ("a later pass found it installed" in words) is said


READER, AGENT = "Example Reader", "Example Agent"


def retried():
    return AgentLog().page(READER, AGENT).policies(READER, AGENT)


def busy_then_well():
    return (
        retried().begins(READER).ends(1618).say(" ===Step=== Execute retry 1", after=300).ends(0).well(READER)
    )


def out_of_time_then_well():
    log = retried().begins(READER).say(" Installation is timeout", after=3600)
    return log.state(READER, "InProgress", "Error", 0x87D300C9).begins(READER).ends(0).well(READER)


def restarting_then_found():
    log = retried().begins(READER).ends(3010).detected(READER, there=True)
    log.state(READER, "InProgress", "InProgressPendingReboot").graph(READER).detected(READER, there=True)
    return log.state(READER, "InProgressPendingReboot", "Success", 0).told(READER, "InProgress", "Completed")


def failed_then_found():
    log = retried().begins(READER).ends(1).detected(READER, there=False)
    log.state(READER, "InProgress", "Error", 0x80070001).graph(READER)
    return log.detected(READER, there=True).told(READER, "Error", "Completed")


def undetected_then_found():
    log = retried().begins(READER).ends(0).detected(READER, there=False)
    log.state(READER, "InProgress", "Error", 0x87D1041C).graph(READER).detected(READER, there=True)
    return log.state(READER, "Error", "Success", 0).told(READER, "InProgress", "Completed")


def busy_then_counted_as_well():
    log = retried().begins(READER).ends(1618).say(" ===Step=== Execute retry 1", after=300).ends(0)
    return log.state(READER, "InProgress", "Success", 0).told(READER, "InProgress", "Completed")


CAME = [
    busy_then_well,
    busy_then_counted_as_well,
    out_of_time_then_well,
    restarting_then_found,
    failed_then_found,
    undetected_then_found,
]


@pytest.mark.parametrize("came", CAME)
def test_an_app_that_came_in_the_end_is_no_cause_where_the_log_names_no_zone(tmp_path, came):
    found = came().fails(AGENT).found(tmp_path)
    assert found.filter(found["role"] == "cause").select("rule", "item").rows() == [("ESP-APP-FAILED", AGENT)]


def test_an_app_that_was_begun_only_after_the_page_failed_and_came_is_no_cause(tmp_path):
    log = retried().fails(AGENT).begins(READER).ends(1618).say(" ===Step=== Execute retry 1", after=300)
    found = log.ends(0).well(READER).found(tmp_path)
    assert found.filter(found["role"] == "cause")["item"].to_list() == [AGENT]


def test_an_app_that_never_came_or_was_lost_again_stays_a_cause_where_the_log_names_no_zone(tmp_path):
    log = retried().begins(AGENT).ends(0).well(AGENT).begins(READER).ends(1618)
    for number in (1, 2):
        log.say(f" ===Step=== Execute retry {number}", after=300).ends(1618)
    found = log.badly(READER, 0x80070652).found(tmp_path)
    assert set(found.filter(found["role"] == "cause")["item"]) == {READER}


def test_an_app_that_its_own_look_finds_although_its_installer_failed_stays_a_cause(tmp_path):
    log = retried().begins(READER).ends(1603).detected(READER, there=True).detected(READER, there=True)
    log.state(READER, "InProgress", "Error", 0x80070643)
    found = log.told(READER, "InProgress", "Error").found(tmp_path)
    assert found.filter(found["role"] == "cause")["item"].to_list() == [READER]
