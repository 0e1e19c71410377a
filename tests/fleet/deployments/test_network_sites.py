"""In which network a capture was made, in any language of ipconfig."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.fleet.deployments.network_sites import network_sites
from autopilot_analysis.readers.texts.network.network_text import read_ipconfig

ENGLISH = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : PC-1

Ethernet adapter vEthernet (Default Switch):

   Connection-specific DNS Suffix  . : vm.example.com
   IPv4 Address. . . . . . . . . . . : 172.20.64.1(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.240.0
   Default Gateway . . . . . . . . . :

Ethernet adapter Ethernet:

   Connection-specific DNS Suffix  . : Bergen.example.com
   IPv4 Address. . . . . . . . . . . : 192.0.2.77(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.192
   Default Gateway . . . . . . . . . : fe80::1%4
                                       192.0.2.65
   DNS Servers . . . . . . . . . . . : 2001:db8::53
                                       192.0.2.70
                                       192.0.2.69
"""
GERMAN = """
Windows-IP-Konfiguration

Drahtlos-LAN-Adapter WLAN:

   Verbindungsspezifisches DNS-Suffix: bergen.example.com
   IPv4-Adresse  . . . . . . . . . . : 192.0.2.78(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.255.192
   Standardgateway . . . . . . . . . : 192.0.2.65
   DNS-Server  . . . . . . . . . . . : 192.0.2.69
                                       192.0.2.70
"""
FRENCH = """
Configuration IP de Windows

Carte Ethernet Ethernet :

   Suffixe DNS propre à la connexion. . . : bergen.example.com
   Adresse IPv4. . . . . . . . . . . . . .: 192.0.2.79(préféré)
   Masque de sous-réseau. . . . . . . . . : 255.255.255.192
   Passerelle par défaut. . . . . . . . . : 192.0.2.65
   Serveurs DNS. . .  . . . . . . . . . . : 192.0.2.69
                                            192.0.2.70
"""
SITE = {
    "dns_suffix": "bergen.example.com",
    "subnet": "192.0.2.64/26",
    "dns_servers": "192.0.2.69, 192.0.2.70",
}


def of(text):
    rows = read_ipconfig(text.encode("utf-8")).rows
    named = rows["properties"].with_columns(device=pl.lit("A"), member=pl.lit("ipconfig.log"))
    return network_sites(named)


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, FRENCH])
def test_the_adapter_with_a_gateway_says_in_which_network_a_device_is_in_any_language(text):
    assert of(text) == {"A": SITE}


def test_without_a_gateway_nothing_is_known_of_a_site():
    assert of(ENGLISH.replace("192.0.2.65", "").replace("fe80::1%4", "0.0.0.0")) == {}


def test_what_an_adapter_does_not_say_is_left_out():
    bare = ENGLISH.replace("Bergen.example.com", "").replace("255.255.255.192", "255.0.255.0")
    assert of(bare) == {"A": {"dns_servers": SITE["dns_servers"]}}
