"""Apps whose installer was still running when the agent's time for it was over."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import shared_reasons
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.apps import where_it_was
from autopilot_analysis.findings.rules.blocked import in_their_place
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES

NAME = "APP-TIME-LIMIT"
LIMIT_LINE = "Installation is timeout"
"""How the agent's line begins that says so; it names no app."""
_KEYS = ["device", "item"]
SAYS_MORE = pl.col("detail").str.json_path_match("$.command")
"""The program of an install command that is nothing but its name."""


@rule(NAME, needs="install=failed")
def past_its_limit(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose last try failed for want of an end, with the line that says so and how long it had run."""
    tries = _past(trace)
    if tries.is_empty():
        return no_proof()
    named = in_their_place(tables, trace, tries.select(*_KEYS, rule=pl.lit(NAME)))
    of_found = named.group_by(_KEYS, maintain_order=True).agg(
        pl.col("code", "severity", "stage", "attempt").first()
    )
    lines = _lines(tables, tries).drop("severity").join(of_found, on=_KEYS, maintain_order="left")
    return all_proofs([proof(lines), named])


def _past(trace: Trace) -> pl.DataFrame:
    """Return the last tries of apps that failed at their time limit, each called as findings call it."""
    last = trace.installs.group_by(*_KEYS, maintain_order=True).last()
    late = pl.col("reason") == shared_reasons()["installer time limit"]
    return last.filter(pl.col("outcome").is_in(FAILED_TRIES), late).with_columns(item=CALLED)


def _lines(tables: Tables, tries: pl.DataFrame) -> pl.DataFrame:
    """Return the lines by which the agent gave the installers up, each with what is known of its try."""
    written = pl.col("detail").str.json_path_match("$.ended_written").str.to_datetime(time_unit="us")
    ran = pl.format("; it had run for {} minutes", pl.col("waited").dt.total_minutes()).fill_null("")
    bare = pl.format("; its install command is {} alone, without a switch", SAYS_MORE).fill_null("")
    ends = tries.select(
        *_KEYS,
        over=pl.coalesce(pl.col("ended_at").dt.replace_time_zone(None), written),
        more=pl.concat_str(ran, where_it_was(), bare),
    )
    lines = tables.log_lines.filter(pl.col("message").str.contains(LIMIT_LINE, literal=True)).with_columns(
        over=pl.coalesce(pl.col("at").dt.replace_time_zone(None), "written_at")
    )
    met = lines.join(ends, on=["device", "over"], maintain_order="left")
    return met.with_columns(detail=pl.concat_str("message", "more"))
