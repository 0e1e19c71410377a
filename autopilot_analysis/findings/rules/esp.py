"""The Enrollment Status Page: what it waited for, and what stopped it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import INSTALLER_BUSY
from autopilot_analysis.facts import shared_reasons
from autopilot_analysis.facts.marks import ESP_PAGE_LEFT, LOGON_TASKS_DONE, PAGE_CONTINUED
from autopilot_analysis.findings.looking import failed_runs, marks_in, once, registry
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.agent_package import not_brought
from autopilot_analysis.findings.rules.dependencies import DRAWN_IN, excused, held_up, with_those_behind
from autopilot_analysis.findings.rules.page_parts import page_status
from autopilot_analysis.findings.rules.page_tries import (
    IS_REMOVAL,
    ITEM,
    LISTED,
    blamed_tries,
    cause_lines,
    how_it_ended,
    out_of_time,
)
from autopilot_analysis.findings.rules.removals import held_back
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import APP, CALLED, itself
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import PHASES, RESET, TRIED_AGAIN, in_words
from autopilot_analysis.trace.installs.agent.apps import LEFT_ALONE, NOT_DETECTED
from autopilot_analysis.trace.installs.agent.untried import NOT_COMPUTED
from autopilot_analysis.trace.installs.overlap import BUSY_REASON
from autopilot_analysis.trace.page_off import FIRST_SYNC, OFF, SKIPS
from autopilot_analysis.wording import several

SIDECAR = r"(?i)\\enrollmentstatustracking\\(?:device|s-1-[0-9-]+)\\setup\\apps\\policyproviders\\([^\\]+)$"
OUT_OF_TIME = "ESP-TIMEOUT"
"""The rule of a page whose time ended, whatever it waited for."""
HYBRID_EXTRA = timedelta(minutes=40)
DISK_FULL = "0x80070070"
OF_CONTENT = ["0x87D30065", "0x87D30067", "0x87D30068", "0x87D3006A"]
"""Codes of the agent that speak of an app's content: it did not come, or could not be unpacked."""
NO_CONTENT = (
    (
        pl.col("download_outcome").cast(pl.String).eq_missing("failed")
        | pl.col("code").is_in(OF_CONTENT).fill_null(value=False)
    )
    & pl.col("exit_code").is_null()
    & pl.col("started_at").is_null()
)
"""Whether an app ended with its content, before any installer began."""
KEPT_OUT = pl.col("reason").str.starts_with(f"{BUSY_REASON}: ").fill_null(value=False)
"""Whether Windows Installer was at work for another one that is known: ESP-INSTALLER-BUSY names both."""
AGENT_APPS = ["win32", "winget"]
"""Kinds of apps that the Intune agent brings: it names to the page those that this waits for."""
UNANSWERED = pl.col("reason").is_in(list(NOT_COMPUTED.values())).fill_null(value=False)
ONWARD = [LOGON_TASKS_DONE, "account_setup_step_began", PAGE_CONTINUED]
"""Marks of a device that went on."""
SUBCATEGORY = (
    r'"[^".]*\.?(Certificates|SecurityPolicies|NetworkConnections)Subcategory"\s*:\s*'
    r'\{[^}]*"subcategoryState"\s*:\s*"failed"'
)


@rule(OUT_OF_TIME, needs="failed=device_setup,account_setup")
def timed_out(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases that the status page's timer ended."""
    return proof(out_of_time(trace))


def _ended_by(trace: Trace, mark: str) -> pl.DataFrame:
    """Return the marks of that name which ended a phase of the status page."""
    ended = failed_runs(trace, PHASES).select("device", "attempt", "member", "record")
    return marks_in(trace, [mark]).join(ended, on=["device", "attempt", "member", "record"], how="semi")


def _failed_apps(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the apps that failed in the phase that failed; the agent's own package is none of the page's."""
    tries = blamed_tries(tables, trace, ["failed"])
    return tries.join(not_brought(trace), on=ITEM, how="anti", maintain_order="left")


@rule("ESP-DEPENDENCY-FAILED", needs="failed=device_setup,account_setup; install=failed")
def dependency_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer failed, so that others that depend on them were not tried: one finding for both.

    One that the agent gave up at its time limit, or that met another installer, is told by that alone.
    """
    late = (pl.col("reason") == shared_reasons()["installer time limit"]).fill_null(value=False)
    busy = (pl.col("exit_code") == INSTALLER_BUSY).fill_null(value=False)
    own = of_their_own(tables, trace).filter(~late, ~busy)
    failed = with_those_behind(own, tables, trace).drop_nulls("behind")
    each = failed.select("device", "attempt", root="item", about="name").unique(maintain_order=True)
    waiting = held_up(tables, trace).join(each, on=["device", "attempt", "root"], maintain_order="left")
    listed = pl.when(LISTED).then(pl.lit("the status page counts it as failed"))
    why = pl.coalesce(listed, "reason", in_words(pl.col("outcome")))
    words = pl.format("{} depends on {} and was not tried: {}", CALLED, "root_called", why)
    idle = waiting.drop_nulls("about").with_columns(detail=words).drop("code")
    ends = [proof(failed, how_it_ended(), CALLED), cause_lines(failed)]
    return all_proofs([*ends, proof(idle, item=pl.col("about"))])


@rule("ESP-APP-FAILED", needs="failed=device_setup,account_setup; install=failed")
def app_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer failed in an attempt whose status page failed, and that held up no other.

    An app that failed for the sake of another is left to that other where it is seen to fail, and to
    ESP-APP-NOT-REMOVED where that other could not be removed.
    """
    failed = of_their_own(tables, trace)
    elsewhere = [_untracked(tables, trace), dependency_failed(tables, trace).with_columns(item=itself())]
    others = pl.concat([rows.select("device", "attempt", called="item") for rows in elsewhere]).unique()
    called = failed.with_columns(called=CALLED)
    own = called.join(others, on=["device", "attempt", "called"], how="anti", maintain_order="left")
    return all_proofs([proof(own, how_it_ended(), CALLED), cause_lines(own)])


@rule(
    "ESP-APP-UNTRACKED-FAILED",
    needs="failed=device_setup,account_setup; install=failed",
    limits={"again": LEFT_ALONE},
)
def untracked_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that failed and that the agent did not name to the page, which ended at one that it named."""
    failed = _untracked(tables, trace)
    return all_proofs([proof(failed, how_it_ended(), pl.col("item")), cause_lines(failed)])


@once
def of_their_own(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the apps whose own installer failed; one drawn in only where no other is seen to have failed."""
    of_its_own = ~pl.col("code").is_in([NOT_DETECTED, DISK_FULL])
    tries = _failed_apps(tables, trace)
    blamed = tries.filter(of_its_own.fill_null(value=True), ~NO_CONTENT, ~KEPT_OUT, ~LISTED, ~UNANSWERED)
    blamed = blamed.filter(~IS_REMOVAL)
    for left in (held_back(tables, trace), excused(tables, trace)):
        blamed = blamed.join(left, on=ITEM, how="anti", maintain_order="left")
    roots = blamed.filter(~DRAWN_IN).select("device", "attempt").unique()
    alone = blamed.filter(DRAWN_IN).join(roots, on=["device", "attempt"], how="anti")
    return pl.concat([blamed.filter(~DRAWN_IN), alone])


def _untracked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps of the agent that failed beside one of the page's, are none of these, and held none up.

    `item` is what they are called.
    """
    place = ["device", "attempt", "phase"]
    waits = pl.col("blocking").fill_null(value=False)
    blamed = blamed_tries(tables, trace, FAILED_TRIES, AGENT_APPS)
    named = blamed.filter(waits, ~LISTED, ~DRAWN_IN).select(place).unique()
    needed = held_up(tables, trace).filter(waits).select("device", "attempt", item="root").unique()
    failed = of_their_own(tables, trace).filter(~waits, pl.col("kind").is_in(AGENT_APPS))
    beside = failed.join(named, on=place, how="semi", maintain_order="left")
    return beside.join(needed, on=ITEM, how="anti", maintain_order="left").with_columns(item=CALLED)


@rule("ESP-APP-LISTED-FAILED", needs="failed=device_setup,account_setup; install=failed")
def listed_as_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that the page counts as failed, of which no installer was begun in what was read."""
    every = blamed_tries(tables, trace, ["failed"]).filter(LISTED)
    listed = every.join(excused(tables, trace), on=ITEM, how="anti", maintain_order="left")
    return proof(listed, how_it_ended(), CALLED)


@rule("ESP-APP-CONTENT", needs="failed=device_setup,account_setup; install=failed")
def content_of_no_use(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that ended with their content, before any installer began, while the page waited for them.

    Where not a byte of one came and all others did, its own content is in question; a large download that
    stopped midway, or several that did not come, may still be the network's doing.
    """
    lost = _failed_apps(tables, trace).filter(NO_CONTENT, pl.col("code").ne_missing(DISK_FULL))
    place = ["device", "attempt", "kind"]
    came = trace.installs.filter(pl.col("download_outcome") == "succeeded")
    others = came.group_by(place).agg(others=pl.col("item").n_unique())
    beside = lost.join(others, on=place, how="left", maintain_order="left")
    noun = pl.when(pl.col("others") == 1).then(pl.lit(APP)).otherwise(pl.lit(several(APP)))
    by_the_same_way = pl.format("; the content of {} other {} came in the same attempt", "others", noun)
    alone = pl.col("item").n_unique().over("device", "attempt") == 1
    no_byte = alone & (pl.col("downloaded_bytes").fill_null(0) == 0)
    words = pl.concat_str(how_it_ended(), pl.when(no_byte).then(by_the_same_way).fill_null(""))
    return all_proofs([proof(beside, words, CALLED), cause_lines(lost)])


@rule("ESP-DISK-FULL", needs="failed=device_setup,account_setup; install=failed")
def disk_full(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that found no space on the disk while the page waited: one cause, however many they are."""
    full = blamed_tries(tables, trace, ["failed"]).filter(pl.col("code") == DISK_FULL)
    own = CALLED
    names = full.group_by("device", "attempt").agg(names=own.unique(maintain_order=True).str.join(", "))
    named = full.join(names, on=["device", "attempt"], maintain_order="left")
    return proof(named, pl.concat_str(own, pl.lit(": "), how_it_ended()), pl.col("names"))


@rule("ESP-APPS-FAILED", needs="failed=device_setup,account_setup; mark=esp_apps_failed")
def apps_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases that the status page ended because an app failed."""
    late = out_of_time(trace).select("device", "attempt", "member", "record")
    return proof(_ended_by(trace, "esp_apps_failed").join(late, on=late.columns, how="anti"))


@rule("ESP-FAILED", needs="failed=device_setup,account_setup; mark=esp_failed")
def page_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases that the status page ended without saying which of its parts failed."""
    return proof(_ended_by(trace, "esp_failed"))


@rule("ESP-PROVIDER-STALLED", needs="attempt=failed,unfinished; registry=trackingpoliciescreated")
def provider_stalled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose status page waits for a policy provider that never named its apps."""
    stopped = (
        trace.attempts.filter(pl.col("outcome").is_in(["failed", "unfinished"])).select("device").unique()
    )
    created = tables.registry_values.filter(
        pl.col("name").str.to_lowercase() == "trackingpoliciescreated", pl.col("value") == "0"
    ).with_columns(provider=pl.col("key").str.extract(SIDECAR))
    stalled = created.filter(pl.col("provider").is_not_null()).join(stopped, on="device", how="semi")
    return proof(stalled, pl.concat_str("name", pl.lit(" = "), "value"), pl.col("provider"))


@rule("ESP-HYBRID-EXTRA", needs="attempt=hybrid_join", limits={"extra": HYBRID_EXTRA})
def hybrid_extra_wait(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid phases that ran past the page's limit, within what hybrid join adds."""
    limit = registry(tables, r"\\firstsync$", r"^syncfailuretimeout$").select(
        "device", minutes=pl.col("value").cast(pl.Int64, strict=False)
    )
    hybrid = trace.attempts.filter(pl.col("scenario") == "hybrid_join").select("device", "attempt")
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES)).join(
        hybrid, on=["device", "attempt"], how="semi"
    )
    over = pl.col("waited") - pl.duration(minutes=pl.col("minutes"))
    late = runs.join(limit.unique("device"), on="device").filter(over > timedelta(0), over <= HYBRID_EXTRA)
    rows = late.select(
        "device", "attempt", "minutes", at="ended_at", member="ended_member", record="ended_record"
    )
    return proof(rows, pl.concat_str(pl.lit("the limit is "), "minutes", pl.lit(" minutes")))


@rule("ESP-SUBCATEGORY-FAILED", needs="failed=device_setup,account_setup")
def subcategory_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases whose certificates, security policies or network connections failed."""
    status = page_status(tables)
    failed = status.with_columns(part=pl.col("value").str.extract(SUBCATEGORY)).filter(
        pl.col("part").is_not_null()
    )
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    last = runs.group_by("device").agg(pl.col("attempt").max())
    return proof(failed.join(last, on="device"), item=pl.col("part"))


@rule("ESP-OFF", needs="registry=skipdevicestatuspage,skipuserstatuspage")
def page_off(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that were told to show no status page; what is missing there was skipped, not failed."""
    rows = registry(tables, FIRST_SYNC, SKIPS)
    off = rows.filter(pl.col("value").str.to_lowercase().is_in(OFF))
    return proof(off, item=pl.col("name").str.extract(r"(?i)skip(device|user)").str.to_lowercase())


@rule("ESP-NO-LOG-COLLECTION", needs="registry=allowcollectlogsbutton")
def logs_not_allowed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose status page does not let the user collect logs."""
    rows = registry(tables, r"\\firstsync$", r"^allowcollectlogsbutton$")
    return proof(rows.filter(pl.col("value") == "0"))


@rule("ESP-CONTINUED-ANYWAY", needs=f"failed=device_setup,account_setup; mark={','.join(ONWARD)}")
def continued_anyway(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts in which somebody chose to continue, or went on, after the status page had failed.

    That the page was left alone says nothing: it is left as well for a reset or to try again.
    """
    failed = failed_runs(trace, PHASES).select("device", "attempt", failed_at="at")
    marks = marks_in(trace, [*ONWARD, ESP_PAGE_LEFT]).join(failed, on=["device", "attempt"])
    went = trace.attempts.filter(pl.col("afterwards").is_in([RESET, TRIED_AGAIN]))
    after = marks.filter(pl.col("at") > pl.col("failed_at")).join(went, on=["device", "attempt"], how="anti")
    onward = after.filter(pl.col("mark").is_in(ONWARD))
    return proof(after.join(onward, on=["device", "attempt"], how="semi"))
