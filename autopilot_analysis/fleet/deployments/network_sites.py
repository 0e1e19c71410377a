"""In which network a capture was made: what tells the sites of an organisation apart where no column does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from ipaddress import ip_network

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain

OF_A_NETWORK = ("dns_suffix", "subnet", "dns_servers", "network_name", "wireless_network", "proxy")
"""Columns of captures whose values stand for a network."""

_ADDRESS = re.compile(r"(?!0\.)\d{1,3}(?:\.\d{1,3}){3}\b")
"""An address of IPv4 at the beginning of a value; 0.0.0.0 is none."""


def network_sites(properties: pl.DataFrame) -> dict[str, dict[str, str]]:
    """Return DNS suffix, subnet and DNS servers of the adapter of each device that has a way out.

    The others, such as those of virtual machines or without a cable, say nothing of where a device stands.

    Args:
        properties: The table `properties`; `ipconfig` leaves each adapter in a section of its own.
    """
    fields = properties.select("device", "member", "section", "value", field=_field()).drop_nulls()
    sites: dict[str, dict[str, str]] = {}
    for (device, _, _), rows in fields.group_by("device", "member", "section", maintain_order=True):
        adapter: dict[str, list[str]] = {}
        for field, value in rows.select("field", "value").iter_rows():
            adapter.setdefault(field, []).append(value.strip())
        if list(_addresses(adapter.get("gateway", ()))):
            sites.setdefault(str(device), dict(_site(adapter)))
    return sites


def _site(adapter: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield what an adapter says of its network."""
    suffix = next(filter(None, adapter.get("dns_suffix", ())), "")
    if suffix:
        yield "dns_suffix", suffix.lower()
    addresses, masks = (list(_addresses(adapter.get(name, ()))) for name in ("address", "mask"))
    if addresses and masks and (subnet := _subnet(addresses[0], masks[0])):
        yield "subnet", subnet
    servers = sorted(_addresses(adapter.get("dns_servers", ())))
    if servers:
        yield "dns_servers", ", ".join(servers)


def _subnet(address: str, mask: str) -> str | None:
    """Return the subnet of an address, None where either is none."""
    try:
        return str(ip_network(f"{address}/{mask}", strict=False))
    except ValueError:
        return None


def _addresses(values: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of IPv4 that values begin with."""
    for value in values:
        if found := _ADDRESS.match(value):
            yield found[0]


def _field() -> pl.Expr:
    """Return which field a property is, in any language, null where it is no field of an adapter."""
    word = pl.col("name").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return word.replace_strict(_words(), default=None, return_dtype=pl.String)


@cache
def _words() -> Mapping[str, str]:
    rows = one_each(read_facts("adapter_fields"), "words")
    return {plain(word): field for word, field in rows.select("words", "field").iter_rows()}
