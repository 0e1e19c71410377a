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

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.facts import SEVERAL
from autopilot_analysis.facts.event_lists import RENDERED
from autopilot_analysis.facts.listed_objects import CHIP
from autopilot_analysis.findings.chips import FIRMWARE, MAKER, spellings
from autopilot_analysis.findings.looking import in_attempts, low_properties, with_quote, with_value
from autopilot_analysis.findings.signs.needs import is_there
from autopilot_analysis.findings.signs.pools import Evidence, gather
from autopilot_analysis.readers.texts.device_hash import HARDWARE
from autopilot_analysis.tables import Trace

__all__ = [
    "TERMS",
    "answerable",
    "gather",
    "match",
    "origin_of",
    "restarts_in_page",
    "terms_of",
    "with_mending",
]
VIRTUAL = r"(?i)virtual|vmware|hyper-v|qemu|kvm|virtualbox|parallels|xen"


_ORIGIN = re.compile(r"^(?P<names>[^@~!]+)(?:@(?P<codes>[^~!]+))?(?:~(?P<words>[^!]+))?(?:!(?P<never>.+))?$")
_BELOW = re.compile(r"^(?P<name>[^:]+):(?P<number>\d+(?:\.\d+)?) (?P<words>.+)$")
MEMORY = {"KB": 1 / 1024, "MB": 1.0, "GB": 1024.0, "TB": 1024.0 * 1024}
"""Units of memory, in MB."""
OF_A_PROPERTY = ("property", "property_not", "property_below")
"""Terms about a fact of a text member."""
BARE = ("code", "text")
"""Terms without an origin, which no sign may have."""


def origin_of(value: str) -> re.Match[str]:
    """Return the names, codes, words and never-pattern that the value of a term asks for.

    Raises:
        BadInput: The value names no origin.
    """
    asked = _ORIGIN.match(value)
    if asked is None:
        raise BadInput(
            f"the value {value!r} of a sign names no origin; write names, then @codes, ~words, !pattern"
        )
    return asked


def _of_origin(rows: pl.DataFrame, column: str, value: str) -> pl.DataFrame:
    """Return the rows of some names, with the codes and words, without the pattern, that a value asks for."""
    asked = origin_of(value)
    found = rows.filter(pl.col(column).is_in(asked["names"].split(",")))
    if asked["codes"]:
        found = found.filter(pl.col("code").str.contains(f"^(?:{_pattern(asked['codes'])})$"))
    text = pl.col("detail").fill_null("")
    if asked["words"]:
        found = found.filter(text.str.contains(f"(?i){re.escape(asked['words'])}"))
    # of a message without its fields nobody can say that something stands nowhere in them
    rendered = text.str.contains(f'"{RENDERED}":', literal=True)
    return found.filter(~text.str.contains(asked["never"]), ~rendered) if asked["never"] else found


def _event(evidence: Evidence, value: str) -> pl.DataFrame:
    return _of_origin(evidence.events, "key", value)


def _mark(evidence: Evidence, value: str) -> pl.DataFrame:
    return _of_origin(evidence.trace.marks, "mark", value)


def _failed(evidence: Evidence, value: str) -> pl.DataFrame:
    return _of_origin(evidence.failed, "stage", value)


def _install(evidence: Evidence, value: str) -> pl.DataFrame:
    return _of_origin(evidence.installs, "kind", value)


def _line(evidence: Evidence, value: str) -> pl.DataFrame:
    return evidence.lines.filter(pl.col("detail").str.contains(f"(?i){re.escape(value)}"))


def _setting(evidence: Evidence, value: str) -> pl.DataFrame:
    asked, _, never = value.partition("!")
    path, _, wanted = asked.lower().partition("=")
    rows = evidence.settings.filter(
        pl.col("path").str.contains(f"^{re.escape(path).replace(chr(92) + '*', '.*')}$")
    )
    rows = rows.filter(pl.col("value").str.to_lowercase() == wanted) if wanted else rows
    return rows.filter(~pl.col("value").fill_null("").str.contains(never)) if never else rows


def _registry(evidence: Evidence, value: str) -> pl.DataFrame:
    path, _, wanted = value.lower().partition("=")
    rows = with_value(evidence.registry.filter(pl.col("path").str.ends_with(path)))
    return rows.filter(pl.col("value").str.to_lowercase() == wanted) if wanted else rows


def _property(evidence: Evidence, value: str, *, other: bool = False) -> pl.DataFrame:
    name, _, pattern = value.partition(":")
    fits = pl.col("value").fill_null("").str.contains(f"(?i){pattern}")
    filled = pl.col("value").fill_null("").str.contains(r"\S")
    rows = low_properties(evidence.tables).filter(
        pl.col("low_name") == name.lower(), (filled & ~fits) if other else fits
    )
    return with_quote(rows)


def _property_below(evidence: Evidence, value: str) -> pl.DataFrame:
    name, least, words = below_of(value)
    rows = low_properties(evidence.tables).filter(pl.col("low_name") == name.lower())
    return with_quote(rows.filter(_amount(pl.col("value"), words) < least))


def below_of(value: str) -> tuple[str, float, str]:
    """Return the name of a fact, a number, and the words behind the number that a term asks for.

    Args:
        value: Of a term property_below.

    Raises:
        BadInput: There is no number, or no words behind it.
    """
    asked = _BELOW.match(value)
    if asked is None:
        raise BadInput(f"property_below={value} names no number; write property_below=name:4 GB")
    return asked["name"], float(asked["number"]), asked["words"]


def _amount(text: pl.Expr, words: str) -> pl.Expr:
    """Return the number before words in a text; of memory in their unit, whatever the text has it in."""
    if words not in MEMORY:
        return _number_before(text, words)
    amounts = [_number_before(text, unit) * (size / MEMORY[words]) for unit, size in MEMORY.items()]
    return pl.coalesce(amounts)


def _number_before(text: pl.Expr, words: str) -> pl.Expr:
    number = text.str.extract(rf"(?i)(?:^|[^\d.,])(\d+(?:[.,]\d{{1,2}})?)\s*{re.escape(words)}")
    return number.str.replace(",", ".", literal=True).cast(pl.Float64)


def _missing_event(evidence: Evidence, value: str) -> pl.DataFrame:
    """Return the devices whose export holds events of the providers, so that these would have been seen."""
    providers = {key.partition(":")[0] for key in value.split(",")}
    written = evidence.events.filter(pl.col("key").str.extract("^([^:]+)").is_in(providers))
    return written.select("device").unique()


def _missing_registry(evidence: Evidence, value: str) -> pl.DataFrame:
    """Return the devices whose export holds values of the key, but not this one."""
    key, _, _ = value.lower().rpartition("\\")
    beside = evidence.registry.filter(pl.col("low_key").str.ends_with(key))
    return beside.select("device").unique().join(_registry(evidence, value), on="device", how="anti")


_MISSING = {"missing_event": _missing_event, "missing_registry": _missing_registry}
"""Terms about what is absent: they hold only where it could have been seen."""


def restarts_in_page(trace: Trace) -> pl.DataFrame:
    """Return device, attempt and the boot that lies inside a phase of the status page."""
    phases = trace.stage_runs.filter(pl.col("stage").is_in(["device_setup", "account_setup"])).select(
        "device", "attempt", "started_at", until="ended_at"
    )
    boots = trace.steps.filter(pl.col("kind") == "boot")
    return boots.join(phases, on="device").filter(
        pl.col("at") > pl.col("started_at"), (pl.col("at") < pl.col("until")).fill_null(value=True)
    )


def _restart(evidence: Evidence, _: str) -> pl.DataFrame:
    return restarts_in_page(evidence.trace)


_ROWS: dict[str, Callable[[Evidence, str], pl.DataFrame]] = {
    "event": _event,
    "mark": _mark,
    "failed": _failed,
    "install": _install,
    "line": _line,
    "setting": _setting,
    "registry": _registry,
    "property": _property,
    "restart": _restart,
    "property_not": lambda evidence, value: _property(evidence, value, other=True),
    "property_below": _property_below,
}
"""Terms that point at records."""


def _builds(devices: pl.DataFrame, value: str) -> pl.Expr:  # noqa: ARG001 - one signature for all
    major, minor = (
        pl.col("build").str.split(".").list.get(place, null_on_oob=True).cast(pl.Int64, strict=False)
        for place in (0, 1)
    )
    inside = pl.lit(value=False)
    for span in value.split(","):
        low, _, high = span.strip().partition("-")
        (a, b), (c, d) = ([int(part) for part in edge.split(".")] for edge in (low, high))
        number = major * 1_000_000 + minor
        inside = inside | number.is_between(a * 1_000_000 + b, c * 1_000_000 + d)
    return inside.fill_null(value=False)


def _contains(column: str) -> Callable[[pl.DataFrame, str], pl.Expr]:
    return lambda _, value: pl.col(column).fill_null("").str.contains(f"(?i){re.escape(value)}")


def _called(column: str) -> Callable[[pl.DataFrame, str], pl.Expr]:
    return lambda _, value: (
        pl.col(column)
        .str.strip_chars()
        .str.to_lowercase()
        .is_in([name.strip() for name in value.lower().split(",")])
        .fill_null(value=False)
    )


def _begins(column: str) -> Callable[[pl.DataFrame, str], pl.Expr]:
    return lambda _, value: pl.col(column).fill_null("").str.starts_with(value)


_DEVICE: dict[str, Callable[[pl.DataFrame, str], pl.Expr]] = {
    "builds": _builds,
    "scenario": _begins("scenario"),
    "edition": _contains("edition"),
    "profile_name": _called("profile_name"),
    "tpm_version": _begins("tpm_version"),
    "registered": lambda _, value: (pl.col("registered") == (value == "yes")).fill_null(value=False),
    "model": lambda _, __: pl.concat_str(
        pl.col("manufacturer", "model").fill_null(""), separator=" "
    ).str.contains(VIRTUAL),
}
"""Terms about the device as a whole."""
_TPM = {
    "tpm_vendor": MAKER,
    "tpm_firmware": FIRMWARE,
}
TERMS = frozenset({*_ROWS, *_DEVICE, *_TPM, *_MISSING})
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


def _pattern(codes: str) -> str:
    return "|".join(re.escape(code.strip()).replace(r"\*", "[0-9A-F]*") for code in codes.split(","))


def _hopeless(name: str, value: str, evidence: Evidence) -> bool:
    """Whether no row can answer a term: asked first, since most signs fail here and frames cost more."""
    if name == "registry":
        key, _, own = value.lower().partition("=")[0].rpartition("\\")
        return bool(key) and not is_there(name, own, evidence.there)
    if name in OF_A_PROPERTY:
        return not is_there("property", value.partition(":")[0].lower(), evidence.there)
    asked = _ORIGIN.match(value) if name in ("event", "mark", "failed", "install") else None
    return asked is not None and not is_there(name, asked["names"], evidence.there)


def _alternative(terms: list[tuple[str, str]], evidence: Evidence) -> pl.DataFrame:
    if any(_hopeless(name, value, evidence) for name, value in terms):
        return evidence.nothing
    fits = _such_devices(terms, evidence)
    if fits.is_empty():
        return evidence.nothing
    proofs = []
    for name, value in terms:
        if name in _MISSING:
            rows = _MISSING[name](evidence, value)
        elif name in _ROWS or name in _TPM:
            rows = _ROWS[name](evidence, value) if name in _ROWS else _tpm(evidence, name, value)
            proofs.append(rows)
        else:
            continue
        fits = fits.join(rows, on="device", how="semi") if rows.height else fits.clear()
        if fits.is_empty():
            return evidence.nothing
    proofs = [evidence.plain(rows) for rows in proofs]
    absent = [value for name, value in terms if name == "missing_event"]
    if not proofs:
        fits = fits.join(_event(evidence, ",".join(absent)), on="device", how="anti") if absent else fits
        return _device_proof(evidence, terms).join(fits, on="device", how="semi")
    met = _together(proofs, evidence).join(fits, on="device", how="semi")
    return _without(met, absent, evidence) if absent and met.height else met


def _such_devices(terms: list[tuple[str, str]], evidence: Evidence) -> pl.DataFrame:
    """Return the devices that are what the terms about a device as a whole ask for."""
    devices: pl.DataFrame = evidence.tables.devices
    asked = [_DEVICE[name](devices, value) for name, value in terms if name in _DEVICE]
    return devices.filter(*asked).select("device") if asked else evidence.everyone


def _without(rows: pl.DataFrame, absent: list[str], evidence: Evidence) -> pl.DataFrame:
    """Return the rows in whose attempt, or outside all as they lie, none of some events was written."""
    there = (
        in_attempts(_event(evidence, ",".join(absent)), evidence.trace).select("device", "attempt").unique()
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


def _tpm(evidence: Evidence, name: str, value: str) -> pl.DataFrame:
    wanted = "|".join(spellings().get(part.strip(), re.escape(part.strip())) for part in value.split(","))
    rows = evidence.tables.properties.filter(
        pl.col("member").str.to_lowercase().str.contains("tpm", literal=True)
        | pl.col("section").str.starts_with(HARDWARE)
        | (pl.col("section") == CHIP),
        pl.col("name").str.to_lowercase().str.contains(_TPM[name]),
        pl.col("value").str.contains(rf"(?i)^\W*(?:{wanted})"),
    )
    return rows.with_columns(detail=pl.concat_str("name", pl.lit(": "), "value"))


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
