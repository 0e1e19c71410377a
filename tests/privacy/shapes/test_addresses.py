"""Addresses, and dotted numbers that only look like one."""

import pytest

from autopilot_analysis.privacy.shapes.addresses import READERS, address, numbers, unversioned


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.0.2.44", [("ip", "192.0.2.44")]),
        ("2001:db8:7::5", [("ip", "2001:db8:7::5")]),
        ("fe80::5:", [("ip", "fe80::5:")]),
        ("127.0.0.1", []),
        ("255.255.255.0", []),
        ("2.5.29.37", []),
        ("300.1.1.1", []),
        ("ab::1", []),
    ],
)
def test_an_address_points_at_somebody(text, found):
    assert list(address(text)) == found


def test_behind_the_arrow_of_a_time_server_stands_the_servers_own_address():
    candidates, others = numbers("time.windows.com,0x9 (ntp.m|0x9|192.0.2.5:123->198.51.100.3:123)")
    assert (candidates, others) == (["192.0.2.5"], ["198.51.100.3"])


def test_a_number_behind_the_word_version_is_a_version():
    assert numbers("version 10.1.2.3") == ([], ["10.1.2.3"])
    assert numbers("192.0.2.44") == (["192.0.2.44"], [])


def test_what_is_a_version_somewhere_is_an_address_nowhere():
    assert list(unversioned(["192.0.2.44", "192.0.2.45", "1.2.3"], {"192.0.2.45"})) == [("ip", "192.0.2.44")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("02-00-5e-10-00-0a", [("mac", "02-00-5e-10-00-0a")]),
        ("0200.5e10.000a", [("mac", "0200.5e10.000a")]),
        ("1234.5678.9012", []),
        ("00-00-00-00-00-00", []),
        ("02-00-5e", []),
    ],
)
def test_the_address_of_a_card_is_of_its_length_and_more_than_one_sign(text, found):
    assert list(READERS["mac"](text)) == found
