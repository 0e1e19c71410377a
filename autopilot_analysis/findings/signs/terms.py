"""What each term of a sign asks for: rows that it points at, or what a device is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.facts.event_lists import RENDERED
from autopilot_analysis.findings.chips import FIRMWARE, MAKER, spellings
from autopilot_analysis.findings.looking import low_properties, with_quote, with_value
from autopilot_analysis.findings.signs.pools import Evidence
from autopilot_analysis.tables import Trace
from autopilot_analysis.tables.story import BOOT

VIRTUAL = r"(?i)virtual|vmware|hyper-v|qemu|kvm|virtualbox|parallels|xen"
ORIGIN = re.compile(r"^(?P<names>[^@~!]+)(?:@(?P<codes>[^~!]+))?(?:~(?P<words>[^!]+))?(?:!(?P<never>.+))?$")
_BELOW = re.compile(r"^(?P<name>[^:]+):(?P<number>\d+(?:\.\d+)?) (?P<words>.+)$")
MEMORY = {"KB": 1 / 1024, "MB": 1.0, "GB": 1024.0, "TB": 1024.0 * 1024}
"""Units of memory, in MB."""
OF_A_PROPERTY = ("property", "property_not", "property_below")
"""Terms about a fact of a text member."""


def origin_of(value: str) -> re.Match[str]:
    """Return the names, codes, words and never-pattern that the value of a term asks for.

    Raises:
        BadInput: The value names no origin.
    """
    asked = ORIGIN.match(value)
    if asked is None:
        raise BadInput(
            f"the value {value!r} of a sign names no origin; write names, then @codes, ~words, !pattern"
        )
    return asked


def _pattern(codes: str) -> str:
    return "|".join(re.escape(code.strip()).replace(r"\*", "[0-9A-F]*") for code in codes.split(","))


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


def events_of(evidence: Evidence, value: str) -> pl.DataFrame:
    """Return the events that a term asks for.

    Args:
        evidence: The evidence.
        value: Of the term.
    """
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
    if wanted and not rows.is_empty():
        rows = rows.filter(pl.col("value").str.to_lowercase() == wanted)
    return (
        rows
        if rows.is_empty() or not never
        else rows.filter(~pl.col("value").fill_null("").str.contains(never))
    )


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


MISSING = {"missing_event": _missing_event, "missing_registry": _missing_registry}
"""Terms about what is absent: they hold only where it could have been seen."""


def restarts_in_page(trace: Trace) -> pl.DataFrame:
    """Return device, attempt and the boot that lies inside a phase of the status page."""
    phases = trace.stage_runs.filter(pl.col("stage").is_in(["device_setup", "account_setup"])).select(
        "device", "attempt", "started_at", until="ended_at"
    )
    boots = trace.steps.filter(pl.col("kind") == BOOT)
    return boots.join(phases, on="device").filter(
        pl.col("at") > pl.col("started_at"), (pl.col("at") < pl.col("until")).fill_null(value=True)
    )


def _restart(evidence: Evidence, _: str) -> pl.DataFrame:
    return restarts_in_page(evidence.trace)


_TPM = {
    "tpm_vendor": MAKER,
    "tpm_firmware": FIRMWARE,
}


def _tpm(name: str, evidence: Evidence, value: str) -> pl.DataFrame:
    of_chip = evidence.chip.filter(pl.col("name").str.to_lowercase().str.contains(_TPM[name]))
    if of_chip.is_empty():
        return of_chip.with_columns(detail=pl.lit(None, pl.String))
    wanted = "|".join(spellings().get(part.strip(), re.escape(part.strip())) for part in value.split(","))
    rows = of_chip.filter(pl.col("value").str.contains(rf"(?i)^\W*(?:{wanted})"))
    return rows.with_columns(detail=pl.concat_str("name", pl.lit(": "), "value"))


ROWS: dict[str, Callable[[Evidence, str], pl.DataFrame]] = {
    "event": events_of,
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
    **{name: partial(_tpm, name) for name in _TPM},
}
"""Terms that point at records."""


def in_builds(value: str) -> pl.Expr:
    """Return whether `build` lies in one of some ranges, false where it is not known.

    Args:
        value: As a sign writes them: "22000.0-22000.674,19044.0-19044.1705".
    """
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


def _contains(column: str) -> Callable[[str], pl.Expr]:
    return lambda value: pl.col(column).fill_null("").str.contains(f"(?i){re.escape(value)}")


def _called(column: str) -> Callable[[str], pl.Expr]:
    return lambda value: (
        pl.col(column)
        .str.strip_chars()
        .str.to_lowercase()
        .is_in([name.strip() for name in value.lower().split(",")])
        .fill_null(value=False)
    )


def _begins(column: str) -> Callable[[str], pl.Expr]:
    return pl.col(column).fill_null("").str.starts_with


DEVICE: dict[str, Callable[[str], pl.Expr]] = {
    "builds": in_builds,
    "scenario": _begins("scenario"),
    "edition": _contains("edition"),
    "profile_name": _called("profile_name"),
    "tpm_version": _begins("tpm_version"),
    "registered": lambda value: (pl.col("registered") == (value == "yes")).fill_null(value=False),
    "model": lambda _: pl.concat_str(
        pl.col("manufacturer", "model").fill_null(""), separator=" "
    ).str.contains(VIRTUAL),
}
"""Terms about the device as a whole."""
