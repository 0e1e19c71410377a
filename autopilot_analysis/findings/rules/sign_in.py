"""Signing in: the user before the join, the tenant it belongs to, Hello after it."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import AADSTS
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import SIGN_IN_PAGE_ERROR
from autopilot_analysis.findings.looking import (
    ENTRA_ERRORS,
    PAGE_SAID,
    RECORD,
    events_of,
    failed_runs,
    in_attempts,
    marks_in,
    unwell,
)
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.place import BELONGS_WITHIN

TOKEN_STAGES = ["user_authentication", "entra_join", "mdm_enrollment"]
"""Stages that cannot go on without a token of Entra."""
AROUND_FAILURE = timedelta(minutes=5)
"""An error so long after the failure may still be written about it; one so long before may have led to it."""
LOCAL = pl.when(pl.col("at").is_null()).then("recorded_at")
"""What the device's own clock showed, where that is all that is known of a record's time."""
WITHOUT_TOKEN = read_facts("token_failures")["code"].to_list()
"""Results of a join or an enrolment that had no usable token."""
BLOCKING = read_facts("tenant_decisions")["code"].to_list()
"""Decisions of the tenant, which trying again does not change: a policy, an account, an application."""
APPLICATION = r"(?i)\bapplication '[^']*' ?\(([^)]+)\)"
"""How Entra names the application that an error is about: its id, then its name."""
WORDS_OF_ENTRA = rf"({AADSTS}[^\\\"\r\n]{{0,500}})"
CORRELATION = r"(?i)correlation id(?: \(request\))?: ?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
"""What finds a sign-in in Entra's own logs."""
PROVIDER_PAGE = "OOBEIDPS"
"""What the sign-in page of OOBE ends with where the company's own identity provider did not load."""
NOT_LOADED = r"(?s)NavigationFailed.*?https?:[\\/]+([A-Za-z0-9.-]+)"
NOT_LAUNCHED = ["udr:360", "udr:362"]
"""The events that tell the conditions of Windows Hello where it is not offered."""
WANTED = ["DeviceIsJoined", "NgcPolicyEnabled"]
"""What must hold for Windows Hello to be due."""
USUAL = ["AADSTS50126", "AADSTS9002313", "AADSTS50097", "AADSTS50058"]
"""Sign-in errors that come and go: a wrong password, a silent try without a session."""


def entras_words() -> pl.Expr:
    """Return why Entra refuses in its own words, with what finds it in its logs; else the record."""
    reason = pl.col("detail").str.extract(WORDS_OF_ENTRA).str.strip_chars()
    number = pl.col("detail").str.extract(CORRELATION)
    beside = pl.when(~reason.str.contains(number, literal=True)).then(
        pl.format(" (correlation id {})", number)
    )
    return pl.coalesce(pl.concat_str(reason, beside.fill_null("")), "detail")


@rule("SIGN-IN-FAILED", needs="failed=user_authentication")
def sign_in_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended at sign-in."""
    return proof(failed_runs(trace, ["user_authentication"]))


@rule("SIGN-IN-PROVIDER-BLOCKED", needs="attempt=failed,unfinished; mark=sign_in_page_error,error_page_shown")
def provider_page_blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins that ended because the page of the company's identity provider did not load, with its host."""
    shown = marks_in(trace, [SIGN_IN_PAGE_ERROR, "error_page_shown"])
    blocked = shown.filter(pl.col("detail").str.contains(PROVIDER_PAGE, literal=True))
    met = blocked.join(unwell(trace), on=["device", "attempt"], how="semi")
    pages = in_attempts(events_of(tables, [PAGE_SAID]), trace)
    hosts = pages.with_columns(host=pl.col("detail").str.extract(NOT_LOADED)).drop_nulls("host")
    named = hosts.group_by("device", "attempt").agg(pl.col("host").last())
    return proof(met.join(named, on=["device", "attempt"], how="left"), item=pl.col("host"))


@rule("SIGN-IN-ERROR", needs=f"attempt=failed,unfinished; event={','.join(ENTRA_ERRORS)}")
def entra_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors of Entra during attempts that failed at sign-in, join or enrolment, up to that failure."""
    errors = _passing_errors(tables, trace)
    others = errors.join(_led_to_failure(errors, tables, trace), on=RECORD, how="anti", maintain_order="left")
    return proof(others, entras_words(), pl.col("named"))


@rule("TOKEN-MISSED", needs=f"attempt=failed; event={','.join(ENTRA_ERRORS)}")
def token_missed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors of Entra directly before a join or an enrolment that failed for want of a token."""
    led = _led_to_failure(_passing_errors(tables, trace), tables, trace)
    return proof(led, entras_words(), pl.col("named"))


def _passing_errors(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the errors of Entra that are no decision of the tenant: a later try may go well."""
    errors = _entra_errors(tables, trace)
    return errors.filter(~pl.col("named").is_in(BLOCKING).fill_null(value=False))


def _led_to_failure(errors: pl.DataFrame, tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the errors with a number that stand shortly before a failure for want of a token."""
    failed = _failures(tables, trace).filter(pl.col("code").is_in(WITHOUT_TOKEN))
    return _right_before(errors.drop_nulls("named"), failed, ATTEMPT)


def _failures(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return failures of stages that need a token: failed_at, or failed_local where that alone is known."""
    runs = failed_runs(trace, TOKEN_STAGES).join(
        tables.events.select(*RECORD, "recorded_at"), on=RECORD, how="left", maintain_order="left"
    )
    return runs.select(*ATTEMPT, "code", failed_at="at", failed_local=LOCAL)


def _right_before(errors: pl.DataFrame, failed: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Return the errors shortly before a failure, by instants, or both by the device's own clock."""
    near = errors.with_columns(local=LOCAL).join(failed.drop("code"), on=on, maintain_order="left")
    before = pl.coalesce(pl.col("failed_at") - pl.col("at"), pl.col("failed_local") - pl.col("local"))
    led = near.filter(before.is_between(timedelta(), AROUND_FAILURE))
    return led.unique(RECORD, keep="first", maintain_order=True).drop("failed_at", "failed_local", "local")


@rule("TOKEN-BLOCKED", needs=f"attempt=failed,unfinished; event={','.join(ENTRA_ERRORS)}")
def token_blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Tokens that Entra will not give whoever asks again, in attempts that failed where they are needed."""
    refused = _entra_errors(tables, trace).filter(pl.col("named").is_in(BLOCKING))
    application = pl.col("detail").str.extract(APPLICATION)
    item = pl.concat_str("named", application, separator=", ", ignore_nulls=True)
    return proof(refused, entras_words(), item)


def _entra_errors(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return errors of Entra, with their AADSTS number, up to a failure that an answer of it could bring.

    The token is asked for before the step fails: where that failure is the first that is known of an attempt,
    the errors right before it are of the attempt too.
    """
    events = in_attempts(events_of(tables, ENTRA_ERRORS), trace)
    named = events.with_columns(named=pl.col("detail").str.extract(f"({AADSTS})")).filter(
        ~pl.col("named").is_in(USUAL)
    )
    bad = unwell(trace).filter(pl.col("failed_stage").is_in(TOKEN_STAGES)).select(ATTEMPT)
    failed = _failures(tables, trace).join(bad, on=ATTEMPT, how="semi")
    outside = named.filter(pl.col("attempt").is_null()).drop("attempt")
    led = _right_before(outside, failed, ["device"]).select(named.columns)
    over = trace.attempts.join(bad, on=ATTEMPT, how="semi").select(*ATTEMPT, "ended_at")
    in_time = (pl.col("at") <= pl.col("ended_at") + AROUND_FAILURE).fill_null(value=True)
    inside = named.join(over, on=ATTEMPT).filter(in_time).drop("ended_at")
    return pl.concat([inside.join(_of_other_hours(inside, failed), on=RECORD, how="anti"), led]).drop("code")


def _of_other_hours(errors: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    """Return the errors that the device's own clock shows after a failure, or long before it."""
    both = errors.with_columns(local=LOCAL).join(failed, on=ATTEMPT)
    before = pl.col("failed_local") - pl.col("local")
    return both.filter(~before.is_between(-AROUND_FAILURE, BELONGS_WITHIN)).select(RECORD)


@rule("HELLO-NOT-SET-UP", needs="mark=hello_will_not_run")
def hello_not_set_up(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices on which Windows Hello was not offered although it was due, with the conditions that failed.

    It is due where the device is enrolled, or where the event says that it is joined and that policy asks.
    """
    enrolled = tables.devices.filter(pl.col("enrolled").fill_null(value=False)).select("device")
    later = marks_in(trace, ["hello_will_run"]).select("device").unique()
    named_by = marks_in(trace, ["hello_will_not_run"]).join(later, on="device", how="anti")
    if named_by.is_empty():
        return no_proof()
    stated = _conditions(tables)
    wanted = stated.filter(pl.all_horizontal(pl.col(name) == "yes" for name in WANTED))
    due = pl.concat([enrolled, wanted.select("device")]).unique()
    unmet = wanted.unique("device", keep="last", maintain_order=True).select("device", "item")
    marks = named_by.join(due, on="device", how="semi", maintain_order="left")
    return proof(marks.join(unmet, on="device", how="left", maintain_order="left"), item=pl.col("item"))


def _conditions(tables: Tables) -> pl.DataFrame:
    """Return what each such event says of the conditions: yes, no or else, and as item those not met."""
    events = tables.events.join(events_of(tables, NOT_LAUNCHED), on=RECORD, how="semi", maintain_order="left")
    facts = read_facts("hello_conditions")
    states = events.select("device", *map(_state, facts["field"], facts["label"]))
    unmet = facts.drop_nulls("words").select("field", "words").iter_rows()
    words = [pl.when(pl.col(field) == "no").then(pl.lit(text)) for field, text in unmet]
    item = pl.concat_list(words).list.drop_nulls().list.join("; ")
    return states.with_columns(item=pl.when(item != "").then(item))


def _state(field: str, label: str) -> pl.Expr:
    """Return what an event says of a condition, by the field of its record or by the line of its message."""
    own = pl.col("data").str.extract(rf'"{field}"\s*:\s*"([A-Za-z]+)')
    shown = pl.col("data").str.extract(rf"(?i){re.escape(label)}\s*:\s*([a-z]+)")
    return pl.coalesce(own, shown).str.to_lowercase().alias(field)
