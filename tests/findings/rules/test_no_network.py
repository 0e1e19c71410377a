"""A device without any network: no adapter has an address, or the network asks for a sign-in."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables

ENGLISH = """C:\\>ipconfig /all

Windows IP Configuration

   Host Name . . . . . . . . . . . . : DESKTOP-EXAMPLE

Ethernet adapter Ethernet:

   Autoconfiguration IPv4 Address. . : 169.254.10.20(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.0.0
   Default Gateway . . . . . . . . . :
"""
GERMAN = """Drahtlos-LAN-Adapter WLAN:

   Medienstatus. . . . . . . . . . . : Medium getrennt

Ethernet-Adapter Ethernet:

   IPv4-Adresse (Auto. Konfiguration): 169.254.10.20(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.0.0
   Standardgateway . . . . . . . . . :
"""
FRENCH = """Carte Ethernet Ethernet :

   Adresse d’autoconfiguration IPv4 . . . : 169.254.10.20(préféré)
   Masque de sous-réseau. . . . . . . . . : 255.255.0.0
   Passerelle par défaut. . . . . . . . . :
"""
UNPLUGGED = """Windows IP Configuration

Ethernet adapter Ethernet:

   Media State . . . . . . . . . . . : Media disconnected

Wireless LAN adapter Wi-Fi:

   Media State . . . . . . . . . . . : Media disconnected
"""
BESIDE = """
Wireless LAN adapter Wi-Fi:

   IPv4 Address. . . . . . . . . . . : 192.0.2.10(Preferred)
   Default Gateway . . . . . . . . . : 192.0.2.1
"""
REFUSED = """Log Name:      Microsoft-Windows-Wired-AutoConfig/Operational
Source:        Microsoft-Windows-Wired-AutoConfig
Date:          10/6/2026 9:58:12 AM
Event ID:      15514
Level:         Error
Computer:      DESKTOP-EXAMPLE
Description:
Wired 802.1X Authentication failed.

	Network Adapter: Example Ethernet Adapter
	Reason: 0x50005
	Reason Text: Explicit Eap failure received
"""


def rules(tmp_path, text):
    (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "note.txt"))
    return find(tables, build_trace(tables))


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, FRENCH, UNPLUGGED])
def test_adapters_without_an_address_are_a_device_without_a_network(tmp_path, text):
    found = rules(tmp_path, text).findings
    assert found.select("rule", "stage", "role").rows() == [("NETWORK-NO-ADDRESS", "network", "cause")]


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH + BESIDE,
        UNPLUGGED + BESIDE,
        UNPLUGGED[: UNPLUGGED.index("Wireless")],
        ENGLISH + "   IPv6 Address. . . . . . . . . . . : 2001:db8::10(Preferred)\n",
        ENGLISH.replace("169.254.10.20", "192.0.2.10"),
    ],
)
def test_a_network_that_is_there_or_one_adapter_without_a_cable_is_no_loss(tmp_path, text):
    assert "NETWORK-NO-ADDRESS" not in rules(tmp_path, text).findings["rule"].to_list()


def test_a_network_that_asks_for_a_sign_in_explains_that_no_address_came(tmp_path):
    found = rules(tmp_path, f"{ENGLISH}\n{REFUSED}")
    roles = dict(found.findings.select("rule", "role").iter_rows())
    assert roles == {"NETWORK-WANTS-SIGN-IN": "cause", "NETWORK-NO-ADDRESS": "consequence"}
    quotes = found.evidence.filter(rule="NETWORK-WANTS-SIGN-IN")["quote"].to_list()
    assert quotes == ["Example Ethernet Adapter: Explicit Eap failure received (event 15514)"]


@pytest.mark.parametrize(
    "since",
    [
        {"events": [("wired:15505", {}, 5, None)]},
        {"events": [("dm:209", {}, 5, None)]},
        {"marks": [("profile_saved", "profile_download", 5, None, None)]},
        {"device": {"enrolled": True}},
    ],
)
def test_a_device_that_reached_anything_was_let_in(world, since):
    refused = [("wired:15514", {}, 1, None)]
    rule = "NETWORK-WANTS-SIGN-IN"
    assert rule in find(*world(events=refused)).findings["rule"].to_list()
    also = since | {"events": refused + since.get("events", [])}
    assert rule not in find(*world(**also)).findings["rule"].to_list()
