"""What failed and succeeded later: a join or an enrolment that was tried until it went through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import and_
from typing import Any, NamedTuple

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import ENROLLMENT_FAILED, LEFT_ENTRA
from autopilot_analysis.findings.join_fields import trusted
from autopilot_analysis.findings.looking import RECORD, once
from autopilot_analysis.findings.rules.enrollment import FAILURES_APART
from autopilot_analysis.findings.rules.page_tries import IS_REMOVAL, blamed_tries
from autopilot_analysis.readers.device.enrollment import ALREADY_ENROLLED
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import PHASES


class Kind(NamedTuple):
    """The marks of a thing that is tried again until it goes through, and what it is called."""

    noun: str
    stage: str
    failures: tuple[str, ...]
    successes: tuple[str, ...]
    leaving: str
    """The mark that takes the success away again."""


JOIN = Kind(
    "joining Entra ID",
    "entra_join",
    ("join_failed", "automatic_join_failed"),
    ("joined", "join_completed_automatically"),
    LEFT_ENTRA,
)
KINDS = (
    Kind("enrolment", "mdm_enrollment", (ENROLLMENT_FAILED,), ("enrolled",), "unenrolled"),
    JOIN,
    *(
        Kind("the device's own enrolment", stage, (failure,), ("device_enrollment_succeeded",), LEFT_ENTRA)
        for stage, failure in (
            ("device_preparation", "device_enrollment_failed"),
            ("entra_join", "device_join_failed"),
            ("mdm_enrollment", "device_mdm_enrollment_failed"),
        )
    ),
)
A_USER = "^(S-1-(?:5-21|12-1)-.*)"
"""The SID of a person; the system itself joins and enrols for whoever signs in."""
MADE_GOOD: dict[str, pl.DataType] = {
    "device": pl.String(),
    "noun": pl.String(),
    "stage": pl.String(),
    "number": pl.UInt32(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
    "codes": pl.List(pl.String()),
    "good_at": pl.Datetime("us", "UTC"),
}


def made_good(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return what failed on a device, went through later, and did not fail or go again since.

    That a device is enrolled already is no failure. What one person got through says nothing of another.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        device, noun, stage, number (of the failures, those of one moment counted once), first, last, codes
        and good_at (the last success).
    """
    return pl.concat([_of_kind(tables.events, trace.marks.drop_nulls("at"), kind) for kind in KINDS])


def _of_kind(events: pl.DataFrame, marks: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Return the devices on which one kind of thing failed before it went through for good."""
    shown = set(marks["mark"].unique())
    if shown.isdisjoint(kind.failures) or shown.isdisjoint(kind.successes):
        return pl.DataFrame(schema=MADE_GOOD)
    real = pl.col("mark").is_in(kind.failures) & pl.col("code").ne_missing(ALREADY_ENROLLED)
    users = events.select(*RECORD, user=pl.col("user_sid").str.extract(A_USER))
    failed = marks.filter(real).join(users, on=RECORD, how="left").sort("at")
    good = marks.filter(pl.col("mark").is_in(kind.successes)).join(users, on=RECORD, how="left").sort("at")
    last = good.group_by("device").agg(good_at=pl.col("at").last(), by=pl.col("user").last())
    gone = marks.filter(pl.col("mark") == kind.leaving).group_by("device").agg(gone_at=pl.col("at").max())
    apart = (pl.col("at").diff() >= FAILURES_APART).fill_null(value=True)
    another = (pl.col("user") != pl.col("by")).fill_null(value=False).any()
    ended = last.join(gone, on="device", how="left")
    tries = (
        failed.join(ended, on="device")
        .group_by("device", maintain_order=True)
        .agg(
            number=apart.sum().cast(pl.UInt32),
            first=pl.col("at").first(),
            last=pl.col("at").last(),
            codes=pl.col("code").drop_nulls().unique(maintain_order=True),
            good_at=pl.col("good_at").first(),
            gone_at=pl.col("gone_at").first(),
            another=another,
        )
    )
    left = (pl.col("gone_at") >= pl.col("good_at")).fill_null(value=False)
    kept = tries.filter(pl.col("last") < pl.col("good_at"), ~left, ~pl.col("another"))
    named = kept.with_columns(noun=pl.lit(kind.noun), stage=pl.lit(kind.stage))
    return named.select(pl.col(name).cast(of) for name, of in MADE_GOOD.items())


def seen_no_further(runs: pl.DataFrame) -> bool:
    """Tell whether nothing of a status page was seen: what went through is the last that is known.

    Args:
        runs: The stage runs of one device.
    """
    return runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") != "skipped").is_empty()


def failures_before(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the records of the failures that something made good, a join by the join state that shows it.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    made = made_good(tables, trace)
    stages = set(made["stage"])
    own = [
        trace.marks.filter(pl.col("mark").is_in(kind.failures)).join(
            made.filter(pl.col("stage") == kind.stage), on="device", how="semi"
        )
        for kind in KINDS
        if kind.stage in stages
    ]
    joined = trusted(tables).select("device")
    over = trace.marks.filter(pl.col("mark").is_in(JOIN.failures)).join(joined, on="device", how="semi")
    return pl.concat([*own, over]).select(RECORD)


def phrases(made: pl.DataFrame) -> list[str]:
    """Return what went through after failures, for a verdict.

    Args:
        made: Rows of `made_good`, of one device.
    """
    rows = made.select("noun", "number").iter_rows()
    return [f"{noun} failed {wording.count(number, 'time')} before it succeeded" for noun, number in rows]


def lines(made: pl.DataFrame) -> Iterator[str]:
    """Yield what went through after failures: how often it failed, with which codes, and when it succeeded.

    Args:
        made: Rows of `made_good`, of one device.
    """
    for one in made.iter_rows(named=True):
        codes = f" ({', '.join(one['codes'])})" if one["codes"] else ""
        last, good = (wording.in_zone(one[name]) for name in ("last", "good_at"))
        often = f"at {last}" if one["number"] == 1 else f"from {wording.instant(one['first'])} to {last}"
        number = wording.count(one["number"], "time")
        noun = wording.capital(one["noun"])
        yield f"{noun} failed {number}{codes}, {often}, and succeeded at {good}."


def looked_since(lead: Sequence[Mapping[str, Any]], tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the apps that the leading finding blames and that the agent looked for since, each once.

    Args:
        lead: The findings that lead the answer.
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        called, there (what the last look said), looked_at (null where its log names no zone), looked_written
        (by the clock of that log) and number (the version found), by name.
    """
    named = [pl.lit(one["item"], pl.String).str.contains(pl.col("called"), literal=True) for one in lead]
    own = [
        (pl.col("device") == one["device"]) & pl.col("attempt").eq_missing(pl.lit(one["attempt"], pl.Int64))
        for one in lead
    ]
    apps = _looked_for(tables, trace).filter(pl.any_horizontal(False, *map(and_, own, named)))
    looked = apps.drop("device", "attempt").sort("looked_at", "looked_written")
    return looked.unique("called", keep="last", maintain_order=True).sort("called")


@once
def _looked_for(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the apps that a page may be blamed on and that the agent looked for since."""
    blamed = blamed_tries(tables, trace, FAILED_TRIES).filter(~IS_REMOVAL, pl.col("there").is_not_null())
    return blamed.select("device", "attempt", "there", "looked_at", "looked_written", "number", called=CALLED)


def look_lines(looked: pl.DataFrame) -> Iterator[str]:
    """Yield whether each app that had failed is there since, as the agent's last look said.

    Args:
        looked: What `looked_since` returned.
    """
    for one in looked.iter_rows(named=True):
        number, instant = one["number"], one["looked_at"]
        at = (
            wording.in_zone(instant)
            if instant
            else f"{wording.instant(one['looked_written'])} by its own log"
        )
        version = f", version {number}" if number else ""
        if one["there"]:
            yield f"{one['called']} has come since: the agent found it at {at}{version}."
        else:
            yield f"{one['called']} was still not there when the agent last looked, at {at}."


def nothing_to_install(looked: pl.DataFrame) -> str:
    """Return that nothing is left to install, to be read before a remedy; empty unless every app is there.

    Args:
        looked: What `looked_since` returned.
    """
    if looked.is_empty() or not looked["there"].all():
        return ""
    are = "is" if looked.height == 1 else "are"
    return f"Nothing is left to install on this device: {', '.join(looked['called'])} {are} there now."
