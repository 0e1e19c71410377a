r"""A small language for signs: what facts tables write so that a device's tables can answer it.

A sign is `term; term; …`, all of which must hold; ` | ` separates alternatives. Terms:

    event=ap:171,ap:189     one of these events was written (short provider names: looking.PROVIDERS);
        `@0x80070490,0x8007*` behind them: with one of these codes; `~words`: these words stand in its fields;
        `!pattern`: the pattern stands nowhere in them
    mark=profile_available  a mark of facts/stages.csv, which names provider, event and pattern; `@codes` too
    failed=entra_join@0x801C03ED    the stage failed in an attempt, with one of these codes
    install=win32,msi@0x80070652    an item of this kind failed with one of these codes
    line=words              the words stand in a warning or an error of the Intune agent's logs
    missing_event=ap:164    none of these was written where the other terms meet, though others of their
        providers were
    missing_registry=part\of\key\name    the value is absent, though its key holds others
    builds=22000.0-22000.674,19044.0-19044.1705    the device's build lies in one of the ranges
    scenario=hybrid_join    the scenario begins so       edition=Professional    the edition contains it
    model=virtual           a virtual machine            tpm_vendor=IFX          the TPM's maker
    tpm_firmware=15.22      its firmware begins so       tpm_version=1.2         its version begins so
    profile_name=default    the profile is called so
    setting=Area/Name=value a policy in force (names may end in *, the value may be left out);
        `!pattern` behind it: the pattern stands nowhere in its value
    registry=part\of\key\name=value    a registry value (the value may be left out)
    property=name:pattern   a fact of a text member, such as dsregcmd's MdmUrl (facts/dsregcmd_fields.csv)
    property_not=name:pattern    the fact is told, and otherwise
    property_below=name:4 GB    the number before these words in the fact, in any unit of memory, is smaller
    registered=yes          registered for Autopilot, or not
    restart=esp             the device started inside a phase of the status page

A code proves nothing without its origin: `code=` and `text=` alone are refused. Terms that point at dated
records must meet in one attempt; what has no instant belongs to any.

A term that no table can answer (`has=`, `rows=`, `app_id=` …) makes the whole sign unanswerable: the rule is
listed as not looked at, never as passed.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.facts import SEVERAL
from autopilot_analysis.findings.looking import in_attempts
from autopilot_analysis.findings.signs.needs import is_there
from autopilot_analysis.findings.signs.pools import Evidence, gather
from autopilot_analysis.findings.signs.terms import (
    DEVICE,
    MISSING,
    OF_A_PROPERTY,
    ORIGIN,
    ROWS,
    below_of,
    events_of,
    origin_of,
    restarts_in_page,
)

__all__ = [
    "OF_A_PROPERTY",
    "TERMS",
    "answerable",
    "below_of",
    "gather",
    "match",
    "origin_of",
    "restarts_in_page",
    "terms_of",
    "with_mending",
]
BARE = ("code", "text")
"""Terms without an origin, which no sign may have."""
TERMS = frozenset({*ROWS, *DEVICE, *MISSING})
"""Every term that tables can answer."""
_MEMBER_OF = {
    "builds": r"^(?:currentbuild(?:number)?|osversion|os version|ubr)$",
    "edition": "^editionid$",
    "model": "model",
    "tpm_version": "tpmhli version",
    "scenario": "",
    "registered": "",
    "profile_name": "",
}


@cache
def terms_of(sign: str) -> list[tuple[str, str]]:
    """Return the terms of one alternative as pairs of name and value.

    Raises:
        BadInput: A term asks for a code or a text without saying where it must stand.
    """
    pairs = [term.strip().partition("=") for term in sign.split(";") if term.strip()]
    terms = [(name.strip(), value.strip()) for name, _, value in pairs]
    for name, value in terms:
        if name in BARE:
            raise BadInput(
                f"the sign term {name}={value} names no origin; write event=provider:id@code, "
                f"failed=stage@code, install=kind@code or line=words"
            )
    return terms


@cache
def answerable(sign: str | None) -> bool:
    """Whether every term of at least one alternative can be answered from tables."""
    return any(
        bool(terms_of(part)) and all(name in TERMS for name, _ in terms_of(part))
        for part in (sign or "").split(SEVERAL)
    )


def match(sign: str, evidence: Evidence) -> pl.DataFrame:
    """Return the rows that prove a sign, on the devices where all of it holds.

    Args:
        sign: In the language of this module.
        evidence: The evidence.

    Returns:
        device, member, record, at, detail, code; no rows where the sign does not hold or cannot be answered.
    """
    parts = [_alternative(terms_of(part), evidence) for part in sign.split(SEVERAL) if answerable(part)]
    found = [part for part in parts if part.height]
    return pl.concat(found).unique(maintain_order=True) if found else evidence.nothing


def with_mending(rows: pl.DataFrame, mended_by: str | None, evidence: Evidence) -> pl.DataFrame:
    """Return rows with `mended_at`: when what they show was first mended after them; null where it was not.

    Args:
        rows: What `match` returned.
        mended_by: A sign of what mends it; empty where nothing on record does.
        evidence: The evidence.
    """
    mends = match(mended_by, evidence) if mended_by else evidence.nothing
    later = rows.select("device", "at").unique().join(mends.select("device", mended_at="at"), on="device")
    first = later.filter(pl.col("mended_at") > pl.col("at")).group_by("device", "at")
    return rows.join(
        first.agg(pl.col("mended_at").min()), on=["device", "at"], how="left", maintain_order="left"
    )


def _hopeless(name: str, value: str, evidence: Evidence) -> bool:
    """Whether no row can answer a term: asked first, since most signs fail here and frames cost more."""
    asked = _needed(name, value)
    return asked is not None and not is_there(*asked, evidence.there)


@cache
def _needed(name: str, value: str) -> tuple[str, str] | None:
    """Return what a term needs of an export, as name and value of a need; None where that is not plain."""
    if name == "registry":
        key, _, own = value.lower().partition("=")[0].rpartition("\\")
        return (name, own) if key else None
    if name in OF_A_PROPERTY:
        return "property", value.partition(":")[0].lower()
    asked = ORIGIN.match(value) if name in ("event", "mark", "failed", "install") else None
    return (name, asked["names"]) if asked else None


def _alternative(terms: list[tuple[str, str]], evidence: Evidence) -> pl.DataFrame:
    if any(_hopeless(name, value, evidence) for name, value in terms):
        return evidence.nothing
    fits = _such_devices(terms, evidence)
    if fits.is_empty():
        return evidence.nothing
    proofs = []
    for name, value in terms:
        if name in MISSING:
            rows = MISSING[name](evidence, value)
        elif name in ROWS:
            rows = ROWS[name](evidence, value)
            proofs.append(rows)
        else:
            continue
        fits = fits.join(rows, on="device", how="semi") if rows.height else fits.clear()
        if fits.is_empty():
            return evidence.nothing
    proofs = [evidence.plain(rows) for rows in proofs]
    absent = [value for name, value in terms if name == "missing_event"]
    if not proofs:
        fits = fits.join(events_of(evidence, ",".join(absent)), on="device", how="anti") if absent else fits
        return _device_proof(evidence, terms).join(fits, on="device", how="semi")
    met = _together(proofs, evidence).join(fits, on="device", how="semi")
    return _without(met, absent, evidence) if absent and met.height else met


def _such_devices(terms: list[tuple[str, str]], evidence: Evidence) -> pl.DataFrame:
    """Return the devices that are what the terms about a device as a whole ask for."""
    asked = tuple((name, value) for name, value in terms if name in DEVICE)
    if not asked:
        return evidence.everyone
    if asked not in evidence.such:
        evidence.such[asked] = evidence.tables.devices.filter(*_fits(asked))["device"].to_frame()
    return evidence.such[asked]


@cache
def _fits(asked: tuple[tuple[str, str], ...]) -> list[pl.Expr]:
    return [DEVICE[name](value) for name, value in asked]


def _without(rows: pl.DataFrame, absent: list[str], evidence: Evidence) -> pl.DataFrame:
    """Return the rows in whose attempt, or outside all as they lie, none of some events was written."""
    there = (
        in_attempts(events_of(evidence, ",".join(absent)), evidence.trace)
        .select("device", "attempt")
        .unique()
    )
    placed = in_attempts(rows, evidence.trace)
    return placed.join(
        there, on=["device", "attempt"], how="anti", nulls_equal=True, maintain_order="left"
    ).select(rows.columns)


def _together(proofs: list[pl.DataFrame], evidence: Evidence) -> pl.DataFrame:
    """Return the rows of all terms where they meet in one attempt; rows without an instant meet any.

    One term alone holds wherever it stands.
    """
    if len(proofs) == 1:
        return proofs[0]
    placed = [in_attempts(rows, evidence.trace) for rows in proofs]
    undated = pl.col("at").is_null() & pl.col("attempt").is_null()
    shared = pl.concat(placed).select("device", "attempt").unique()
    for rows in placed:
        anywhere = rows.filter(undated).select("device").unique()
        here = shared.join(rows.filter(~undated), on=["device", "attempt"], how="semi", nulls_equal=True)
        shared = pl.concat([here, shared.join(anywhere, on="device", how="semi")]).unique()
    every = pl.concat(placed)
    met = every.filter(~undated).join(shared, on=["device", "attempt"], how="semi", nulls_equal=True)
    loose = every.filter(undated).join(shared, on="device", how="semi")
    return pl.concat([met, loose]).select(evidence.nothing.columns)


def _device_proof(evidence: Evidence, terms: list[tuple[str, str]]) -> pl.DataFrame:
    """Return the record that tells what a device is, for a sign that asks for nothing else."""
    asked = [_MEMBER_OF[name] for name, _ in terms if _MEMBER_OF.get(name)]
    rows = evidence.tables.properties.filter(
        pl.col("name").str.to_lowercase().str.contains("|".join(asked) or "^$")
    )
    detailed = rows.with_columns(detail=pl.concat_str("name", pl.lit(": "), pl.col("value").fill_null("")))
    first = evidence.plain(detailed.unique(["device", "name"], keep="first", maintain_order=True))
    words = "; ".join(f"{name} {value}" for name, value in terms)
    beside = evidence.tables.members.unique("device", keep="first", maintain_order=True).with_columns(
        record=pl.lit(None, dtype=pl.Int64), detail=pl.lit(words)
    )
    return pl.concat([first, evidence.plain(beside.join(first, on="device", how="anti"))])
