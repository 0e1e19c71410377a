"""Why the Intune agent did nothing while the page waited for it: no token, not its work, a script at work."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import AADSTS, code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import ENTRA_ERRORS, events_of, registry
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.agent import RECORDS_CITED, TOKEN_WORDS
from autopilot_analysis.findings.rules.page_parts import AFTER_THE_PAGE, open_parts
from autopilot_analysis.findings.rules.page_waits import ATTEMPT, waiting_for, waits, within
from autopilot_analysis.findings.rules.sign_in import BLOCKING
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import SCRIPT
from autopilot_analysis.tables.story import OF_ACCOUNT, OF_DEVICE
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.wording import CLOCK_TIME, IN_ZONE, span

APPS = "Apps"
DEMANDS = ["AADSTS50072", "AADSTS50074", "AADSTS50076", "AADSTS50079", "AADSTS50158", *BLOCKING]
"""What the agent, which shows no window on the page, cannot meet: a second factor or another demand on the
user, and what the tenant decided."""
INTUNE = "(?i)fc0f3af4-6835-4174-b806-f7db311fd2f3|26a4ae64-5862-427f-a9b0-044e62572a4f"
"""The agent as client, and the resource it asks a token for (Microsoft Intune Checkin)."""
BESIDE = timedelta(minutes=1)
"""So near to a token that the agent did not get an error of Entra is about it."""
ERRORS = f"event={','.join(ENTRA_ERRORS)}"
"""Errors of Entra's sign-in on the device."""
WORKLOAD = r"Comgt app workload status (True|False)"
"""Whether apps are the work of Configuration Manager, as the agent asks before it looks for any."""
CO_MANAGED = 1 | 0x2000
"""Bits of CoManagementFlags that every co-managed device has: configured, and the base of newer clients."""
SCRIPTS = ["script", "detection", "requirement"]
SCRIPT_HELD_UP_FOR = timedelta(minutes=10)
"""A script that runs so long when the page gives up has held it up; a shorter one may just have begun."""


@rule("AGENT-TOKEN-BLOCKED", needs=f"{ERRORS}; failed=account_setup | {ERRORS}; attempt=unfinished")
def token_blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Tokens that Entra would not give the agent while account setup waited for the user's apps."""
    account = waiting_for(tables, trace, APPS).filter(pl.col("phase") == OF_ACCOUNT)
    if account.is_empty():
        return no_proof()
    asked = find_messages(tables.log_lines.filter(pl.col("message").str.contains_any(TOKEN_WORDS)))
    asked = within(asked, account).sort("at", maintain_order=True)
    lost, got = (asked.filter(pl.col("pattern") == name) for name in ("token_failure", "token_success"))
    errors = events_of(tables, ENTRA_ERRORS)
    named = errors.with_columns(item=pl.col("detail").str.extract(f"({AADSTS})")).drop("code")
    refused = _about(within(named.filter(pl.col("item").is_in(DEMANDS)), account), lost)
    came = got.group_by(ATTEMPT).agg(got_at=pl.col("at").max())
    last = refused.join(came, on=ATTEMPT, how="left", maintain_order="left")
    held = last.filter((pl.col("at").max().over(ATTEMPT) > pl.col("got_at")).fill_null(value=True))
    first = held.unique(ATTEMPT, keep="first").select(*ATTEMPT, "item")
    lines = lost.join(first, on=ATTEMPT, maintain_order="left").group_by(ATTEMPT, maintain_order=True)
    quote = pl.format("the agent got no token, error {}", code_of(pl.col("code"), "failure"))
    shown = lines.head(RECORDS_CITED).with_columns(detail=quote).drop("code")
    return all_proofs([proof(held), proof(shown)])


def _about(refused: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Return the errors of Entra that name the agent or its resource, or stand beside its own failure."""
    near = refused.sort("at", maintain_order=True).join_asof(
        lost.select("device", "at", lost_at="at").sort("at"),
        on="at",
        by="device",
        strategy="nearest",
        tolerance=BESIDE,
        check_sortedness=False,
    )
    return near.filter(pl.col("detail").str.contains(INTUNE) | pl.col("lost_at").is_not_null())


@rule("ESP-APPS-OF-CONFIGMGR", needs="failed=device_setup,account_setup | attempt=unfinished")
def apps_of_the_other(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Pages that waited for apps of the agent although co-management gives them to Configuration Manager.

    The agent's own word goes before the flags; where it took an app up, the apps are its work.
    """
    waiting = _untouched(trace, waiting_for(tables, trace, APPS))
    if waiting.is_empty():
        return no_proof()
    lines = tables.log_lines.filter(pl.col("message").str.contains(WORKLOAD)).select(
        "device", "member", "record", "at", detail="message", theirs=pl.col("message").str.extract(WORKLOAD)
    )
    asked = within(lines, waiting).sort("at", maintain_order=True)
    last = asked.group_by(ATTEMPT, maintain_order=True).agg(pl.col("theirs").last())
    theirs = last.filter(pl.col("theirs") == "True").select(ATTEMPT)
    flags = _left_out(tables, APPS).join(waiting, on="device", maintain_order="left")
    unnamed = flags.join(_unnamed(tables), on=["device", "phase"], how="semi").join(
        last, on=ATTEMPT, how="anti"
    )
    shown = pl.concat([flags.join(theirs, on=ATTEMPT, how="semi"), unnamed])
    answers = asked.filter(pl.col("theirs") == "True").join(theirs, on=ATTEMPT, how="semi")
    first = answers.group_by(ATTEMPT, maintain_order=True).head(RECORDS_CITED)
    return all_proofs([proof(first), proof(shown)])


@rule("ESP-WORKLOAD-OF-CONFIGMGR", needs="registry=comanagementflags")
def workload_of_the_other(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Parts of the page, other than apps, that stood open and are the work of Configuration Manager."""
    parts = open_parts(tables).filter(pl.col("part") != APPS).select("device", "phase", "part")
    stood = (
        waits(trace).join(parts, on=["device", "phase"]).select(*ATTEMPT, "part").unique(maintain_order=True)
    )
    found = [
        _left_out(tables, part).join(stood.filter(pl.col("part") == part), on="device")
        for part in stood["part"].unique().sort()
    ]
    return all_proofs([proof(rows, item=pl.col("workload")) for rows in found])


def _untouched(trace: Trace, waiting: pl.DataFrame) -> pl.DataFrame:
    """Return the waits in which the agent took no app up."""
    begun = pl.col("started_at").is_not_null() | pl.col("download_started_at").is_not_null()
    taken = trace.installs.filter(pl.col("kind").is_in(["win32", "winget"]), begun)
    apps = taken.select(*ATTEMPT, pl.col("phase").cast(pl.String).fill_null("device"))
    return waiting.join(apps, on=[*ATTEMPT, "phase"], how="anti", maintain_order="left")


def _unnamed(tables: Tables) -> pl.DataFrame:
    """Return device and phase of the pages to which the agent has not named its apps."""
    provider = r"enrollmentstatustracking\\(device|s-1-[0-9-]+)\\setup\\apps\\policyproviders\\sidecar$"
    rows = registry(tables, provider, "^trackingpoliciescreated$").filter(pl.col("value") == "0")
    scope = pl.col("key").str.to_lowercase().str.extract(provider)
    return rows.select(
        "device", phase=pl.when(scope == "device").then(pl.lit(OF_DEVICE)).otherwise(pl.lit(OF_ACCOUNT))
    ).unique()


def _left_out(tables: Tables, part: str) -> pl.DataFrame:
    """Return the flags of co-management that leave the work of a part to Configuration Manager."""
    known = read_facts("workloads").filter(pl.col("part").str.split(" ").list.contains(part))
    bits = known.select(pl.col("bit").cast(pl.Int64), "workload").iter_rows()
    rows = registry(tables, r"\\microsoft\\ccm$", "^comanagementflags$")
    flags = rows.with_columns(at=NEVER, flags=pl.col("value").cast(pl.Int64, strict=False))
    managed = flags.filter((pl.col("flags") & CO_MANAGED) != 0)
    off = [
        managed.filter((pl.col("flags") & bit) == 0).with_columns(workload=pl.lit(workload))
        for bit, workload in bits
    ]
    return pl.concat([managed.clear().with_columns(workload=pl.lit(None, pl.String)), *off])


@rule("ESP-SCRIPT-RUNNING", needs="failed=device_setup,account_setup; install=script,detection,requirement")
def script_running(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Scripts that had not ended when the page gave up, where the agent had begun nothing after them."""
    agents = trace.installs.filter(pl.col("kind").is_in([*SCRIPTS, "win32", "winget"]))
    begun = agents.with_columns(at=pl.coalesce("download_started_at", "started_at")).drop_nulls("at")
    by_then = within(begun, waits(trace).filter("ended")).sort("at", maintain_order=True)
    stood = by_then.group_by(ATTEMPT, maintain_order=True).last()
    stood = stood.with_columns(lasted=pl.col("over_at") - pl.col("at"))
    script, open_one = pl.col("kind").is_in(SCRIPTS), pl.col("outcome") == "unfinished"
    later = (pl.col("ended_at") > pl.col("over_at")).fill_null(value=False)
    running = stood.filter(script, open_one | later, pl.col("lasted") >= SCRIPT_HELD_UP_FOR)
    undated = agents.filter(~open_one, pl.col("started_at").is_null()).select("device", "item")
    silent = running.join(undated, on=["device", "item"], how="anti", maintain_order="left")
    lasted = pl.Series("lasted", [span(one) for one in silent["lasted"]], pl.String)
    begun_at = pl.col("at").dt.strftime(CLOCK_TIME)
    minutes = (pl.col("ended_at") - pl.col("over_at")).dt.total_minutes()
    end = pl.format(f"it ended {{}}{AFTER_THE_PAGE}", minutes)
    quote = pl.format(f"begun at {{}}{IN_ZONE}; {{}}", begun_at, end.fill_null("no end of it is in the log"))
    return proof(silent.with_columns(lasted), quote, _script_words())


def _script_words() -> pl.Expr:
    """Return what a script is called, and how long it had been running."""
    app = pl.coalesce("name", pl.col("item").str.split(" of ").list.last())
    of_app = pl.format(f"{{}} {SCRIPT} of {{}}", "kind", app)
    own = (
        pl.when(pl.col("kind") != "script")
        .then(of_app)
        .otherwise(pl.coalesce("name", pl.format(f"{SCRIPT} {{}}", "item")))
    )
    return pl.format("{}, still running after {}", own, "lasted")
