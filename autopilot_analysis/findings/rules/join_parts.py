"""Parts of `dsregcmd /status` that are pasted without the rest: a try to join, a ticket, a token."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.join_fields import (
    CLIENT_CODE,
    ERROR_PHASE,
    IN_DOMAIN,
    OPERATION,
    PLACE,
    REGISTRATION,
    SERVER_SUBCODE,
    TICKET_TEST,
    TOKEN,
    TRIED_AT,
    TRY_ENDED,
    fields,
    in_entra,
    outputs,
    trusted,
)
from autopilot_analysis.findings.looking import events_of
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.join_state import LAST_TRY, TOKEN_TRY, begun_code, refused_tokens
from autopilot_analysis.tables import Tables, Trace

NO_OBJECT = "(?i)^error_missing_device"
"""The registration service does not find the object that the computer names."""
RENEWS = "(?i)^devicerenew"
FAILED = "(?i)^fail"
FAILED_CODE = r"0x[0-9A-Fa-f]*[1-9A-Fa-f][0-9A-Fa-f]*"
"""A code that is not zero."""
NTSTATUS = "(?i)^0xc[0-9a-f]{7}"
TICKET_CODE = r"\[?(0x[0-9A-Fa-f]{8})"
AUTOMATIC_FAILED = "dm:76"
"""Enrolment that Windows began by itself failed."""
TRY = [*LAST_TRY, SERVER_SUBCODE, OPERATION, REGISTRATION]
"""All that the command says of the last try to join."""


def _not_well(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of outputs that show no device that Entra trusts, nor one without a domain."""
    elsewhere = outputs(tables, IN_DOMAIN, "(?i)^no")
    return rows.join(pl.concat([trusted(tables), elsewhere]), on=PLACE, how="anti")


@rule("JOIN-OBJECT-MISSING", needs=f"property={SERVER_SUBCODE}", scenario="hybrid_join")
def object_missing(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers whose object the registration service did not find when they renewed their registration."""
    renewed = outputs(tables, OPERATION, RENEWS)
    missing = _not_well(tables, fields(tables, SERVER_SUBCODE, NO_OBJECT)).join(renewed, on=PLACE, how="semi")
    written = fields(tables, TRY, r"\w").join(missing, on=PLACE, how="semi")
    return all_proofs([proof(missing), proof(written.join(missing, on=[*PLACE, "record"], how="anti"))])


@rule("JOIN-TRY-FAILED", needs=f"property={CLIENT_CODE} | property={SERVER_SUBCODE}", scenario="hybrid_join")
def join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Last tries to join that failed, where their phase does not stand in what was pasted."""
    codes = fields(tables, CLIENT_CODE, FAILED_CODE).with_columns(code=begun_code())
    named = fields(tables, SERVER_SUBCODE, r"\w").with_columns(code=pl.lit(None, pl.String))
    failed = pl.concat([codes, named]).unique(PLACE, keep="first", maintain_order=True)
    phased = outputs(tables, ERROR_PHASE, r"\w")
    renewals = fields(tables, SERVER_SUBCODE, NO_OBJECT).join(outputs(tables, OPERATION, RENEWS), on=PLACE)
    whole = pl.concat([phased, renewals.select(PLACE), in_entra(tables)])
    alone = _not_well(tables, failed).join(whole, on=PLACE, how="anti")
    written = fields(tables, TRY, r"\w").join(alone.select(*PLACE, "code"), on=PLACE, maintain_order="left")
    return proof(written)


@rule("KERBEROS-TICKET-FAILED", needs=f"property={TICKET_TEST}", scenario="hybrid_join")
def no_ticket(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers that get no Kerberos ticket for Entra's registration service, and are not joined to it."""
    tests = fields(tables, TICKET_TEST, FAILED)
    coded = tests.with_columns(code=code_of(pl.col("value").str.extract(TICKET_CODE)))
    return proof(_not_well(tables, coded))


@rule("TOKEN-TRY-FAILED", needs=f"property={TRY_ENDED}")
def token_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Last tries at a token that Windows ended with a status, where no service is quoted as refusing it."""
    ended = fields(tables, TRY_ENDED, NTSTATUS).with_columns(code=begun_code())
    there = outputs(tables, TOKEN, "(?i)^yes")
    refused = refused_tokens(tables).select(PLACE).unique()
    alone = ended.join(pl.concat([there, refused]), on=PLACE, how="anti")
    codes = alone.unique(PLACE, keep="last", maintain_order=True).select(*PLACE, "code")
    written = fields(tables, [*TOKEN_TRY, TRIED_AT, TOKEN], r"\w").join(
        codes, on=PLACE, maintain_order="left"
    )
    return proof(written.unique([*PLACE, "record"], keep="first", maintain_order=True))


@rule("ENROLLMENT-WITHOUT-TOKEN", needs=f"property={TOKEN}; event={AUTOMATIC_FAILED}")
def enrollment_without_token(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Automatic enrolments that failed on devices whose user has no token of Entra ID."""
    failed = events_of(tables, [AUTOMATIC_FAILED]).select("device").unique()
    return proof(fields(tables, TOKEN, "(?i)^no$").join(failed, on="device", how="semi"))
