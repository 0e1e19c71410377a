"""The network: could the device reach the services at all, and what looks blocked?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import explain
from autopilot_analysis.facts.marks import INTERNET_AVAILABLE
from autopilot_analysis.findings.looking import (
    HTTP_ANSWER,
    NO_CONNECTION,
    SESSION_EVENTS,
    events_of,
    failed_runs,
    in_attempts,
    keys_of,
    marks_in,
)
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.configuration import unmet
from autopilot_analysis.findings.rules.refusals import attestation_messages
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import PHASES, SELF_DEPLOYING
from autopilot_analysis.tables.verdict import HIGH

QUESTIONS_IN_VAIN = 4
"""Windows asks once when OOBE starts and again about each minute: so many times in vain is no slow start."""
NO_ATTESTATION = "NETWORK-N5"
CHIP_FAMILIES = ("TPM", "TPM software")
"""Families of codes in which the TPM and its driver speak."""
SECURING = {"stage": "device_preparation", "scenario": SELF_DEPLOYING}
TO_INSTALL = "Install "
"""How the remedy of a code begins whose fault lies in firmware or in Windows, not on the way to a host."""
NEVER_ONLINE = "NETWORK-N1"
"""Sign of a device that asks for the internet again and again."""
REFUSED_ON_THE_WAY = ["NETWORK-N11", "NETWORK-N14"]
"""Signs that are such answers, of something on the way."""
GONE, BACK = "net:10001", keys_of(["network_connected"])
"""The network went; it came."""
SESSIONS = f"event={','.join(SESSION_EVENTS)}"
NETWORK_GONE_FOR = timedelta(minutes=10)
"""A network that is gone for less is picked up again without harm."""
QUESTIONS_WITHIN = timedelta(hours=1)
"""Questions further apart are those of a device in daily use that is offline now and then."""


@rule("NETWORK-NO-INTERNET", needs="mark=internet_missing | failed=network")
def no_internet(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that gave up without ever seeing the internet, and devices that still wait for it."""
    online = marks_in(trace, [INTERNET_AVAILABLE]).select("device")
    ran = trace.attempts.filter(pl.col("outcome") != "unfinished").select("device")
    enrolled = tables.devices.filter(pl.col("enrolled").fill_null(value=False)).select("device")
    reached = pl.concat([online, ran, enrolled])
    waiting = marks_in(trace, ["internet_missing"]).join(reached, on="device", how="anti").sort("at")
    in_a_row = pl.col("at") - pl.col("at").shift(QUESTIONS_IN_VAIN - 1).over("device") <= QUESTIONS_WITHIN
    long = waiting.filter(in_a_row.fill_null(value=False).any().over("device")).with_columns(
        severity=pl.lit(HIGH)
    )
    return all_proofs([proof(failed_runs(trace, ["network"])), proof(long)])


@rule("NETWORK-LOST", needs=f"failed=device_setup,account_setup; event={GONE}; {SESSIONS}")
def network_lost(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Networks that went while the status page waited and were not back when it gave up.

    Another network may have stayed: a session that reached no server in that time shows that none did.
    """
    ends = failed_runs(trace, PHASES).group_by("device", "attempt").agg(over_at=pl.col("at").max())
    gone = in_attempts(events_of(tables, [GONE]), trace).join(ends, on=["device", "attempt"])
    back = events_of(tables, BACK).select("device", back_at="at").drop_nulls().sort("back_at")
    spans = (
        gone.drop_nulls("at")
        .sort("at")
        .join_asof(
            back,
            left_on="at",
            right_on="back_at",
            by="device",
            strategy="forward",
            check_sortedness=False,
        )
    )
    still_gone = (pl.col("back_at") >= pl.col("over_at")).fill_null(value=True)
    lost = spans.filter(pl.col("over_at") - pl.col("at") >= NETWORK_GONE_FOR, still_gone)
    sessions = events_of(tables, SESSION_EVENTS).filter(
        pl.col("code").fill_null("").str.contains(NO_CONNECTION)
    )
    silent = lost.join(sessions.select("device", silent_at="at"), on="device").filter(
        pl.col("silent_at").is_between("at", "over_at")
    )
    return proof(lost.join(silent, on=["device", "member", "record"], how="semi"))


@rule("NETWORK-SIGNS")
def signs_of_blocking(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every sign of facts/network_signs.csv that holds; a service that answered is not blocked.

    Nor is one whose want of a certificate has a code that names the chip, its firmware or Windows.
    """
    found = unmet(tables, trace, "network_signs", "rule_sign", "NETWORK-")
    if found.is_empty():
        return found
    found = found.join(_online_in_the_end(found, trace), on=["device", "rule"], how="anti")
    answered = attestation_messages(tables)["device"].unique()
    chip = [code for code in found["code"].drop_nulls().unique() if _of_the_chip(code)]
    excused = pl.col("device").is_in(answered.implode()) | pl.col("code").is_in(chip).fill_null(value=False)
    found = found.filter(~((pl.col("rule") == NO_ATTESTATION) & excused))
    answers = trace.stage_runs.filter(pl.col("code").fill_null("").str.contains(HTTP_ANSWER))
    reached = answers.select("device", "attempt").unique()
    refused = pl.col("rule").is_in(REFUSED_ON_THE_WAY)
    others = found.filter(~refused).join(reached, on=["device", "attempt"], how="anti")
    return all_proofs([others, found.filter(refused)])


def _online_in_the_end(found: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return device and rule of questions for the internet of which the last had a better answer later."""
    asked = found.filter(pl.col("rule") == NEVER_ONLINE)
    if asked.is_empty():
        return asked.select("device", "rule")
    last = asked.group_by("device", "rule").agg(last_at=pl.col("at").max())
    online = marks_in(trace, [INTERNET_AVAILABLE]).group_by("device").agg(online_at=pl.col("at").max())
    both = last.join(online, on="device", how="left")
    return both.filter(pl.col("online_at") >= pl.col("last_at")).select("device", "rule")


def _of_the_chip(code: str) -> bool:
    """Tell whether a code of attestation says itself that chip, firmware or Windows is at fault."""
    known = explain(code, **SECURING)
    return known.family in CHIP_FAMILIES or (known.remedy or "").startswith(TO_INSTALL)
