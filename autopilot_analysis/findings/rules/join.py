"""Joining Entra ID, alone or together with the local domain."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import (
    OFFLINE_JOIN_APPLIED,
    OFFLINE_JOIN_AWAITED,
    OFFLINE_JOIN_TIMED_OUT,
)
from autopilot_analysis.findings.join_fields import (
    CLIENT_CODE,
    ERROR_PHASE,
    IN_ENTRA,
    PLACE,
    RUN_AS,
    RUN_BY,
    SERVER_CODE,
    SERVER_DESCRIPTION,
    SERVER_MESSAGE,
    TOKEN,
    TRY_ENDED,
    fields,
    outputs,
    trusted,
)
from autopilot_analysis.findings.looking import (
    NO_CONNECTION,
    NO_CONTROLLER,
    RECORD,
    events_of,
    failed_runs,
    in_attempts,
    keyed_events,
    marks_in,
)
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.join_state import begun_code, joined_since, with_host
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO, WARNING

NO_DOMAIN_CONTROLLER = "0x80070774"
UNREAD = "0x801C001D"
"""The service connection point could not be read: not there, or no domain controller was reached."""
JOIN = ["entra_join"]
ANSWERS = ["udr:201", "udr:204", "udr:208", "udr:304"]
"""Records that quote what answered to a join."""
MACHINE = r"(?i)(?:\$|^system|\\system)\s*(?:,|$)"
"""Accounts and contexts of the machine itself, as the command names who ran it."""
WEB_PAGE = r"(?i)<!doctype html|<html[\s>]"
DEBUG = ["udr:500", "udr:502"]
"""Records of the debug log, which names the code that a failure may give in words alone."""
KEY_NOT_SAVED = r"\bSavePublicKey\b"
"""The step in which the computer writes its certificate to its own object in Active Directory."""
OFFLINE = [OFFLINE_JOIN_TIMED_OUT, "domain_unreachable"]
"""Ends of a wait for the local domain: no service of Entra was asked."""
ONE_TRY = timedelta(minutes=15)
"""Records of one run of the join's task lie closer together."""
SOME_STEP = {"step": "the join", "host": "enterpriseregistration.windows.net"}
"""What is known of a step that no record of the join's own log names."""
AUTOMATIC = "automatic_join_failed"
HYBRID_MARKS = [OFFLINE_JOIN_TIMED_OUT, AUTOMATIC]


def _failed(trace: Trace, stages: list[str]) -> pl.DataFrame:
    scenario = trace.attempts.select("device", "attempt", "scenario")
    runs = failed_runs(trace, stages).join(scenario, on=["device", "attempt"], how="left")
    hybrid = pl.col("mark").is_in(HYBRID_MARKS) | (pl.col("scenario") == "hybrid_join")
    return runs.with_columns(hybrid=hybrid.fill_null(value=False))


def with_debug_code(tables: Tables, failed: pl.DataFrame) -> pl.DataFrame:
    """Return failures of the join; one without a code has that of the debug records of the same try.

    Records without a time are of one try where they stand in one text. Debug records that disagree lend none.
    """
    bare = failed.filter(pl.col("code").is_null()).select(*RECORD, "at")
    if bare.is_empty():
        return failed
    notes = events_of(tables, DEBUG).drop_nulls("code")
    both = bare.join(notes.select("device", of="member", said_at="at", lent="code"), on="device")
    same_try = both.filter(_of_one_try())
    agreed = same_try.filter(pl.col("lent").n_unique().over(RECORD) == 1).unique(RECORD)
    lent = failed.join(agreed.select(*RECORD, "lent"), on=RECORD, how="left", maintain_order="left")
    return lent.with_columns(code=pl.coalesce("code", "lent")).drop("lent")


def unsaved_keys(tables: Tables, failed: pl.DataFrame) -> pl.DataFrame:
    """Return debug records of the same try that say what a failed join of the same code could not write.

    Args:
        tables: What `read_tables` returned.
        failed: Failures of the join, each with its code.

    Returns:
        Rows with the columns of the failures, in which place and detail are those of the debug record.
    """
    notes = events_of(tables, DEBUG).filter(pl.col("detail").str.contains(KEY_NOT_SAVED))
    if notes.is_empty():
        return failed.clear()
    written = notes.select("device", "code", of="member", noted_record="record", said_at="at", noted="detail")
    both = failed.join(written, on=["device", "code"]).filter(_of_one_try())
    own = both.with_columns(member="of", record="noted_record", at="said_at", detail="noted")
    once_each = own.select(failed.columns).unique(RECORD, maintain_order=True)
    return once_each.join(failed, on=RECORD, how="anti", maintain_order="left")


def _of_one_try() -> pl.Expr:
    """Tell whether a record (`of`, `said_at`) and a failure (`member`, `at`) are of one run of the task."""
    near = (pl.col("said_at") - pl.col("at")).abs() <= ONE_TRY
    undated = pl.col("at").is_null() & pl.col("said_at").is_null() & (pl.col("member") == pl.col("of"))
    return near.fill_null(value=False) | undated


@rule("ENTRA-JOIN-FAILED", needs="failed=entra_join")
def join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose Entra join was refused or broke."""
    return proof(with_debug_code(tables, _failed(trace, JOIN).filter(~pl.col("hybrid"))))


@rule("HYBRID-JOIN-FAILED", needs="failed=entra_join")
def hybrid_join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose join of the local domain and Entra ID together broke.

    Of the join's task alone, where no attempt was seen, AUTOMATIC-JOIN-FAILED tells.
    """
    of_task_alone = pl.col("attempt").is_null() & (pl.col("mark") == AUTOMATIC)
    failed = _failed(trace, JOIN).filter("hybrid", ~of_task_alone)
    others = failed.join(_out_of_reach(tables, failed), on=["device", "attempt"], how="anti")
    named = others.filter((pl.col("code") != NO_DOMAIN_CONTROLLER).fill_null(value=True))
    return all_proofs([proof(named), proof(unsaved_keys(tables, named))])


def _out_of_reach(tables: Tables, failed: pl.DataFrame) -> pl.DataFrame:
    """Return the failures to read the service connection point from a domain that was not reached.

    Windows says so in the same quarter of an hour, as it puts the join off.
    """
    unread = failed.filter(pl.col("code") == UNREAD)
    unreached = events_of(tables, [NO_CONTROLLER]).select("device", said_at="at").drop_nulls()
    near = (pl.col("said_at") - pl.col("at")).is_between(-ONE_TRY, ONE_TRY)
    met = unread.join(unreached, on="device").filter(near)
    return unread.join(met, on=["device", "attempt"], how="semi", maintain_order="left")


@rule("JOIN-UNREACHED", needs="failed=entra_join")
def join_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failed joins whose connection to the service failed, with the step and the host that was asked."""
    failed = failed_runs(trace, JOIN).filter(
        pl.col("code").str.contains(NO_CONNECTION),
        pl.col("mark").is_in(OFFLINE).ne_missing(pl.lit(value=True)),
    )
    place = ["device", "member", "record"]
    keys = keyed_events(tables).select(*place, "key").unique(place)
    steps = read_facts("join_steps").select("key", "step", "host")
    named = failed.join(keys, on=place, how="left", maintain_order="left").join(
        steps, on="key", how="left", maintain_order="left"
    )
    step, host = (pl.col(name).fill_null(known) for name, known in SOME_STEP.items())
    return proof(named, item=pl.format("{} at {}", step, host))


@rule("JOIN-WEB-PAGE", needs="failed=entra_join; event=udr:201,udr:204,udr:208,udr:304")
def web_page_answered(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failed joins in which a page for people answered in place of the registration service."""
    failed = failed_runs(trace, JOIN).select("device", "attempt", failed_with="code")
    answers = in_attempts(events_of(tables, ANSWERS), trace)
    pages = answers.filter(pl.col("detail").str.contains(WEB_PAGE))
    met = pages.join(failed, on=["device", "attempt"])
    return proof(met.with_columns(code=pl.coalesce("failed_with", "code")))


@rule("HYBRID-BLOB-MISSING", needs="failed=entra_join; mark=offline_join_timed_out")
def blob_never_came(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that waited for the offline domain join until time ran out, and in which none was applied.

    The page then tells of no domain controller; a wait that was seen to begin was in vain all the same.
    """
    timed_out = _failed(trace, JOIN).filter(pl.col("mark") == OFFLINE_JOIN_TIMED_OUT)
    vain = timed_out.join(_applied(trace), on=["device", "attempt"], how="anti")
    elsewhere = vain.filter(pl.col("code").ne_missing(NO_DOMAIN_CONTROLLER))
    return proof(pl.concat([elsewhere, _waited_in_vain(trace, vain)]).unique(maintain_order=True))


def _applied(trace: Trace) -> pl.DataFrame:
    return marks_in(trace, [OFFLINE_JOIN_APPLIED]).select("device", "attempt")


def _waited_in_vain(trace: Trace, failed: pl.DataFrame) -> pl.DataFrame:
    """Return failed runs of attempts that were seen to begin the wait, to end it, and to apply nothing."""
    key = ["device", "attempt"]
    ended = marks_in(trace, [OFFLINE_JOIN_AWAITED]).join(
        marks_in(trace, [OFFLINE_JOIN_TIMED_OUT]), on=key, how="semi"
    )
    vain = ended.join(_applied(trace), on=key, how="anti").select(key).unique()
    return failed.join(vain, on=key, how="semi", maintain_order="left")


@rule("HYBRID-DC-UNREACHABLE", needs="failed=entra_join,device_preparation,device_setup")
def no_domain_controller(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid attempts that found no domain controller, in whichever stage that stopped them."""
    failed = _failed(trace, [*JOIN, "device_preparation", "device_setup"]).filter("hybrid")
    failed = failed.join(_waited_in_vain(trace, failed), on=["device", "attempt"], how="anti")
    unread = _out_of_reach(tables, failed).drop("code")
    return all_proofs([proof(failed.filter(pl.col("code") == NO_DOMAIN_CONTROLLER)), proof(unread)])


@rule("JOIN-PHASE", needs=f"property={ERROR_PHASE}")
def join_phase(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The phase and error that the join state itself names, each output of the command for itself.

    Of a device that is joined and trusted by now it is history.
    """
    phase = fields(tables, ERROR_PHASE, r"\w")
    errors = [CLIENT_CODE, SERVER_CODE, SERVER_MESSAGE]
    named = phase.group_by("device", "member", "section").agg(item=pl.col("value").first())
    rows = pl.concat([phase, fields(tables, errors, r"\w")]).join(named, on=["device", "member", "section"])
    codes = (
        rows.with_columns(code=begun_code())
        .group_by("device", "member")
        .agg(pl.col("code").drop_nulls().first())
    )
    about = with_host(rows.join(codes, on=["device", "member"], how="left"))
    weighed = _weighed(about.with_columns(about=pl.lit("entra_join")), trace)
    settled = pl.concat([trusted(tables), joined_since(tables, trace)]).unique()
    over = settled.with_columns(over=pl.lit(INFO))
    weighed = weighed.join(over, on=PLACE, how="left", maintain_order="left")
    return proof(weighed.with_columns(severity=pl.coalesce("over", "severity")))


@rule("JOIN-NO-TOKEN", needs=f"property={TOKEN}")
def joined_without_token(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices whose user has no primary refresh token, with what the last try at one met.

    The command speaks of the account that ran it: run by the machine's own account there is no user.
    """
    by_machine = fields(tables, [RUN_BY, RUN_AS], MACHINE)
    joined = outputs(tables, IN_ENTRA, "(?i)^yes$").join(by_machine, on=PLACE, how="anti")
    without = fields(tables, TOKEN, "(?i)^no$").join(joined, on=PLACE, how="semi")
    place = without.select("device", "member", "section").unique()
    tried = fields(tables, [TRY_ENDED, SERVER_CODE, SERVER_DESCRIPTION], r"\w")
    met = tried.join(place, on=["device", "member", "section"], how="semi").with_columns(code=begun_code())
    about = without.with_columns(about=pl.lit("account_setup"))
    weighed = _weighed(met.with_columns(about=pl.lit("account_setup")), trace)
    untried = about.join(met, on=["device", "member"], how="anti")
    beside = about.join(met, on=["device", "member"], how="semi")
    none = pl.lit(None, dtype=pl.String)
    return all_proofs(
        [
            proof(weigh(untried.with_columns(at=NEVER), trace)),
            proof(_weighed(beside.with_columns(code=none), trace)),
            proof(weighed),
        ]
    )


def _weighed(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Weigh what the join state names; where no log tells of an attempt its word alone is a warning."""
    tried = trace.attempts.select("device", tried=pl.lit(value=True)).unique()
    heavy = weigh(rows.with_columns(at=NEVER), trace).join(tried, on="device", how="left")
    alone = pl.col("tried").is_null()
    return heavy.with_columns(severity=pl.when(alone).then(pl.lit(WARNING)).otherwise("severity"))
