from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.network.network_text import (
    read_firewall,
    read_ipconfig,
    read_netsh_wlan,
    read_winhttp_proxy,
)

DIRECT = "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Direct access (no proxy server).\r\n\r\n"
PROXY = """
Current WinHTTP proxy settings:

    Proxy Server(s) :  proxy.example.com:8080
    Bypass List     :  <local>;*.example.com
"""
IPCONFIG = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : EXAMPLE-1
   Primary Dns Suffix  . . . . . . . :

Ethernet adapter Ethernet:

   Link-local IPv6 Address . . . . . : fe80::1%3(Preferred)
   DNS Servers . . . . . . . . . . . : 192.0.2.1
                                       2001:db8::53
   DHCP Enabled. . . . . . . . . . . : Yes
"""
WLAN = """
Profiles on interface Wi-Fi:

Group policy profiles (read only)
---------------------------------
    <None>

User profiles
-------------
    All User Profile     : Example One
    All User Profile     : Example Two
"""
FIREWALL = """
Domain Profile Settings:
----------------------------------------------------------------------
State                                 ON
Firewall Policy                       BlockInbound,BlockOutbound
LocalFirewallRules                    N/A (GPO-store only)

Logging:
LogAllowedConnections                 Disable

Public Profile Settings:
----------------------------------------------------------------------
State                                 OFF
Firewall Policy                       BlockInboundAlways,AllowOutbound
Ok.
"""
FIREWALL_IN_GERMAN = """
Domänenprofil-Einstellungen:
----------------------------------------------------------------------
Status                                EIN
Firewallrichtlinie                    BlockInbound,BlockOutbound
OK.
"""


def rows(read, text):
    return read(text.encode()).rows["properties"].select("section", "name", "value").rows()


def test_direct_access_is_told_as_such():
    heading = "Current WinHTTP proxy settings"
    assert rows(read_winhttp_proxy, DIRECT) == [
        (heading, "access", "direct"),
        (heading, "text", "Direct access (no proxy server)."),
    ]


def test_a_proxy_is_told_with_what_goes_past_it():
    assert [row[1:] for row in rows(read_winhttp_proxy, PROXY)] == [
        ("access", "proxy"),
        ("proxy server", "proxy.example.com:8080"),
        ("bypass list", "<local>;*.example.com"),
    ]


def test_a_proxy_is_found_in_another_language():
    heading, pair = "Paramètres proxy WinHTTP actuels :", "Serveur(s) proxy\u00a0:  proxy.example.com:80"
    text = f"\n{heading}\n\n    {pair}\n    Liste :  <local>\n"
    assert [row[1:] for row in rows(read_winhttp_proxy, text)][1] == ("proxy server", "proxy.example.com:80")


def test_a_sentence_in_another_language_tells_no_access():
    text = "\nAktuelle WinHTTP-Proxyeinstellungen:\n\n    Direktzugriff (kein Proxyserver)\n"
    assert [row[1] for row in rows(read_winhttp_proxy, text)] == ["text"]


def test_adapters_are_sections_and_further_values_further_rows():
    assert rows(read_ipconfig, IPCONFIG) == [
        ("Windows IP Configuration", "Host Name", "EXAMPLE-1"),
        ("Windows IP Configuration", "Primary Dns Suffix", ""),
        ("Ethernet adapter Ethernet", "Link-local IPv6 Address", "fe80::1%3(Preferred)"),
        ("Ethernet adapter Ethernet", "DNS Servers", "192.0.2.1"),
        ("Ethernet adapter Ethernet", "DNS Servers", "2001:db8::53"),
        ("Ethernet adapter Ethernet", "DHCP Enabled", "Yes"),
    ]


def test_wireless_profiles_stand_under_their_heading():
    assert rows(read_netsh_wlan, WLAN) == [
        ("Group policy profiles (read only)", "text", "<None>"),
        ("User profiles", "All User Profile", "Example One"),
        ("User profiles", "All User Profile", "Example Two"),
    ]


def test_another_text_is_refused():
    for read in (read_winhttp_proxy, read_ipconfig, read_netsh_wlan):
        with pytest.raises(NotThisFormat):
            read(b"hello")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="a.: \u00a0\t\n-", max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    for read, head in ((read_winhttp_proxy, PROXY), (read_ipconfig, IPCONFIG), (read_netsh_wlan, WLAN)):
        assert isinstance(read(head.encode() + noise), Reading)
        with suppress(NotThisFormat):
            assert isinstance(read(noise), Reading)


def test_the_firewall_s_state_and_what_it_does_by_default_are_read_profile_by_profile():
    domain, public = "Domain Profile Settings", "Public Profile Settings"
    assert rows(read_firewall, FIREWALL) == [
        (domain, "firewall state", "ON"),
        (domain, "firewall policy", "BlockInbound,BlockOutbound"),
        (domain, "LocalFirewallRules", "N/A (GPO-store only)"),
        ("Logging", "LogAllowedConnections", "Disable"),
        (public, "firewall state", "OFF"),
        (public, "firewall policy", "BlockInboundAlways,AllowOutbound"),
    ]


def test_the_firewall_is_read_in_another_language_by_what_stands_in_every_one():
    profile = "Domänenprofil-Einstellungen"
    assert rows(read_firewall, FIREWALL_IN_GERMAN) == [
        (profile, "firewall state", "EIN"),
        (profile, "firewall policy", "BlockInbound,BlockOutbound"),
    ]


def test_a_text_without_a_policy_is_no_state_of_the_firewall():
    with pytest.raises(NotThisFormat):
        read_firewall(b"Domain Profile Settings:\n-----\nState     ON\n")
