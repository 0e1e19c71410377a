"""Devices without any network: adapters without an address, and a network that wants a sign-in before setup.

A device that reached anything since has a network, whatever an output showed at another moment.
"""

from __future__ import annotations

import re

import polars as pl

from autopilot_analysis.facts.marks import PROFILE_AVAILABLE
from autopilot_analysis.findings.looking import SESSION_EVENTS, events_of, marks_in
from autopilot_analysis.findings.rule import NEVER, no_proof, proof, rule
from autopilot_analysis.findings.rules.network_refusals import CONNECTED, refusals
from autopilot_analysis.tables import Tables, Trace

REACHED = [
    "internet_available",
    PROFILE_AVAILABLE,
    "profile_downloaded",
    "profile_saved",
    "profile_service_answered",
    "joined",
    "enrolled",
]
"""Marks of a device that had a network."""
AUTOMATIC = r"^169\.254\.\d{1,3}\.\d{1,3}(?:/\d{1,2})?\s?(?:\(\D{1,30}\))?$"
"""An address that an adapter gave itself since no server gave it one."""
OF_A_CLOUD = "169.254.169.254"
"""The address at which a virtual machine asks its cloud; no adapter's."""
USABLE = re.compile(
    r"\b(?!169\.254\.|255\.|0\.|127\.|2(?:2[4-9]|3\d)\.)\d{1,3}(?:\.\d{1,3}){3}\b|^[23][0-9a-f]{3}:[0-9a-f:]{2,}",
    re.IGNORECASE,
)
"""Any other address beside it: of the device, a gateway or a server of names. Masks and such are none."""
SIGN_IN_REFUSED = ["wired:15514", "wlan:12013"]
"""Records of a network that asks for a sign-in (802.1X) and did not get it."""
UNPLUGGED = (
    r"^(?:Media disconnected|Medi(?:um|en) getrennt|Média déconnecté|Medios? desconectados?|"
    r"Supporto disconnesso|Medium ontkoppeld|Nośnik odłączony|M[íé]dia desconectada|"
    r"Medya bağlantısı kesildi|Mediet (?:är )?frånkopplat|Mediet er afbrudt)$"
)
"""What `ipconfig` says of an adapter without a cable or a radio, by language."""
LEAST_UNPLUGGED = 2
"""So many adapters without a cable or a radio, and none with an address, are more than one left aside."""


@rule("NETWORK-NO-ADDRESS")
def no_address(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Outputs of ipconfig in which no adapter has an address that a server gave it, and none a gateway."""
    if tables.properties.is_empty():
        return no_proof()
    value = pl.col("value").str.strip_chars()
    automatic = value.str.contains(AUTOMATIC) & ~value.str.starts_with(OF_A_CLOUD)
    shown = tables.properties.filter(automatic | value.str.contains(UNPLUGGED)).with_columns(
        automatic=automatic
    )
    if shown.is_empty():
        return no_proof()
    enough = pl.col("automatic").any() | (pl.len() >= LEAST_UNPLUGGED)
    shown = shown.filter(enough.over("device", "member"))
    shown = shown.join(_with_network(tables, trace), on="device", how="anti", maintain_order="left")
    rest = tables.properties.join(shown.select("device", "member").unique(), on=["device", "member"])
    usable = rest.filter(
        pl.Series([USABLE.search((one or "").strip()) is not None for one in rest["value"]], dtype=pl.Boolean)
    )
    alone = shown.join(usable, on=["device", "member"], how="anti", maintain_order="left")
    words = pl.concat_str("section", pl.lit(": "), "name", pl.lit(" "), "value")
    return proof(alone.with_columns(at=NEVER), words)


@rule("NETWORK-WANTS-SIGN-IN", needs=f"event={','.join(SIGN_IN_REFUSED)}")
def wants_sign_in(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Refusals (802.1X) on a device of which no attempt and no other network is seen.

    A device that is enrolled, or was in a network before, is no new one: what it lacks is another matter.
    """
    known = [
        trace.attempts.select("device"),
        tables.devices.filter("enrolled").select("device"),
        events_of(tables, CONNECTED).select("device"),
        _with_network(tables, trace),
    ]
    refused = refusals(tables).filter(pl.col("key").is_in(SIGN_IN_REFUSED))
    alone = refused.join(pl.concat(known), on="device", how="anti", maintain_order="left")
    return proof(alone, item=pl.col("network"))


def _with_network(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the devices that reached something."""
    marked = marks_in(trace, REACHED).select("device")
    return pl.concat([marked, events_of(tables, SESSION_EVENTS).select("device")]).unique()
