"""Apps: tries, time and odd ends that do not by themselves say why a deployment failed."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes.meaning import HARD_RESTART
from autopilot_analysis.facts.source_names import (
    EVENTS_AUTOPILOT,
    EVENTS_MDM_ADMIN,
    EVENTS_MDM_ENROLLMENT,
    EVENTS_SHELL_CORE,
    EVENTS_USER_DEVICE_REGISTRATION,
)
from autopilot_analysis.findings.looking import boots, exit_code, exit_words, failed_runs, once
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.agent_package import AGENT_S_OWN, not_brought
from autopilot_analysis.findings.rules.dependencies import DRAWN_IN, held_up, with_those_behind
from autopilot_analysis.findings.rules.page_tries import (
    IS_REMOVAL,
    ITEM,
    blamed_tries,
    cause_lines,
    download_words,
    on_the_page,
    outside,
    tries_beside,
)
from autopilot_analysis.findings.rules.removals import held_back
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.capture import ABSENT
from autopilot_analysis.tables.items import APP, CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS, OF_DEVICE, PHASES
from autopilot_analysis.tables.verdict import INFO, WARNING
from autopilot_analysis.trace.installs.agent.apps import LEFT_ALONE
from autopilot_analysis.trace.installs.agent.downloads import STALL
from autopilot_analysis.trace.installs.overlap import BY_MANAGEMENT
from autopilot_analysis.wording import several, words

INSTALL_SLOW_AFTER = timedelta(minutes=10)
MANY_TRIES = 3
MANY_FAILED = 2
"""Apps that failed in one attempt from which on they are told together."""
RESTARTS_WITHIN = timedelta(minutes=30)
"""An installer that restarts Windows does so at once; updates that are put in meanwhile take their time."""
SHOW_ATTEMPTS = [
    EVENTS_AUTOPILOT,
    EVENTS_SHELL_CORE,
    EVENTS_MDM_ADMIN,
    EVENTS_MDM_ENROLLMENT,
    EVENTS_USER_DEVICE_REGISTRATION,
]
"""Sources in which a deployment would be seen."""
PAST_THE_PAGE = ["device_setup", "account_setup", "desktop"]
"""Stages whose good end shows that the page went on."""
WAITED_FOR = pl.col("blocking").fill_null(value=False)
"""Whether an app is known to stand among those for which the status page waited."""
RESTART = (pl.col("outcome") == "waiting") & pl.col("reason").str.contains(r"(?i)reboot|restart").fill_null(
    False
)
"""Whether an app waits for a restart of the device."""


@once
def _apps(trace: Trace) -> pl.DataFrame:
    """Return tries at apps, with the severity that their attempt gives them; the agent's package is none."""
    failed = failed_runs(trace, ["device_setup", "account_setup"]).select("device", "attempt").unique()
    own_work = pl.col("attempt").is_null() | ~on_the_page()  # the Store at its daily work, Setup's packages
    background = (pl.col("kind") == "modern") & own_work
    apps = trace.installs.filter(pl.col("kind").is_in(APPS), ~background)
    apps = apps.join(not_brought(trace), on=ITEM, how="anti", maintain_order="left").join(
        failed.with_columns(bad=pl.lit(value=True)), on=["device", "attempt"], how="left"
    )
    return apps.with_columns(
        severity=pl.when(pl.col("bad").fill_null(value=False)).then(pl.lit(WARNING)).otherwise(pl.lit(INFO)),
        at=pl.coalesce("ended_at", "started_at"),
    )


def _less_held_up(apps: pl.DataFrame, tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps less those that were not tried for the sake of another that did not come."""
    return apps.join(held_up(tables, trace), on=ITEM, how="anti", nulls_equal=True, maintain_order="left")


def _how_it_came_out() -> pl.Expr:
    """Return in words what came of a try: its outcome, number, exit code, and what kind of package it is."""
    ended_with = pl.format(", {}", exit_code()).fill_null("")
    what = pl.when(IS_REMOVAL).then(pl.lit("its removal: outcome ")).otherwise(pl.lit("outcome "))
    package = pl.when(pl.col("kind") == "msi", ~AGENT_S_OWN).then(pl.lit(f", {BY_MANAGEMENT}"))
    return pl.concat_str(what, "outcome", pl.lit(", try "), "try_number", ended_with, package.fill_null(""))


def where_it_was() -> pl.Expr:
    """Return in which phase the status page was at the time, by the agent's own word; empty where unknown."""
    stage = pl.concat_str(pl.col("phase").cast(pl.String), pl.lit("_setup"))
    named = stage.replace_strict({name: words(name) for name in PHASES}, default=None, return_dtype=pl.String)
    return pl.format("; the status page was in {} then, by the agent's log", named).fill_null("")


def _as_proofs(rows: pl.DataFrame, quote: pl.Expr | None = None) -> pl.DataFrame:
    return proof(rows, _how_it_came_out() if quote is None else quote, CALLED)


@rule("APP-RETRIED", needs="install=win32,winget,msi,office,modern", limits={"tries": MANY_TRIES})
def retried(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were tried again and again in one attempt, unless their failure is a finding already."""
    again = _apps(trace).filter(pl.len().over("device", "attempt", "item") >= MANY_TRIES)
    if again.is_empty():
        return no_proof()
    blamed = blamed_tries(tables, trace, FAILED_TRIES).select("device", "attempt", "item")
    return _as_proofs(again.join(blamed, on=["device", "attempt", "item"], how="anti", nulls_equal=True))


@rule("APP-FAILED", needs="install=failed,not_detected", limits={"again": LEFT_ALONE})
def failed_beside(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try failed although the deployment went on without them."""
    beside = _beside(tables, trace).filter("went_on", ~outside(trace))
    return all_proofs([_as_proofs(beside), cause_lines(beside)])


@rule("APP-FAILED-OUTSIDE", needs="install=failed,not_detected", limits={"again": LEFT_ALONE})
def failed_outside(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try failed apart from every deployment, or that are offered alone."""
    last = _less_held_up(_apps(trace), tables, trace).group_by("device", "item", maintain_order=True).last()
    failed = last.filter(pl.col("outcome").is_in(FAILED_TRIES), outside(trace))
    apart = with_those_behind(failed.with_columns(severity=pl.lit(INFO)), tables, trace)
    return all_proofs([_as_proofs(apart), cause_lines(apart)])


@rule("APP-FAILED-UNSEEN", needs="install=failed,not_detected", limits={"again": LEFT_ALONE})
def failed_before_an_open_end(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try failed, where nothing shows that the page waited for them, nor that it was left."""
    beside = _beside(tables, trace).filter(~outside(trace))
    open_ended = beside.filter(~pl.col("went_on"), ~WAITED_FOR)
    return all_proofs([_as_proofs(open_ended), cause_lines(open_ended)])


@once
def _beside(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps whose last try failed and ended no part of the page, and whether the page went on."""
    stopped = failed_runs(trace, ["device_setup", "account_setup"])
    prepared = trace.attempts.filter(pl.col("scenario") == "device_preparation").select("device")
    last = (
        _less_held_up(_apps(trace), tables, trace)
        .join(prepared, on="device", how="anti")
        .group_by("device", "item", maintain_order=True)
        .last()
    )
    failed = last.filter(pl.col("outcome").is_in(FAILED_TRIES))
    visible = failed.join(_unseen(tables, trace), on="device", how="anti")
    beside = visible.join(stopped, on=["device", "attempt"], how="anti", nulls_equal=True)
    if beside.is_empty():
        return beside.with_columns(went_on=pl.lit(value=False))
    return _with_the_page(with_those_behind(beside, tables, trace).drop("behind"), trace)


def _with_the_page(failed: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return failed apps with `went_on`: whether a part of the page that they may belong to ended well.

    A part of the device that ended before
    an app failed says nothing of an app that may be the user's.
    """
    good = trace.stage_runs.filter(pl.col("outcome") == "succeeded", pl.col("stage").is_in(PAST_THE_PAGE))
    good = good.select("device", run="attempt", part=pl.col("stage").cast(pl.String), part_at="ended_at")
    whole = trace.attempts.filter(pl.col("outcome") == "succeeded")
    whole = whole.select("device", run="attempt", part=pl.lit(None, pl.String), part_at="ended_at")
    same = (pl.col("run") == pl.col("attempt")).fill_null(value=pl.col("attempt").is_null())
    of_device = (pl.col("phase").cast(pl.String) == OF_DEVICE).fill_null(value=False)
    before = (pl.col("at") <= pl.col("part_at")).fill_null(value=False)
    passed = (pl.col("part") != "device_setup").fill_null(value=True) | of_device | before
    rows = failed.with_row_index("row")
    left = rows.join(pl.concat([good, whole]), on="device").filter(same, passed | pl.col("attempt").is_null())
    on = rows.with_columns(went_on=pl.col("row").is_in(left["row"].implode()))
    loud = ~pl.col("went_on") & pl.col("attempt").is_not_null()
    severity = pl.when(loud).then(pl.lit(WARNING)).otherwise("severity")
    return on.with_columns(severity=severity).drop("row")


@rule(
    "APP-FAILED-BESIDE",
    needs="failed=device_setup,account_setup; install=failed,not_detected",
    limits={"again": LEFT_ALONE},
)
def failed_beside_the_end(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try failed in a phase of the page that failed, though not at its apps."""
    tries = tries_beside(tables, trace, FAILED_TRIES)
    if tries.is_empty():
        return no_proof()
    last = tries.group_by("device", "attempt", "item", maintain_order=True)
    return all_proofs([_as_proofs(last.last()), cause_lines(last.last())])


def _unseen(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the devices of whose deployment nothing is known, and no log is there that would show one."""
    there = tables.coverage.filter(pl.col("presence") != ABSENT, pl.col("source").is_in(SHOW_ATTEMPTS))
    known = pl.concat([there.select("device"), trace.attempts.select("device")])
    return tables.devices.select("device").join(known, on="device", how="anti")


@rule("APP-FAILED-UNPLACED", needs="install=failed,not_detected")
def failed_without_a_deployment(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try failed where nothing in the export could show what a deployment made of it."""
    unplaced = _unplaced(tables, trace, waited_for=False)
    quote = pl.concat_str(_how_it_came_out(), where_it_was())
    return all_proofs([_as_proofs(unplaced, quote), cause_lines(unplaced)])


@rule("APP-FAILED-TRACKED", needs="install=failed,not_detected")
def failed_for_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that failed and are listed among those for which the status page waited, its end not seen."""
    tracked = _unplaced(tables, trace, waited_for=True)
    open_ended = _beside(tables, trace)
    if open_ended.height:
        in_time = open_ended.filter(~pl.col("went_on"), WAITED_FOR)
        tracked = pl.concat([tracked, in_time.select(tracked.columns)])
    return all_proofs([_as_proofs(tracked), cause_lines(tracked)])


def _unplaced(tables: Tables, trace: Trace, *, waited_for: bool) -> pl.DataFrame:
    """Return apps whose last try failed, of devices of which no log could show a deployment."""
    apps = _less_held_up(_apps(trace), tables, trace)
    last = apps.group_by("device", "item", maintain_order=True).last()
    failed = last.filter(pl.col("outcome").is_in(FAILED_TRIES)).drop("severity")
    failed = with_those_behind(failed, tables, trace).drop("behind")
    return failed.filter(waited_for == WAITED_FOR).join(_unseen(tables, trace), on="device", how="semi")


@rule("APP-RESTART", needs="install=win32,winget,msi,office,modern")
def restarted_by_app(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps of the status page whose return code says that Windows restarts, where it did start soon after."""
    hard = _apps(trace).filter(pl.col("exit_class") == HARD_RESTART, pl.col("phase").is_not_null())
    tries = hard.with_row_index("try")
    took = pl.col("boot_at") - pl.col("ended_at")
    soon = tries.join(boots(trace), on="device").filter(took.is_between(timedelta(), RESTARTS_WITHIN))
    return _as_proofs(tries.join(soon, on="try", how="semi", maintain_order="left"), exit_words())


@rule("APP-SLOW", needs="install=succeeded")
def slow(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer ran for longer than `INSTALL_SLOW_AFTER` of a deployment's time, and ended."""
    minutes = pl.concat_str(pl.lit("ran for "), pl.col("waited").dt.total_minutes(), pl.lit(" minutes"))
    long = _apps(trace).filter(
        pl.col("waited") > INSTALL_SLOW_AFTER,
        pl.col("outcome") == "succeeded",
        pl.col("attempt").is_not_null(),
    )
    return _as_proofs(long.drop("severity"), minutes)


@rule("APP-DOWNLOAD-FAILED", needs="install")
def download_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try ended with their download, before any installer began."""
    last = _apps(trace).group_by("device", "item", maintain_order=True).last()
    lost = last.filter(pl.col("download_outcome") == "failed").with_columns(code="download_code")
    reason = pl.concat_str(pl.coalesce("reason", "outcome"), download_words())
    return _as_proofs(lost, reason)


@rule("APP-DOWNLOAD-STALLED", needs="install", limits={"stall": STALL})
def download_stalled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose download stood still and went on, or had not ended."""
    stood = _apps(trace).filter(pl.col("stalls") > 0, pl.col("download_outcome") != "failed")
    quote = pl.format("stood still {} times{}", "stalls", download_words())
    return _as_proofs(stood.drop("code"), quote)


@rule("APPS-SEVERAL-FAILED", needs="install=failed,not_detected")
def several_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts in which at least `MANY_FAILED` apps failed."""
    failed = _less_held_up(_apps(trace), tables, trace).filter(pl.col("outcome").is_in(FAILED_TRIES))
    many = (
        failed.group_by("device", "attempt")
        .agg(n=pl.col("item").n_unique())
        .filter(pl.col("n") >= MANY_FAILED)
    )
    rows = failed.join(many, on=["device", "attempt"], nulls_equal=True).drop("code")
    return proof(rows, CALLED, pl.concat_str("n", pl.lit(f" {several(APP)}")))


@rule("APP-NEVER-STARTED", needs="install=never_started,waiting")
def never_started(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps of a failed status page that were never begun, or still waited for something."""
    idle = _apps(trace).filter(
        pl.col("outcome").is_in(["never_started", "waiting"]), pl.col("severity") == WARNING
    )
    own = idle.join(held_back(tables, trace), on=ITEM, how="anti", maintain_order="left")
    own = own.join(held_up(tables, trace), on=ITEM, how="anti", maintain_order="left")
    others = own.filter(~RESTART, pl.col("blocking").fill_null(value=True))
    return _as_proofs(others, pl.coalesce("reason", "outcome"))


@rule("APP-WAITS-FOR-RESTART", needs="install=waiting")
def waits_for_restart(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that are installed or due, and go on only after the device restarts."""
    return _as_proofs(_apps(trace).filter(RESTART), pl.col("reason"))


@rule("APP-DEPENDENCY", needs="install=failed,waiting,skipped")
def dependency(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that failed or wait because of an app they depend on, which is named where it is known."""
    waiting = held_up(tables, trace).unique(ITEM, keep="first", maintain_order=True)
    roots = waiting.select(*ITEM, "root_called")
    drawn_in = pl.col("outcome").is_in(["failed", "waiting", "skipped"]) & DRAWN_IN
    apps = _apps(trace).join(roots, on=ITEM, how="left", nulls_equal=True, maintain_order="left")
    broken = apps.filter(drawn_in | pl.col("root_called").is_not_null())
    named = pl.format("{}, which depends on {}", CALLED, "root_called")
    quote = pl.coalesce("reason", pl.col("outcome").cast(pl.String))
    return proof(broken.drop("code"), quote, pl.coalesce(named, CALLED))


@rule("APP-EXIT-CODE-UNMAPPED", needs="install=failed")
def failed_yet_detected(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer reported an error although the app was found afterwards."""
    there = pl.col("detected").fill_null(value=False)
    return _as_proofs(_apps(trace).filter(pl.col("outcome") == "failed", there, ~IS_REMOVAL))


@rule("APP-SUCCEEDED-THEN-FAILED", needs="install=succeeded; install=failed,not_detected")
def later_failure(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were installed and counted as failed later in the same attempt."""
    apps = _apps(trace)
    good = apps.filter(pl.col("outcome") == "succeeded").group_by("device", "attempt", "item")
    first = good.agg(good_at=pl.col("ended_at").min())
    bad = apps.filter(pl.col("outcome").is_in(FAILED_TRIES))
    later = bad.join(first, on=["device", "attempt", "item"], nulls_equal=True)
    return _as_proofs(later.filter(pl.col("ended_at") > pl.col("good_at")))


@rule("OFFICE-FAILED", needs="install=office; install=failed")
def office_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Microsoft 365 Apps of the Office type that failed."""
    return _as_proofs(_apps(trace).filter(pl.col("kind") == "office", pl.col("outcome") == "failed"))


@rule("APP-STORE-FAILED", needs="install=modern,winget; install=failed")
def store_app_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Store and MSIX apps that failed."""
    return _as_proofs(
        _apps(trace).filter(pl.col("kind").is_in(["modern", "winget"]), pl.col("outcome") == "failed")
    )
