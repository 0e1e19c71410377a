"""The automatic join: the task by which a computer of a domain joins Entra ID, where no Autopilot runs."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import explain
from autopilot_analysis.findings.join_fields import in_entra
from autopilot_analysis.findings.looking import events_of, marks_in
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.join import UNREAD, unsaved_keys, with_debug_code
from autopilot_analysis.findings.rules.join_state import JOINED, with_host
from autopilot_analysis.findings.rules.join_texts import bare_code
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

PHASES = {"udr:304": "join", "udr:305": "auth", "udr:307": "discover"}
"""Failures of the task, and the phase that each is of where its record does not say it."""
PHASE = r"(?i)errorPhase:\s*([a-z]+)"
"""How a record of the task names the phase that it stopped in."""


INSTANCE = r"(?i)drsInstance\W+([a-z]+)"
"""How a record of the task names the registration service that it asked: `azure`, or `ent` for AD FS."""
OF_AD_FS = "ent"
SAME_TRY = r"(?i)CorrelationId\W+([0-9a-f]{8}-[0-9a-f-]{27})"
"""How the records of one try name the request for a token that they share."""
TOKEN_ERROR = r"(?i)AdalErrorCode\W+(0x[0-9a-f]{4,8})\b"
"""How a record names the error of the token library beneath its own."""


def standing_failures(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the failures of the task behind which no join came, on computers without an attempt.

    `instance` is the registration service asked, as the record says, or another of the same try, or all of
    its computer; null where none does.
    """
    alone = events_of(tables, PHASES).join(trace.attempts.select("device"), on="device", how="anti")
    joined = marks_in(trace, JOINED).group_by("device").agg(joined_at=pl.col("at").max())
    since = alone.join(joined, on="device", how="left", maintain_order="left")
    behind = since.filter((pl.col("at") > pl.col("joined_at")).fill_null(pl.col("joined_at").is_null()))
    failed = behind.join(in_entra(tables), on="device", how="anti").sort("at", maintain_order=True)
    own = pl.col("detail").str.extract(INSTANCE).str.to_lowercase()
    named = failed.with_columns(own=own, shared=pl.col("detail").str.extract(SAME_TRY))
    of_try = pl.when(pl.col("shared").is_not_null()).then(
        pl.col("own").drop_nulls().first().over("device", "shared")
    )
    only = pl.when(pl.col("own").drop_nulls().n_unique().over("device") == 1).then(
        pl.col("own").drop_nulls().first().over("device")
    )
    return named.with_columns(instance=pl.coalesce("own", of_try, only)).drop("own", "shared")


def last_answers(failed: pl.DataFrame) -> pl.DataFrame:
    """Return the first and the last record of each computer's last answer, with the phase as item.

    Of records without a time one that names no code is not the last where another names one.
    """
    answered = pl.col("code").is_not_null()
    unplaced = pl.col("at").is_null() & ~answered
    failed = failed.filter(~unplaced | ~answered.any().over("device"))
    phase = pl.coalesce(pl.col("detail").str.extract(PHASE), pl.col("key").replace_strict(PHASES))
    phased = failed.with_columns(item=phase.str.to_lowercase())
    answer, place = pl.struct("code", "item"), pl.int_range(pl.len()).over("device")
    newest = phased.filter(answer.eq_missing(answer.last().over("device")))
    ends = (place == 0) | (place == pl.len().over("device") - 1)
    return newest.filter(ends)


def with_token_error(failed: pl.DataFrame) -> pl.DataFrame:
    """Return failures with the error of the token library beneath a code of which nothing is known."""
    beneath = bare_code(pl.col("detail").str.extract(TOKEN_ERROR))
    unknown = [code for code in failed["code"].drop_nulls().unique() if explain(code).certainty == "unknown"]
    tells = beneath.is_not_null() & (pl.col("code").is_in(unknown) | pl.col("code").is_null())
    return failed.with_columns(code=pl.when(tells).then(beneath).otherwise("code"))


@rule("AUTOMATIC-JOIN-FAILED", needs=f"event={','.join(PHASES)}", scenario="hybrid_join")
def automatic_join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers that the task does not get into Entra ID, by the answer that came last.

    Any computer of a domain that is not meant to be in Entra has no service connection point to read: that
    alone is no fault.
    """
    unread = pl.col("code").eq_missing(pl.lit(UNREAD))
    standing = standing_failures(tables, trace).filter(pl.col("instance").ne_missing(OF_AD_FS))
    failed = with_debug_code(tables, standing)
    last = last_answers(failed).with_columns(severity=pl.when(unread).then(pl.lit(INFO)))
    named = with_token_error(with_host(last))
    return all_proofs([proof(named), proof(unsaved_keys(tables, named))])
