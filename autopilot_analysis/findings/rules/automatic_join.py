"""The automatic join: the task by which a computer of a domain joins Entra ID, where no Autopilot runs."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.join_fields import in_entra
from autopilot_analysis.findings.looking import events_of, marks_in
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.join import UNREAD
from autopilot_analysis.findings.rules.join_state import JOINED, with_host
from autopilot_analysis.tables import Tables, Trace

PHASES = {"udr:304": "join", "udr:305": "auth", "udr:307": "discover"}
"""Failures of the task, and the phase that each is of where its record does not say it."""
PHASE = r"(?i)errorPhase:\s*([a-z]+)"
"""How a record of the task names the phase that it stopped in."""


def _standing(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the failures of the task behind which no join came, on computers without an attempt."""
    alone = events_of(tables, PHASES).join(trace.attempts.select("device"), on="device", how="anti")
    joined = marks_in(trace, JOINED).group_by("device").agg(joined_at=pl.col("at").max())
    since = alone.join(joined, on="device", how="left", maintain_order="left")
    behind = since.filter((pl.col("at") > pl.col("joined_at")).fill_null(pl.col("joined_at").is_null()))
    return behind.join(in_entra(tables), on="device", how="anti").sort("at", maintain_order=True)


@rule("AUTOMATIC-JOIN-FAILED", needs=f"event={','.join(PHASES)}", scenario="hybrid_join")
def automatic_join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers that the task does not get into Entra ID, by the answer that came last.

    Any computer of a domain that is not meant to be in Entra has no service connection point to read: that
    alone is no fault.
    """
    phase = pl.coalesce(pl.col("detail").str.extract(PHASE), pl.col("key").replace_strict(PHASES))
    unread = pl.col("code").eq_missing(pl.lit(UNREAD))
    failed = _standing(tables, trace).with_columns(
        item=phase.str.to_lowercase(), severity=pl.when(unread).then(pl.lit("info"))
    )
    answer, place = pl.struct("code", "item"), pl.int_range(pl.len()).over("device")
    newest = failed.filter(answer.eq_missing(answer.last().over("device")))
    ends = (place == 0) | (place == pl.len().over("device") - 1)
    return proof(with_host(newest.filter(ends)), item=pl.col("item"))
