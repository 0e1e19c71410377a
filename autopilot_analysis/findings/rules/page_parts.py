"""The parts of the status page, as its own record leaves them: apps, certificates, security policies."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import failed_runs, once, registry, with_value
from autopilot_analysis.findings.rule import NEVER
from autopilot_analysis.tables import RegistryValue, Tables, Trace
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS, PHASES
from autopilot_analysis.tables.typed import empty
from autopilot_analysis.wording import IN_MINUTES

AFTER_THE_PAGE = f"{IN_MINUTES} after the page gave up"
"""Behind a number of minutes: how long after its error something came to its end."""
PARTS = r'"(?:Device|Account)Setup\.\w+Subcategory"\s*:\s*(?:\{[^}]*\}|"[^"]*")'
WORDS_ALONE = r'Subcategory"\s*:\s*"([^"]*)"'
"""How a record without states of its parts says how far one is: in the page's own words."""
COUNTED = r"\((\d+) \D{1,12}(\d+)\b"
"""How many of how many, as the page says it in any language that writes them in this order."""
DONE = ["succeeded", "notRequired"]
FAILED_PAGE = r'"categoryState"\s*:\s*"failed"'
ENDED_AT = r"Setup\.(\w+)Subcategory"
"""How the page's event names the part that ended it."""
PART_OF = {
    **dict.fromkeys(APPS, "Apps"),
    "certificate": "Certificates",
    "network": "NetworkConnections",
    "policy": "SecurityPolicies",
}
"""The part of the page that waits for items of a kind."""
STEP_FAILED = (
    r'"DevicePreparation\.\w+"\s*:\s*\{[^{}]*"subcategoryState"\s*:\s*"failed"[^{}]*'
    r'"subcategoryStatusText"\s*:\s*"([^"(]+)'
)
"""How the page calls the step of device preparation that failed, without what it says of it in brackets."""
STEPS_IN = ["device_preparation", "entra_join", "mdm_enrollment"]
"""Stages of a device that the page shows as steps of its preparation."""
PART_DONE = r'Subcategory"\s*:\s*\{[^}]*"subcategoryState"\s*:\s*"(?:succeeded|notRequired)"'
PHASE = ["device", "attempt", "ended"]


def without_done(status: str) -> str:
    """Return what the page wrote of a phase without the parts of it that were done.

    Args:
        status: A quote of the record; any other text stays as it is.
    """
    return re.sub(PART_DONE + r"[^}]*\}", 'Subcategory": {}', status)


def page_status(tables: Tables) -> pl.DataFrame:
    """Return what the page wrote of its phases, with the columns of registry values."""
    return registry(tables, r"\\autopilotsettings$", r"^(?:device|account)setupcategory\.status$")


@once
def page_parts(tables: Tables) -> pl.DataFrame:
    """Return every part of the page as its record was written, with the columns of `open_parts`.

    Args:
        tables: What `read_tables` returned.
    """
    status = page_status(tables)
    return _taken_apart(status) if status.height else _no_parts()


@cache
def _no_parts() -> pl.DataFrame:
    return _taken_apart(with_value(empty(RegistryValue)))


def _taken_apart(status: pl.DataFrame) -> pl.DataFrame:
    each = status.with_columns(
        parts=pl.col("value").str.extract_all(PARTS),
        phase=pl.col("name").str.extract(r"(?i)^(device|account)").str.to_lowercase(),
    ).explode("parts")
    return (
        each.with_columns(
            at=NEVER,
            part=pl.col("parts").str.extract(r"\.(\w+)Subcategory"),
            state=pl.col("parts").str.extract(r'"subcategoryState"\s*:\s*"(\w+)"'),
            alone=pl.col("parts").str.extract(WORDS_ALONE),
        )
        .with_columns(
            state=pl.coalesce("state", _state_of(pl.col("alone"))),
            words=pl.coalesce(
                pl.col("parts").str.extract(r'"subcategoryStatusText"\s*:\s*"([^"]*)"'), "alone"
            ),
        )
        .drop("alone")
        .with_columns(named=_named())
    )


def open_parts(tables: Tables) -> pl.DataFrame:
    """Return the parts of the page that were begun and not done when its record was written.

    Args:
        tables: What `read_tables` returned.

    Returns:
        One row a part: device, member, record and value of the record, at (null), phase (device or account),
        part (such as Certificates), state and words (how far it was), the last four as the page spells them,
        and named, the words behind the part's name where they do not begin with it.
    """
    begun = ~pl.col("state").is_in([*DONE, "notStarted"]) & pl.col("words").is_not_null()
    return page_parts(tables).filter(begun.fill_null(value=False))


def _state_of(words: pl.Expr) -> pl.Expr:
    """Return the state that the words of a part show, null where nobody knows them."""
    done, due = (words.str.extract(COUNTED, group).cast(pl.Int64, strict=False) for group in (1, 2))
    by_number = pl.when(done < due).then(pl.lit("inProgress")).when(done == due).then(pl.lit("succeeded"))
    by_words = [
        pl.when(words.str.contains(pattern)).then(pl.lit(state))
        for pattern, state in read_facts("page_words").select("pattern", "state").iter_rows()
    ]
    return pl.coalesce(*by_words, by_number)


def _named() -> pl.Expr:
    apart = pl.col("part").str.replace_all(r"([a-z])([A-Z])", "$1 $2").str.to_lowercase()
    name = apart.str.head(1).str.to_uppercase() + apart.str.tail(-1)
    own = pl.col("words").str.to_lowercase().str.starts_with(apart)
    return pl.when(own).then("words").otherwise(pl.format("{}: {}", name, "words"))


def are_beside_the_end(tries: pl.DataFrame, tables: Tables, trace: Trace) -> pl.Series:
    """Return of each try in a failed phase whether its part of the page did not end the phase.

    A part that the page's record has as done did not. Where there is no record, a failure in another part
    than the one that the page's event names did not; what was open then may have been waited for as well.

    Args:
        tries: Rows with device, attempt, kind, outcome and ended, the phase that failed.
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    if tries.is_empty():
        return pl.Series(dtype=pl.Boolean)
    part = pl.col("kind").cast(pl.String).replace_strict(PART_OF, default=None, return_dtype=pl.String)
    known = (
        tries.with_columns(part=part)
        .join(_named_ends(trace), on=PHASE, how="left", maintain_order="left")
        .join(_last_record(tables, trace), on=[*PHASE, "part"], how="left", maintain_order="left")
    )
    unrecorded = (
        pl.col("done").is_null() & pl.col("end").is_not_null() & pl.col("outcome").is_in(FAILED_TRIES)
    )
    beside = pl.col("end").ne_missing(pl.col("part")) & (pl.col("done").fill_null(value=False) | unrecorded)
    return known.select(beside & pl.col("part").is_not_null()).to_series()


@once
def _named_ends(trace: Trace) -> pl.DataFrame:
    """Return the part at which each failed phase ended, where an event says so: `end`."""
    runs = failed_runs(trace, PHASES).with_columns(ended=pl.col("stage").cast(pl.String))
    ends = runs.select(*PHASE, end=pl.col("detail").str.extract(ENDED_AT)).drop_nulls("end")
    return ends.unique(PHASE, keep="last", maintain_order=True)


def _last_record(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the begun parts of pages that failed, each with whether it was done, for the last attempt."""
    last = trace.attempts.group_by("device").agg(pl.col("attempt").max())
    begun = page_parts(tables).filter(
        pl.col("value").str.contains(FAILED_PAGE), pl.col("state").ne_missing("notStarted")
    )
    return (
        begun.join(last, on="device")
        .select(
            "device",
            "attempt",
            "part",
            ended=pl.format("{}_setup", "phase"),
            done=pl.col("state").is_in(DONE),
        )
        .unique([*PHASE, "part"], keep="last", maintain_order=True)
    )


def done_parts(tables: Tables, part: str) -> pl.DataFrame:
    """Return device and phase of the pages that say that this part is done."""
    status = page_status(tables)
    done = status.filter(pl.col("value").str.contains(f'"[^"]*{part}{PART_DONE}'))
    return done.select(
        "device", phase=pl.col("name").str.extract(r"(?i)^(device|account)").str.to_lowercase()
    ).unique()


def failed_step(tables: Tables, device: str) -> str | None:
    """Return what the page called the step of device preparation that failed; None where it does not say.

    Args:
        tables: What `read_tables` returned.
        device: The device's key.
    """
    status = registry(tables, r"\\autopilotsettings$", r"^devicepreparationcategory\.status$")
    own = status.filter(pl.col("device") == device)
    steps = own.select(pl.col("value").str.extract(STEP_FAILED)).to_series().drop_nulls()
    return str(steps[0]).strip() if steps.len() else None
