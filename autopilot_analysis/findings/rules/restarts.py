"""Restarts of the status page, and the sign-in that one between device and account setup asks for again."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import AADSTS
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import REBOOT_REQUIRED_BY_POLICY
from autopilot_analysis.facts.source_names import EVENTS_SYSTEM
from autopilot_analysis.findings.looking import (
    SIGN_IN_ERRORS,
    SIGNED_IN,
    boots,
    events_of,
    in_attempts,
    marks_in,
    unwell,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.findings.signs.signs import gather, match
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.capture import ABSENT
from autopilot_analysis.tables.story import ON_THE_PAGE, PHASES
from autopilot_analysis.tables.verdict import INFO, WARNING
from autopilot_analysis.trace.attempts import USERLESS

POLICY_URI = r"(?i)vendor/msft/[A-Za-z0-9_./~-]+"
"""What asked for a restart, as 2800 lists it."""
POLICY_ROOT = r"(?i)^vendor/msft/(?:policy/config/)?"
ORDERED = "user32:1074"
STARTED_WITHIN = timedelta(minutes=5)
"""Windows is up again so soon after a restart was ordered."""
OF_WINDOWS = r"(?i)(?:svchost|omadmclient|deviceenroller|cloudexperiencehostbroker)\.exe"
"""Programs in which Windows itself orders a restart; an installer's own is another matter."""
BEHIND = timedelta(minutes=15)
"""A start so soon after device setup belongs to its end: what policies held back comes at once."""
NOBODY_FOR = timedelta(hours=1)
"""A person who is at work on the device signs in sooner; records that end earlier show nothing."""
REFUSED_FOR = timedelta(minutes=2)
"""Errors over so long are more than one mistyped password."""
SILENT = ["AADSTS50058", "AADSTS50097", "AADSTS9002313"]
"""Errors of tokens that are asked for without a person."""
FINAL = [code for name in ("tenant_decisions", "device_refusals") for code in read_facts(name)["code"]]
"""Refusals of a person or a device: what a restart has no part in, and another sign-in does not change."""
DENIED = "security:4625"
SHOWS_SIGN_INS = EVENTS_SYSTEM
"""Source in which Winlogon writes of each sign-in: without it nobody can say that there was none."""
STATUS = r'(?i)"(?:Sub)?Status"\s*:\s*"0x{}"'
AT_THE_DEVICE = r'"LogonType"\s*:\s*"?(?:2|7|10|11)\b'
"""Logons of a person: at the device, to unlock it, from afar, with what the device remembers."""


def _in_page(trace: Trace) -> pl.DataFrame:
    """Return the starts inside a phase of the status page: device, attempt, started_at, boot_at.

    A phase whose end was not seen reaches as far as its attempt.
    """
    phase = trace.stage_runs.filter(pl.col("stage").is_in(PHASES)).select(
        *ATTEMPT, "started_at", until="ended_at"
    )
    placed = in_attempts(boots(trace).with_columns(at="boot_at"), trace).rename({"attempt": "of_attempt"})
    before_end = (pl.col("boot_at") < pl.col("until")).fill_null(pl.col("of_attempt") == pl.col("attempt"))
    starts = phase.join(placed, on="device").filter(pl.col("boot_at") > pl.col("started_at"), before_end)
    return starts.drop("until", "of_attempt", "at")


def _device_done(trace: Trace) -> pl.DataFrame:
    """Return the attempts in which a person is due after device setup: done_at, and next_at if one came."""
    setup = trace.stage_runs.filter(pl.col("stage") == "device_setup", pl.col("outcome") == "succeeded")
    later = trace.stage_runs.filter(
        pl.col("stage").is_in(["account_setup", "desktop"]), pl.col("outcome") != "skipped"
    )
    came = later.group_by(ATTEMPT).agg(next_at=pl.col("started_at").min(), later=pl.len())
    due = trace.attempts.filter(~pl.col("scenario").is_in(USERLESS).fill_null(value=False))
    done = setup.join(due, on=ATTEMPT, how="semi").select(*ATTEMPT, "started_at", done_at="ended_at")
    return done.join(came, on=ATTEMPT, how="left")


def _behind_page(trace: Trace) -> pl.DataFrame:
    """Return the first start just behind device setup and before account setup, with the columns of both."""
    between = pl.col("boot_at").is_between("done_at", pl.col("done_at") + BEHIND)
    before = (pl.col("boot_at") < pl.col("next_at")).fill_null(value=True)
    starts = _device_done(trace).join(boots(trace), on="device").filter(between, before)
    return starts.sort("boot_at").unique(ATTEMPT, keep="first", maintain_order=True)


def page_restarts(trace: Trace) -> pl.DataFrame:
    """Return the starts inside the status page, or just behind its device setup, where a person is due.

    Of an attempt without a phase of the page they are all starts inside it.

    Args:
        trace: What `build_trace` returned.

    Returns:
        device, attempt, boot_at.
    """
    columns = [*ATTEMPT, "boot_at"]
    due = trace.attempts.filter(~pl.col("scenario").is_in(USERLESS).fill_null(value=False))
    paged = trace.stage_runs.filter(pl.col("stage").is_in(PHASES))
    inside = in_attempts(boots(trace).with_columns(at="boot_at"), trace).drop_nulls("attempt")
    inside = inside.filter(pl.col("boot_at").is_not_null()).join(paged, on=ATTEMPT, how="anti")
    starts = [rows.select(columns) for rows in (_in_page(trace), _behind_page(trace), inside)]
    return pl.concat(starts).unique(maintain_order=True).join(due, on=ATTEMPT, how="semi")


def named_policies(asked: pl.DataFrame) -> pl.DataFrame:
    """Return device, attempt and as item the policies that asked for a restart, by their nodes.

    Args:
        asked: Marks of a policy that asked for one, each with its attempt.
    """
    named = asked.with_columns(policy=pl.col("detail").str.extract_all(POLICY_URI)).explode("policy")
    short = pl.col("policy").str.replace(POLICY_ROOT, "").drop_nulls().unique(maintain_order=True)
    policies = named.group_by(ATTEMPT, maintain_order=True).agg(item=short.str.join(", "))
    return policies.filter(pl.col("item") != "")


def _asked(tables: Tables, trace: Trace, restarts: pl.DataFrame) -> pl.DataFrame:
    """Return what asked for restarts before they came, since their phase or the page before it began.

    Windows gathers what asks for one from the first policies on, and restarts once. What asked before the
    phase of the restart had no part in it where a program that is not of Windows ordered it.
    """
    page = trace.stage_runs.filter(pl.col("stage").is_in(ON_THE_PAGE)).group_by(ATTEMPT)
    since = restarts.join(page.agg(page_at=pl.col("started_at").min()), on=ATTEMPT, how="left")
    asked = marks_in(trace, [REBOOT_REQUIRED_BY_POLICY]).join(since, on=ATTEMPT)
    in_phase = asked.filter(pl.col("at").is_between("started_at", "boot_at"))
    earlier = asked.filter(pl.col("at") >= pl.col("page_at"), pl.col("at") < pl.col("started_at"))
    foreign = _ordered_by_others(tables, restarts)
    return pl.concat([in_phase, earlier.join(foreign, on=["device", "boot_at"], how="anti")])


def _ordered_by_others(tables: Tables, restarts: pl.DataFrame) -> pl.DataFrame:
    """Return the restarts that a program ordered which is not of Windows: device, boot_at."""
    orders = events_of(tables, [ORDERED]).filter(~pl.col("detail").str.contains(OF_WINDOWS))
    both = restarts.select("device", "boot_at").join(orders.select("device", ordered_at="at"), on="device")
    just_before = pl.col("ordered_at").is_between(pl.col("boot_at") - STARTED_WITHIN, pl.col("boot_at"))
    return both.filter(just_before).drop("ordered_at")


@rule("ESP-REBOOT", needs="mark=reboot_required_by_policy")
def rebooted_by_policy(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Restarts of the status page after a policy had asked for one, with the policies that had."""
    columns = [*ATTEMPT, "started_at", "boot_at"]
    restarts = pl.concat([_in_page(trace).select(columns), _behind_page(trace).select(columns)])
    inside = _asked(tables, trace, restarts)
    ill = unwell(trace).select(*ATTEMPT, severity=pl.lit(WARNING))
    weighed = inside.join(ill, on=ATTEMPT, how="left").join(named_policies(inside), on=ATTEMPT, how="left")
    return proof(weighed.with_columns(pl.col("severity").fill_null(INFO)), item=pl.col("item"))


def _stands(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the last attempt of a device if it stands behind device setup and nobody signed in since."""
    last = trace.attempts.group_by("device").agg(pl.col("attempt").max())
    stands = _device_done(trace).filter(pl.col("later").is_null()).join(last, on=ATTEMPT, how="semi")
    signed_in = events_of(tables, [SIGNED_IN]).select("device", in_at="at").join(stands, on="device")
    since = signed_in.filter(pl.col("in_at") > pl.col("done_at"))
    return stands.join(since, on="device", how="anti")


def _left_behind(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the starts behind device setup after which nobody signed in, where a sign-in would show."""
    shows = tables.coverage.filter(pl.col("source") == SHOWS_SIGN_INS, pl.col("presence") != ABSENT)
    stands = _stands(tables, trace).join(shows, on="device", how="semi")
    return _behind_page(trace).join(stands, on=ATTEMPT, how="semi")


@rule("SIGN-IN-AGAIN-FAILED", needs=f"event={','.join(SIGN_IN_ERRORS)}")
def refused_again(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins that a restart behind device setup asked for again, and that Entra refused until the end."""
    stands = _left_behind(tables, trace)
    errors = events_of(tables, SIGN_IN_ERRORS).with_columns(named=pl.col("detail").str.extract(f"({AADSTS})"))
    of_person = errors.filter(pl.col("named").is_not_null(), ~pl.col("named").is_in(SILENT))
    since = of_person.join(stands, on="device")
    since = since.filter(pl.col("at") > pl.col("boot_at"))
    over = pl.col("at").max().over(ATTEMPT) - pl.col("at").min().over(ATTEMPT)
    at_last = pl.col("named").last().over(ATTEMPT)
    refused = since.filter(over >= REFUSED_FOR, ~at_last.is_in(FINAL)).drop("code")
    asked = _asked(tables, trace, stands)
    why = refused.join(named_policies(asked), on=ATTEMPT, how="left", maintain_order="left")
    item = pl.coalesce(pl.format("{}, after a restart for {}", at_last, "item"), at_last)
    items = why.select(*ATTEMPT, item=item).unique(ATTEMPT)
    reasons = asked.join(items, on=ATTEMPT)
    return all_proofs([proof(reasons, item=pl.col("item")), proof(why, item=item)])


@rule("SIGN-IN-AGAIN-MISSING", needs="mark=reboot_required_by_policy")
def nobody_again(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins that a policy's restart behind device setup asked for again, and that nobody made."""
    stands = _left_behind(tables, trace)
    lived = tables.events.group_by("device").agg(until=pl.col("at").max())
    alone = stands.join(lived, on="device").filter(pl.col("until") - pl.col("boot_at") >= NOBODY_FOR)
    asked = _asked(tables, trace, alone)
    return proof(asked.join(named_policies(asked), on=ATTEMPT, how="left"), item=pl.col("item"))


@rule("SIGN-IN-DENIED", needs=f"event={DENIED}")
def denied_by_windows(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins behind device setup that Windows itself refused, by the policy that forbids them.

    Each row of facts/sign_in_policies.csv names a status, and the places of the policy that explains it; one
    without places speaks where no policy with that status is there.
    """
    stands = _stands(tables, trace)
    logons = events_of(tables, [DENIED]).filter(pl.col("detail").str.contains(AT_THE_DEVICE))
    denied = logons.join(stands, on="device").filter(pl.col("at") > pl.col("done_at")).drop("code")
    if denied.is_empty():
        return no_proof()
    evidence, found, explained = gather(tables, trace), [], set[str]()
    for name, place, status in read_facts("sign_in_policies").select("rule", "place", "status").iter_rows():
        of_status = denied.filter(pl.col("detail").str.contains(STATUS.format(status.removeprefix("0x"))))
        values = match(place, evidence) if place else None
        if of_status.is_empty() or (values is None and status in explained):
            continue
        if values is None:
            found.append(proof(of_status, item=pl.lit(status)).with_columns(rule=pl.lit(name)))
        elif values.height:
            explained.add(status)
            set_for = values.join(of_status.select(ATTEMPT).unique(), on="device")
            found += [proof(rows).with_columns(rule=pl.lit(name)) for rows in (set_for, of_status)]
    return all_proofs(found)
