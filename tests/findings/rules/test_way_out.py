"""OOBE that was left without a network, so that the profile came when it was over."""

import pytest
from findings.rule_worlds import LEFT_OFFLINE, at

from autopilot_analysis.findings import answer, find

RULE = "OOBE-WITHOUT-NETWORK"
OOBE = r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\oobe"
BYPASS = [(OOBE, "BypassNRO", "1")]
MISSED, CAME = LEFT_OFFLINE["marks"]
PAGE = {"screen": "OobeLocal", "title": "Local account", "at": at(8), "visible_at": at(8), "ended_at": at(10)}
JOINED = {"runs": [(1, "entra_join", "succeeded", 1, 5, None, None)]}


def signed_in(user, minute=10):
    return {"events": [("winlogon:7001", {"UserSid": user}, minute, None)]}


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({}, "no internet was there"),
        ({"registry": BYPASS}, "BypassNRO = 1"),
        ({"registry": BYPASS, "marks": [CAME]}, "BypassNRO = 1"),
        ({"events": [], "screens": [PAGE]}, "no internet was there"),
        (signed_in("S-1-5-21-1-2-3-1004") | {"screens": [PAGE]}, "no internet was there"),
    ],
    ids=["sign-in", "value", "value alone", "page", "page and sign-in"],
)
def test_a_profile_that_came_after_an_oobe_without_a_network_came_too_late(proofs, given, way):
    rows = proofs(RULE, **LEFT_OFFLINE | given)
    assert set(rows["item"]) == {f"{way}, the profile came 4 h later"}
    assert rows["at"].max() == at(250)


@pytest.mark.parametrize(
    "near",
    [
        signed_in("S-1-5-21-1-2-3-1000"),
        signed_in("S-1-12-1-1-2-3-4"),
        signed_in("S-1-5-21-1-2-3-1001", 251),
        {"events": [], "screens": [PAGE | {"ended_at": None}]},
        {"events": [], "screens": [PAGE | {"screen": "OobeWireless"}]},
        {"events": [], "registry": BYPASS},
        {"marks": [MISSED]},
        {"marks": [CAME]},
        {"marks": [CAME], "registry": [(OOBE, "BypassNRO", "0")]},
        {"marks": [("internet_missing", "network", 11, None, "{}"), CAME]},
        {"marks": [MISSED, ("internet_available", "network", 9, None, "{}"), CAME], "registry": BYPASS},
        {"marks": [("profile_available", "profile_download", 5, None, "{}"), MISSED, CAME]},
        {"device": {"enrolled": True}},
        JOINED,
    ],
)
def test_another_account_a_network_in_oobe_or_a_joined_device_went_round_nothing(proofs, near):
    assert proofs(RULE, **LEFT_OFFLINE | near).is_empty()


def test_the_internet_that_came_after_oobe_changes_nothing(proofs):
    online = ("internet_available", "network", 249, None, "{}")
    assert proofs(RULE, **LEFT_OFFLINE | {"marks": [MISSED, online, CAME]}).height == 3


def test_a_page_of_the_local_account_that_stands_open_is_no_proof(proofs):
    rows = proofs(RULE, **LEFT_OFFLINE, screens=[PAGE | {"ended_at": None}])
    assert "page left: Local account" not in rows["quote"].to_list()


def test_of_many_sign_ins_the_first_is_cited(proofs):
    many = [("winlogon:7001", {"UserSid": "S-1-5-21-1-2-3-1001"}, minute, None) for minute in (300, 10, 20)]
    rows = proofs(RULE, **LEFT_OFFLINE | {"events": many})
    assert rows["at"].to_list() == [at(5), at(10), at(250)]


def test_a_reset_is_the_remedy(world):
    story = world(**LEFT_OFFLINE, registry=BYPASS)
    told = answer(*story, find(*story)).devices[0]
    assert "OOBE was left without a network" in told.verdict
    assert next(one.lines[0].text for one in told.sections if one.label == "What to do").startswith("Reset")
