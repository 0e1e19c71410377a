"""What the join state alone says of a device that is joined and well."""

import pytest

from autopilot_analysis import conclude, find
from autopilot_analysis.findings.answers.without_attempt.join_words import NO_TOKEN_READ, join_words

WELL = {
    "AzureAdJoined": "YES",
    "DomainJoined": "YES",
    "DomainName": "EXAMPLE",
    "DeviceCertificateValidity": "[ 2025-03-04 02:14:20.000 UTC -- 2035-03-04 02:44:20.000 UTC ]",
    "DeviceAuthStatus": "SUCCESS",
    "TenantName": "Contoso",
    "AzureAdPrt": "YES",
}
TEXT = {"members": (), "sources": {"dsregcmd.txt": "dsregcmd"}}


def said(world, source="dsregcmd", **other):
    facts = [(name, value, "dsregcmd.txt") for name, value in (WELL | other).items() if value is not None]
    given = {"members": (), "sources": {"dsregcmd.txt": source}, "properties": facts}
    return join_words(world(**given)[0], "D")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({}, "joined to Entra ID (Contoso) and the domain EXAMPLE since 2025-03-04, "),
        ({"DomainJoined": "NO"}, "joined to Entra ID (Contoso) since 2025-03-04, "),
        ({"DeviceCertificateValidity": "-", "TenantName": ""}, "joined to Entra ID and the domain EXAMPLE, "),
    ],
)
def test_a_device_that_is_joined_and_well_is_called_so_with_its_places_and_since_when(world, other, words):
    assert said(world, **other) == f"{words}the user's token (PRT) is there; nothing failed in what was seen"


@pytest.mark.parametrize(
    "other",
    [
        {"AzureAdJoined": "UNKNOWN"},
        {"AzureAdPrt": "NO"},
        {"DeviceAuthStatus": "FAILED"},
        {"AzureAdPrt": ""},
        {"DeviceAuthStatus": "UNKNOWN"},
    ],
)
def test_a_device_that_is_not_joined_or_does_not_say_that_it_is_well_is_not_called_so(world, other):
    assert said(world, **other) is None


@pytest.mark.parametrize(
    ("left_out", "end"),
    [
        (["AzureAdPrt"], NO_TOKEN_READ),
        (["DeviceAuthStatus"], "the user's token (PRT) is there"),
        (["AzureAdPrt", "DeviceAuthStatus"], NO_TOKEN_READ),
    ],
)
def test_where_only_a_part_of_the_join_state_was_read_the_rest_is_not_claimed(world, left_out, end):
    words = said(world, **dict.fromkeys(left_out))
    assert words == f"joined to Entra ID (Contoso) and the domain EXAMPLE since 2025-03-04, {end}"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({}, "joined to the domain EXAMPLE and not to Entra ID"),
        ({"DomainName": None}, "joined to the domain and not to Entra ID"),
        ({"DomainJoined": "NO"}, "joined neither to Entra ID nor to a domain"),
        ({"DomainJoined": None}, "not joined to Entra ID"),
        (
            {"DomainJoined": None, "WorkplaceJoined": "YES"},
            "not joined to Entra ID, registered with it by a user's account alone",
        ),
    ],
)
def test_a_device_that_is_not_joined_is_called_so_with_what_it_is_joined_to(world, other, words):
    assert said(world, **({"AzureAdJoined": "NO"} | other)) == words


def test_the_same_words_of_another_text_say_nothing(world):
    assert said(world, source="unknown") is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "joined to Entra ID"),
        ({"attempts": [("unknown", None, "user_driven", 0, 60, None)]}, "outcome unknown"),
        ({"installs": [{"item": "a", "kind": "script", "attempt": None}]}, "1 script failed"),
    ],
    ids=["alone", "an attempt whose end is unknown", "a script that failed"],
)
def test_the_verdict_says_it_only_where_nothing_else_was_seen(world, more, words):
    facts = [(name, value, "dsregcmd.txt") for name, value in WELL.items()]
    tables, trace = world(**TEXT, properties=facts, **more)
    verdict = conclude(tables, trace, find(tables, trace, rules={})).row(0, named=True)
    assert words.lower() in verdict["verdict"].lower()
