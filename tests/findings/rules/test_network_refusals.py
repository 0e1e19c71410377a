"""Networks that did not let the device in, as their own log says."""

import pytest

from autopilot_analysis.findings import find
from autopilot_analysis.findings.rules.network_refusals import REFUSED

RULE = "NETWORK-NOT-AUTHENTICATED"
WIRELESS = {
    "SSID": "Example-Corp",
    "ReasonText": "Explicit Eap failure received",
    "EapRootCauseString": "no certificate",
}
WIRED = {"InterfaceDescription": "Example Adapter", "ReasonText": "Explicit Eap failure received"}
KEY = {"ProfileName": "Example-Guests", "FailureReason": "The wrong key was given."}
SILENT = ("dm:204", {}, 55, "0x80072EE7")


def refused(*minutes, key="wlan:12013", fields=WIRELESS, code="0x80420100"):
    return [(key, fields, minute, code) for minute in minutes]


def found(world, story, *events):
    return find(*world(**story, events=list(events))).findings.filter(rule=RULE)


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        (refused(20, 30, 40), ("Example-Corp, 3 times", "0x80420100", "Deliver the certificate")),
        (
            refused(20, 30, key="wired:15514", fields=WIRED, code="0x80420400"),
            ("Example Adapter, 2 times", "0x80420400", "Deliver the trusted root"),
        ),
        (
            refused(20, 30, key="wlan:8002", fields=KEY, code=None),
            ("Example-Guests, 2 times", None, "Read the reason"),
        ),
        (
            refused(20, 30, key="wired:15514", fields={}, code=None),
            ("the wired network, 2 times", None, "Read the reason"),
        ),
    ],
)
def test_a_network_that_refused_again_and_again_is_named_with_its_reason(world, failure, events, shown):
    (row,) = found(world, failure("device_setup"), *events, SILENT).iter_rows(named=True)
    item, code, remedy = shown
    assert (row["item"], row["code"], row["role"], row["severity"]) == (item, code, "cause", "critical")
    assert row["remedy"].startswith(remedy)


@pytest.mark.parametrize(
    "events",
    [
        [*refused(*range(20, 20 + REFUSED - 1)), SILENT],
        [*refused(20, 30), ("wlan:8001", {}, 31, None), SILENT],
        [*refused(20, 30), ("wired:15505", {}, 31, None), SILENT],
        [*refused(20, 30), ("net:10000", {}, 31, None), SILENT],
        [*refused(20), ("net:10000", {}, 25, None), *refused(30), SILENT],
        [*refused(50, 61), SILENT],
        refused(20, 30),
        [*refused(20, 30), ("dm:204", {}, 55, "0x80180014")],
        [*refused(20, 30), ("dm:204", {}, 15, "0x80072EE7")],
        [("wlan:8001", WIRELESS, 20, None), ("wlan:8003", WIRELESS, 30, None), SILENT],
    ],
    ids=[
        "once", "a wireless network since", "a wired one since", "any since", "one in between",
        "one after the end", "no session", "a server answered", "silent before", "no refusal",
    ],
)  # fmt: skip
def test_a_refusal_that_cut_nothing_off_is_no_cause(world, failure, events):
    assert found(world, failure("device_setup"), *events).is_empty()


@pytest.mark.parametrize(("minute", "height"), [(19, 1), (20.9, 1), (21, 0), (40, 0), (61, 1)])
def test_a_network_that_goes_after_the_refusals_began_was_in_use_and_is_lost_for_itself(
    world, failure, minute, height
):
    gone = ("net:10001", {}, minute, None)
    assert found(world, failure("device_setup"), *refused(20, 30), gone, SILENT).height == height


def test_a_network_joined_before_the_refusals_or_after_the_end_changes_nothing(world, failure):
    joined = [("wlan:8001", {}, 15, None), ("net:10000", {}, 70, None)]
    assert found(world, failure("device_setup"), *refused(20, 30), *joined, SILENT).height == 1


@pytest.mark.parametrize(
    ("stage", "code", "height"),
    [("network", None, 1), ("mdm_enrollment", "0x80072EE7", 1), ("mdm_enrollment", "0x80180014", 0)],
)
def test_the_failed_stage_itself_may_say_that_nothing_was_reached(world, failure, stage, code, height):
    rows = found(world, failure(stage, code=code), *refused(20, 30))
    assert rows["stage"].cast(str).to_list() == [stage] * height


def test_a_device_that_came_through_is_asked_for_nothing(world):
    story = {"attempts": [("succeeded", None, "user_driven", 0, 60, None)]}
    assert found(world, story, *refused(20, 30), SILENT).is_empty()


def test_the_refusal_explains_the_network_that_was_lost(world, failure):
    events = [("net:10001", {}, 19, None), *refused(20, 30), SILENT]
    roles = dict(
        find(*world(**failure("device_setup"), events=events)).findings.select("rule", "role").iter_rows()
    )
    assert roles | {RULE: "cause", "NETWORK-LOST": "consequence"} == roles


def test_first_and_last_records_are_quoted_with_the_network_s_own_reason(world, failure):
    events = [*refused(20, 30, 40, 50), SILENT]
    evidence = find(*world(**failure("device_setup"), events=events)).evidence.filter(rule=RULE)
    assert evidence["at"].dt.minute().to_list() == [20, 30, 50]
    assert set(evidence["quote"]) == {"Example-Corp: no certificate (event 12013)"}


TAKEN = "NETWORK-TAKEN-AWAY"
OPEN = {
    "attempts": [("unfinished", None, "user_driven", 0, None, None)],
    "marks": [("enrolled", "mdm_enrollment", 10, None, "{}")],
}
BEFORE = ("wlan:8001", {"SSID": "Guest"}, 5, None)
LEFT = ("wlan:8003", {"SSID": "Guest"}, 19.9, None)


def taken(proofs, *events, story=OPEN):
    return proofs(TAKEN, **story, events=list(events))


@pytest.mark.parametrize(
    ("events", "item"),
    [
        ([BEFORE, LEFT, *refused(20, 30, 40)], "Example-Corp, 3 times"),
        ([BEFORE, ("net:10001", {}, 19.2, None), *refused(20, 30)], "Example-Corp, 2 times"),
        (
            [BEFORE, LEFT, *refused(20, 30, key="wired:15514", fields=WIRED, code="0x80420400")],
            "Example Adapter, 2 times",
        ),
        ([BEFORE, LEFT, *refused(20, 30), ("dm:204", {}, 35, "0x80072EE7")], "Example-Corp, 2 times"),
    ],
)
def test_a_network_first_tried_when_the_one_in_use_was_left_took_the_device_away(proofs, events, item):
    rows = taken(proofs, *events)
    assert rows["item"].unique().to_list() == [item]


@pytest.mark.parametrize(
    "events",
    [
        [BEFORE, LEFT, *refused(20)],
        [BEFORE, LEFT, *refused(20, 20.5), ("wlan:8001", {"SSID": "Example-Corp"}, 20.9, None)],
        [LEFT, *refused(20, 30)],
        [LEFT, ("wlan:8001", {"SSID": "Guest"}, 19.95, None), *refused(20, 30)],
        [BEFORE, *refused(20, 30)],
        [BEFORE, LEFT, *refused(21.5, 30)],
        [*refused(2, 3), BEFORE, LEFT, *refused(20, 30)],
        [BEFORE, LEFT, *refused(20, 30), ("dm:204", {}, 35, "0x80180014")],
        [BEFORE, ("wlan:8003", {"SSID": "Guest"}, 7, None), *refused(7.5, 9)],
    ],
    ids=[
        "once", "joined a minute later", "nothing worked before", "joined in between", "nothing was left",
        "left long before", "the profile was there before", "a server answered since", "before the enrolment",
    ],
)  # fmt: skip
def test_another_order_of_events_took_nothing_away(proofs, events):
    assert taken(proofs, *events).is_empty()


def test_an_attempt_that_ended_or_a_device_that_never_enrolled_was_not_taken_away(proofs, failure):
    events = [BEFORE, LEFT, *refused(20, 30)]
    assert taken(proofs, *events, story=OPEN | failure("device_setup")).is_empty()
    assert taken(proofs, *events, story=OPEN | {"marks": []}).is_empty()


def test_a_reason_is_taken_in_the_order_that_the_facts_give(proofs):
    events = [BEFORE, LEFT, *refused(19.95, key="wlan:8002", fields=KEY | {"SSID": "Example-Corp"})]
    rows = taken(proofs, *events, *refused(20, 30))
    assert "Example-Corp: no certificate (event 12013)" in set(rows["quote"])
