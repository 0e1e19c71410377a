"""Words that name nobody stay readable; those that name somebody never do."""

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.words import generic, is_public_host, well_known_sid


@pytest.mark.parametrize(
    ("word", "kind", "nobody"),
    [
        ("SYSTEM", "user", True),
        ("0x80180014", "", True),
        ("{00000000-0000-0000-0000-000000000000}", "id", True),
        ("23:59", "", True),
        ("%s", "", True),
        ("Microsoft Intune MDM Device CA", "certificate", True),
        ("Contoso Issuing CA", "certificate", False),
        ("Intel Lounge", "network", False),
        ("abc", "user", False),
        ("abc", "", True),
        ("SN-0001", "serial", False),
        ("Default string", "serial", True),
        ("1234", "place", False),
        ("computer1", "host", True),
        ("Server-02", "host", True),
        ("computer12", "host", False),
        ("computer1", "user", False),
    ],
)
def test_a_word_is_generic_by_what_it_would_name(word, kind, nobody):
    assert generic(word, kind=kind) is nobody


def test_where_only_names_stand_a_word_that_looks_like_a_code_is_a_name():
    assert generic("1234")
    assert not generic("1234", certain=True)
    assert generic("to be filled by o.e.m.", certain=True)


@pytest.mark.parametrize(
    ("sid", "known"),
    [
        ("S-1-5-18", True),
        ("s-1-5-32-544", True),
        ("S-1-5-21-1-2-3-1001", False),
        ("S-1-12-1-1-2-3-4", False),
        ("ann", False),
    ],
)
def test_a_sid_that_is_the_same_on_every_machine_names_nobody(sid, known):
    assert well_known_sid(sid) is known


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("login.microsoftonline.com", True),
        ("LOGIN.microsoftonline.com.", True),
        ("contoso.onmicrosoft.com", False),
        ("contoso-my.sharepoint.com", False),
        ("outlook.com", True),
        ("vpn.example.com", False),
        ("notmicrosoft.com", False),
    ],
)
def test_a_tenants_own_host_is_never_public(host, public):
    assert is_public_host(host) is public


@pytest.mark.parametrize("host", " ".join(read_facts("endpoints")["hosts"].drop_nulls()).split(" "))
def test_every_host_that_a_device_must_reach_is_public(host):
    assert is_public_host(host.replace("*", "any"))
