"""Windows Autopilot device preparation: what failed, what it skipped, what it left when its time was over."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import (
    LOGON_TASKS_DONE,
    PREPARATION_PAGE_FAILED,
    PROFILE_AVAILABLE,
    PROFILE_SAVED,
    SYNC_ENDED,
)
from autopilot_analysis.facts.source_names import EVENTS_AUTOPILOT, EVENTS_SYSTEM
from autopilot_analysis.findings.looking import (
    PROFILE_KEPT,
    UNWELL,
    events_of,
    exit_words,
    failed_runs,
    marks_in,
    once,
    properties,
    registry,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_tries import OPEN, on_the_page
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.readers.texts.reported.asked_about import ASKED_ABOUT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.capture import PRESENT
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS, BOOT
from autopilot_analysis.tables.verdict import HIGH, INFO, WARNING

TIME_OUT = "0x800705B4"
PREPARED = [*APPS, "script"]
"""Kinds of items that device preparation brings."""
"""Outcomes of what device preparation had not done when its time was over."""
ITEMS_NAMED = 5
"""So many items of those left are named in the title."""
STANDS_FOR = timedelta(hours=1)
"""A page whose work is done ends within minutes; one that has not after so long stands."""
SHOWS_AN_END = [EVENTS_AUTOPILOT, EVENTS_SYSTEM]
"""Sources in which the end of the page, a restart and a sign-in would be seen."""
WENT_ON = ["logon_tasks_began", LOGON_TASKS_DONE]
"""Marks of a desktop."""
POLICIES = "Policies"
"""What device preparation lists beside its apps and scripts."""


ASKED = "device preparation"
"""What a text asks about; a question proves nothing, and says what an answer is wanted on."""
CAME = [PROFILE_AVAILABLE, PROFILE_SAVED, "profile_downloaded"]
"""Marks of a profile that the service gave the device."""


@rule("PREPARATION-NOT-APPLIED", needs=f"property={ASKED}")
def preparation_not_applied(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that hold a profile of classic Autopilot, where somebody asks about device preparation.

    It makes no deployment fail, so beside a failed one it is worth knowing and no more.
    """
    asked = properties(tables, f"^{ASKED}$", r"\w").filter(pl.col("section") == ASKED_ABOUT)
    held = tables.devices.filter("registered", pl.col("scenario") != "device_preparation")
    failed = trace.attempts.filter(pl.col("outcome") == "failed")["device"].implode()
    own = held.select(
        "device",
        item=pl.format("profile {}", "profile_name"),
        severity=pl.when(pl.col("device").is_in(failed)).then(pl.lit(INFO)).otherwise(pl.lit(WARNING)),
    )
    asked = asked.join(own, on="device", maintain_order="left")
    if asked.is_empty():
        return no_proof()
    named = registry(tables, PROFILE_KEPT, "^deploymentprofilename$").filter(
        pl.col("value").fill_null("").str.contains(r"\w")
    )
    proofs = (named, marks_in(trace, CAME), asked)
    shown = [
        each.join(own, on="device", maintain_order="left") if "item" not in each.columns else each
        for each in proofs
    ]
    if all(each.is_empty() for each in shown[:-1]):
        return no_proof()
    return all_proofs([proof(each, item=pl.col("item")) for each in shown])


@rule("PREPARATION-FAILED", needs="failed=device_preparation")
def preparation_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Windows Autopilot device preparation that ended with an error."""
    failed_page = pl.col("mark").is_in([PREPARATION_PAGE_FAILED, "preparation_workload_failed"])
    late = (pl.col("code") == TIME_OUT).fill_null(value=False)
    return proof(failed_runs(trace, ["device_preparation"]).filter(failed_page, ~late))


@rule("PREPARATION-TIMED-OUT", needs="failed=device_preparation")
def preparation_timed_out(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Windows Autopilot device preparation that ran out of time, with what was open and what never began."""
    failed_page = pl.col("mark").is_in([PREPARATION_PAGE_FAILED, "preparation_workload_failed"])
    runs = failed_runs(trace, ["device_preparation"]).filter(failed_page, pl.col("code") == TIME_OUT)
    named = runs.join(_left_in_preparation(trace, runs), on=ATTEMPT, how="left", maintain_order="left")
    left = named.explode("words", "place").select(
        *ATTEMPT, "code", "item", detail="words", member=_of_place("member"), record=_of_place("record")
    )
    return all_proofs([proof(named, item=pl.col("item")), proof(left.drop_nulls("detail"))])


def _of_place(name: str) -> pl.Expr:
    return pl.col("place").struct.field(name)


def _left_in_preparation(trace: Trace, runs: pl.DataFrame) -> pl.DataFrame:
    """Return for each page that gave up what it left: what was at work first, then what had not begun.

    What ended later was at work then.
    """
    in_policy = pl.col("blocking").fill_null(value=False) & pl.col("kind").is_in(PREPARED)
    of_run = runs.select("device", over_at="at", of_run="attempt")
    items = trace.installs.filter(in_policy).join(of_run, on="device", maintain_order="left")
    began = pl.coalesce("started_at", "download_started_at")
    open_one = pl.col("outcome").is_in(OPEN)
    came_after = ~open_one & (pl.col("ended_at") > pl.col("over_at")) & (began <= pl.col("over_at"))
    left = items.filter(
        open_one | came_after.fill_null(value=False),
        pl.col("attempt").eq_missing(pl.col("of_run")) | pl.col("attempt").is_null(),
    )
    worded = left.with_columns(lasted=_spans(left.select(pl.col("over_at") - began))).with_columns(
        attempt="of_run", words=_left_words()
    )
    ordered = worded.sort(pl.col("outcome") == "never_started", maintain_order=True)
    more = pl.format(" and {} others", pl.len() - ITEMS_NAMED)
    return ordered.group_by(ATTEMPT, maintain_order=True).agg(
        "words",
        place=pl.struct("member", "record"),
        item=pl.col("words").head(ITEMS_NAMED).str.join("; ")
        + pl.when(pl.len() > ITEMS_NAMED).then(more).otherwise(pl.lit("")),
    )


def _spans(lengths: pl.DataFrame) -> pl.Series:
    return pl.Series([one and wording.span(one) for one in lengths.to_series()], dtype=pl.String)


def _left_words() -> pl.Expr:
    """Return in words how far an item of device preparation had come."""
    loading = pl.col("started_at").is_null() & pl.col("download_started_at").is_not_null()
    doing = pl.when(loading).then(pl.lit("downloading")).otherwise(pl.lit("still at work"))
    at_work = pl.format("{} after {}", doing, "lasted").fill_null(doing)
    waiting = pl.when(pl.col("outcome") == "waiting").then(pl.lit("waiting")).otherwise(at_work)
    state = pl.when(pl.col("outcome") == "never_started").then(pl.lit("never begun")).otherwise(waiting)
    return pl.format("{} {}", CALLED, state)


@rule("PREPARATION-ITEM-FAILED", needs="attempt=device_preparation; install=failed,not_detected")
def preparation_item_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps and scripts that failed in a device preparation that did not succeed: each of them stops it."""
    why = pl.format("outcome {}, {}", "outcome", exit_words())
    return proof(stopping_items(trace), why, CALLED)


@once
def stopping_items(trace: Trace) -> pl.DataFrame:
    """Return the last tries of the apps and scripts that stopped a device preparation, with its attempt.

    Where some are known to be waited for, that is the whole list: no other stopped it.
    """
    ill = trace.attempts.filter(pl.col("scenario") == "device_preparation", pl.col("outcome").is_in(UNWELL))
    last = trace.installs.group_by("device", "item", maintain_order=True).last()
    listed = pl.col("blocking").fill_null(value=False).any().over("device")
    named = pl.col("blocking").fill_null(value=~listed)
    wanted = last.filter(pl.col("kind").is_in(PREPARED), named, on_the_page())
    failed = wanted.filter(pl.col("outcome").is_in(FAILED_TRIES))
    failed = failed.with_columns(at=pl.coalesce("ended_at", "started_at"))
    there = failed.join(
        ill.unique("device", keep="last").select("device", ill="attempt"), on="device", maintain_order="left"
    ).filter((pl.col("attempt") == pl.col("ill")) | (pl.col("attempt").is_null() & pl.col("at").is_null()))
    return there.with_columns(attempt="ill")


@rule("PREPARATION-SKIPPED", needs="attempt=device_preparation; install=skipped")
def preparation_skipped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps and scripts that a device preparation had to bring and skipped; it matters more if all were."""
    prepared = trace.attempts.filter(pl.col("scenario") == "device_preparation")
    last = trace.installs.group_by("device", "item", maintain_order=True).last()
    wanted = last.filter(pl.col("kind").is_in(PREPARED), pl.col("blocking"), pl.col("name") != POLICIES)
    items = wanted.join(prepared, on=["device", "attempt"], how="semi", maintain_order="left")
    skipped = items.filter(pl.col("outcome") == "skipped")
    of_all = items.group_by("device", "attempt").agg(none_came=(pl.col("outcome") == "skipped").all())
    names = skipped.group_by("device", "attempt", maintain_order=True).agg(names=CALLED.str.join(", "))
    rows = skipped.join(of_all, on=["device", "attempt"]).join(names, on=["device", "attempt"])
    heavy = rows.with_columns(
        severity=pl.when("none_came").then(pl.lit(HIGH)).otherwise(pl.lit(WARNING)),
        at=pl.coalesce("ended_at", "started_at"),
    )
    return proof(heavy, pl.format("{}: skipped", CALLED), pl.col("names"))


@rule("PREPARATION-NEVER-ENDED", needs="attempt=device_preparation; install=succeeded; mark=sync_ended")
def preparation_never_ended(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Device preparations whose work is all done and whose page stands, while management goes on."""
    done = _all_done(trace).join(_watched(tables), on="device", how="semi")
    sessions = marks_in(trace, [SYNC_ENDED]).filter(pl.col("code").is_null()).sort("at")
    last = sessions.group_by("device", maintain_order=True).last().drop("attempt")
    stands = last.join(done, on="device").filter(pl.col("at") - pl.col("done_at") >= STANDS_FOR)
    later = _onward(tables, trace).join(done, on="device").filter(pl.col("at") > pl.col("done_at"))
    still = stands.join(later, on="device", how="anti", maintain_order="left")
    lasted = still.with_columns(item=_spans(still.select(pl.col("at") - pl.col("done_at"))))
    talked = lasted.with_columns(detail=pl.lit("a session of device management that went well"))
    of_all = lasted.select(*ATTEMPT, "done_at", lasted="item")
    ended = trace.installs.join(of_all, on=ATTEMPT).filter(pl.col("ended_at") == pl.col("done_at"))
    words = pl.format("{}: the last to be done", CALLED)
    dated = ended.with_columns(at="ended_at", detail=words, item="lasted")
    return all_proofs([proof(rows, item=pl.col("item")) for rows in (dated, talked)])


def _onward(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return when each device started, when somebody signed in, and when a desktop came."""
    boots = trace.steps.filter(pl.col("kind") == BOOT)
    frames = (boots, marks_in(trace, WENT_ON), events_of(tables, ["winlogon:7001"]))
    return pl.concat([rows.select("device", "at") for rows in frames])


def _all_done(trace: Trace) -> pl.DataFrame:
    """Return the unended device preparations all of whose items succeeded, with when the last did."""
    open_ones = trace.attempts.filter(
        pl.col("scenario") == "device_preparation", pl.col("outcome") == "unfinished"
    )
    last = trace.installs.group_by("device", "item", maintain_order=True).last()
    wanted = last.filter(pl.col("kind").is_in(PREPARED), pl.col("blocking"))
    of_attempt = wanted.join(open_ones.select(ATTEMPT), on=ATTEMPT, how="semi", maintain_order="left")
    states = of_attempt.group_by(ATTEMPT, maintain_order=True).agg(
        done=(pl.col("outcome") == "succeeded").all(), done_at=pl.col("ended_at").max()
    )
    return states.filter("done").drop_nulls("done_at").drop("done")


def _watched(tables: Tables) -> pl.DataFrame:
    """Return the devices on which an end of the page, a restart and a sign-in would have been seen."""
    whole = tables.coverage.filter(pl.col("source").is_in(SHOWS_AN_END), pl.col("presence") == PRESENT)
    kinds = whole.group_by("device").agg(pl.col("source").n_unique())
    return kinds.filter(pl.col("source") == len(SHOWS_AN_END)).select("device")
