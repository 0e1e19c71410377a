"""What the Entra (AAD) log says of tokens outside any attempt: refused by AD FS, no network yet, none there.

The log is full of errors that pass. So the join state decides where it was read: with the user's token there,
an error is over; without one, the last error of the plug-in says why.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.join_fields import IN_ENTRA, RENEWED_AT, TOKEN, TRY_ENDED, fields
from autopilot_analysis.findings.looking import ENTRA_ERRORS, events_of
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.join_state import refused_tokens
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

KNOWN = read_facts("token_errors")
"""Which error of the log means what."""
PLUG_IN = ["aad:1104", "aad:1105", "aad:1215"]
"""What the plug-in answers that signs users in."""
STATUS = "^0xC0"
"""Codes of the plug-in, which are those of Windows itself."""
SINCE = timedelta(days=1)
"""A token is renewed every four hours: one that is older than an error by more may be what the error left.

A log that goes on so long without an error is past it.
"""
FAULT = r"(?:\b|\\n)(ID\d{4})\b"
"""The number by which AD FS calls its answer."""
REFUSED, NO_NETWORK_YET, WITHOUT = "FEDERATION-REFUSED", "TOKEN-NETWORK-LATE", "TOKEN-CALL-FAILED"


@rule(REFUSED, needs=f"event={','.join(ENTRA_ERRORS)}")
def federation_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins that the company's identity provider refused, where no token is there and no attempt shows."""
    refused = _without_attempt(_of("federation", tables), trace)
    errors = refused.join(_with(tables, "YES"), on="device", how="anti")
    alike = errors.group_by("device").agg(
        called=pl.col("code").drop_nulls().first(),
        named=pl.col("detail").str.extract(FAULT).drop_nulls().first(),
        error_at=pl.col("at").max(),
    )
    log = events_of(tables, [*ENTRA_ERRORS, *PLUG_IN])
    last = log.group_by("device").agg(last_at=pl.col("at").max())
    met = errors.join(alike.join(last, on="device"), on="device", maintain_order="left")
    past = (pl.col("last_at") - pl.col("error_at") > SINCE).fill_null(value=False)
    weighed = met.with_columns(code="called", severity=pl.when(past).then(pl.lit(INFO)))
    return proof(weighed, item=pl.col("named"))


@rule(NO_NETWORK_YET, needs=f"event={','.join([*PLUG_IN, *ENTRA_ERRORS])}; property={TOKEN}")
def network_late(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors of a start without a network, and of what was not due, where the user's token is there."""
    passing = _without_attempt(pl.concat([_of("network", tables), _of("idle", tables)]), trace)
    errors = passing.join(_with(tables, "YES"), on="device", how="semi")
    met = errors.join(_renewed(tables), on="device", how="left", maintain_order="left")
    stale = (pl.col("at").max().over("device") - pl.col("renewed_at") > SINCE).fill_null(value=False)
    return proof(met.filter(~stale))


@rule(WITHOUT, needs=f"event={','.join(PLUG_IN)}; property={TOKEN}")
def call_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors of the plug-in on a joined device whose user has no token, and no answer stands beside it."""
    without = _with(tables, "NO").join(fields(tables, IN_ENTRA, "(?i)^yes"), on="device", how="semi")
    answered = pl.concat(
        [refused_tokens(tables).select("device"), fields(tables, TRY_ENDED, r"\w").select("device")]
    )
    idle = KNOWN.filter(kind="idle")["code"]
    failed = events_of(tables, PLUG_IN).filter(
        pl.col("code").str.contains(STATUS), ~pl.col("code").is_in(idle)
    )
    alone = _without_attempt(failed, trace).join(answered, on="device", how="anti")
    met = alone.join(without, on="device", how="semi").sort("at", maintain_order=True)
    return proof(met.filter(pl.col("code") == pl.col("code").last().over("device")))


def _of(kind: str, tables: Tables) -> pl.DataFrame:
    """Return the errors of one kind, each once."""
    known = KNOWN.filter(pl.col("kind") == kind).select(pl.col("event").alias("key"), "says", asked="code")
    met = events_of(tables, known["key"].unique()).join(known, on="key", maintain_order="left")
    of_code = (pl.col("asked") == pl.col("code")).fill_null(value=False)
    of_words = pl.col("says").is_not_null() & pl.col("data").fill_null("").str.contains(pl.col("says"))
    found = met.filter(of_code | of_words).drop("says", "asked")
    return found.unique(["device", "member", "record"], keep="first", maintain_order=True)


def _renewed(tables: Tables) -> pl.DataFrame:
    """Return when the user's token of each device was last renewed."""
    written = pl.col("value").str.extract(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
    at = written.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC", strict=False)
    return fields(tables, RENEWED_AT, r"\d").group_by("device").agg(renewed_at=at.max())


def _without_attempt(errors: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    return errors.join(trace.attempts.select("device"), on="device", how="anti", maintain_order="left")


def _with(tables: Tables, answer: str) -> pl.DataFrame:
    """Return the devices whose join state answers so whether the user's token is there."""
    return fields(tables, TOKEN, f"(?i)^{answer}").select("device").unique()
