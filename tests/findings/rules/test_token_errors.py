"""Errors of tokens outside an attempt: AD FS refused, no network yet, no token; every text is made up."""

from __future__ import annotations

import pytest
from findings.rule_worlds import GOOD

from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import RULES

RULE = {name: RULES[name] for name in ("FEDERATION-REFUSED", "TOKEN-NETWORK-LATE", "TOKEN-CALL-FAILED")}
FAULT = "WSTrust response error: FailedAuthentication\nID3242: The security token could not be authenticated."
DAY = 24 * 60
JOINED, THERE, NONE = ("AzureAdJoined", "YES"), ("AzureAdPrt", "YES"), ("AzureAdPrt", "NO")
UPDATED = "AzureAdPrtUpdateTime"


def found(world, **given):
    rows = find(*world(**given), rules=RULE).findings
    return rows.select("rule", "severity", "code").rows()


def refused(minute, code="0xCAA90014"):
    return ("aad:1098", {"RenderedMessage": f"Error: {code} reported fault exception"}, minute, code)


def answered(minute):
    return ("aad:1088", {"RenderedMessage": FAULT}, minute, None)


def plugin(minute, code, event="aad:1104"):
    words = f"AAD Cloud AP plugin call Lookup name returned error: {code}"
    return (event, {"RenderedMessage": words}, minute, code)


LOUD = [("FEDERATION-REFUSED", "warning", "0xCAA90014")]


@pytest.mark.parametrize("minute", [None, 5])
def test_a_fault_of_the_identity_provider_and_its_words_are_one_refusal(world, minute):
    assert found(world, events=[refused(minute), answered(minute)]) == LOUD
    assert found(world, events=[refused(minute)]) == LOUD
    assert found(world, events=[answered(minute)]) == [("FEDERATION-REFUSED", "warning", None)]


def test_a_refusal_is_called_by_the_number_of_ad_fs(world):
    rows = find(*world(events=[refused(None), answered(None)]), rules=RULE).findings
    assert rows["item"].to_list() == ["ID3242"]


def test_a_refusal_is_over_with_the_token_there_and_of_no_deployment(world):
    assert found(world, events=[refused(5)], properties=[JOINED, THERE]) == []
    assert found(world, events=[refused(5)], attempts=GOOD) == []
    assert found(world, events=[refused(5, "0xCAA20003")]) == []


@pytest.mark.parametrize(("minutes", "severity"), [(5 + DAY, "warning"), (6 + DAY, "info")])
def test_a_refusal_that_the_log_goes_on_after_is_past(world, minutes, severity):
    later = ("aad:1097", {"Error": "0xCAA90056"}, minutes, "0xCAA90056")
    assert found(world, events=[refused(5), later]) == [("FEDERATION-REFUSED", severity, "0xCAA90014")]


LATE = [("TOKEN-NETWORK-LATE", "info", "0xC000023C")]


@pytest.mark.parametrize("minute", [None, 5])
def test_no_network_at_the_start_passes_where_the_token_is_there(world, minute):
    events = [plugin(minute, "0xC000023C")]
    assert found(world, events=events, properties=[JOINED, THERE]) == LATE
    assert found(world, events=events) == []
    assert found(world, events=events, attempts=GOOD, properties=[JOINED, THERE]) == []


@pytest.mark.parametrize(
    ("updated", "rows"), [("2026-03-01 08:05:00.000 UTC", LATE), ("2026-03-01 08:04:59 UTC", [])]
)
def test_a_token_that_was_not_renewed_for_a_day_is_not_well(world, updated, rows):
    properties = [JOINED, THERE, (UPDATED, updated)]
    assert found(world, events=[plugin(5, "0xC000023C")], properties=properties) == rows


def test_what_the_plug_in_says_of_accounts_without_entra_passes_too(world):
    events, row = [plugin(5, "0xC0048512")], ("TOKEN-NETWORK-LATE", "info", "0xC0048512")
    assert found(world, events=events, properties=[JOINED, THERE]) == [row]
    assert found(world, events=events, properties=[JOINED, NONE]) == []


@pytest.mark.parametrize("code", ["0xC000023C", "0xC000006D"])
def test_without_a_token_the_last_error_of_the_plug_in_says_why(world, code):
    events = [plugin(1, "0xC000006A"), plugin(5, code)]
    row = ("TOKEN-CALL-FAILED", "warning", code)
    assert found(world, events=events, properties=[JOINED, NONE]) == [row]
    assert found(world, events=events, properties=[("AzureAdJoined", "NO"), NONE]) == []
    assert found(world, events=events, properties=[JOINED, NONE], attempts=GOOD) == []


def test_what_the_command_itself_says_of_the_try_goes_before_the_log(world):
    tried = ("Attempt Status", "0xc000006d")
    assert found(world, events=[plugin(5, "0xC000006D")], properties=[JOINED, NONE, tried]) == []
