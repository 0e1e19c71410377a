"""The network: could the device reach the services at all, and what looks blocked?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.findings.looking import failed_runs, marks_in
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.configuration import unmet
from autopilot_analysis.findings.rules.refusals import attestation_messages
from autopilot_analysis.tables import Tables, Trace

OFTEN = 4
"""Windows asks once when OOBE starts and again about each minute: so many times in vain is no slow start."""
NO_ATTESTATION = "NETWORK-N5"
HTTP_ANSWER = "0x8019"
"""Codes that carry an HTTP status: a server answered, so nothing on the way to it is blocked."""
REFUSED_ON_THE_WAY = ["NETWORK-N11", "NETWORK-N14"]
"""Signs that are such answers, of something on the way."""
SOON = timedelta(hours=1)
"""Questions further apart are those of a device in daily use that is offline now and then."""


@rule("NETWORK-NO-INTERNET", needs="mark=internet_missing | failed=network")
def no_internet(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that gave up without ever seeing the internet, and devices that still wait for it."""
    online = marks_in(trace, ["internet_available"]).select("device")
    ran = trace.attempts.filter(pl.col("outcome") != "unfinished").select("device")
    enrolled = tables.devices.filter(pl.col("enrolled").fill_null(value=False)).select("device")
    reached = pl.concat([online, ran, enrolled])
    waiting = marks_in(trace, ["internet_missing"]).join(reached, on="device", how="anti").sort("at")
    in_a_row = pl.col("at") - pl.col("at").shift(OFTEN - 1).over("device") <= SOON
    long = waiting.filter(in_a_row.fill_null(value=False).any().over("device")).with_columns(
        severity=pl.lit("high")
    )
    return all_proofs([proof(failed_runs(trace, ["network"])), proof(long)])


@rule("NETWORK-SIGNS")
def signs_of_blocking(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every sign of facts/network_signs.csv that holds; a service that answered is not blocked."""
    found = unmet(tables, trace, "network_signs", "rule_sign", "NETWORK-")
    answered = attestation_messages(tables)["device"].unique()
    found = found.filter(~((pl.col("rule") == NO_ATTESTATION) & pl.col("device").is_in(answered.implode())))
    spoke = trace.stage_runs.filter(pl.col("code").fill_null("").str.starts_with(HTTP_ANSWER))
    reached = spoke.select("device", "attempt").unique()
    refused = pl.col("rule").is_in(REFUSED_ON_THE_WAY)
    others = found.filter(~refused).join(reached, on=["device", "attempt"], how="anti")
    return all_proofs([others, found.filter(refused)])
