"""The setup of the Configuration Manager client that went well, by its own log, and too long for the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.client_setup import BEGUN, END, NO_RUN, RESTART, SOURCE, WELL
from autopilot_analysis.findings.rules.providers import client_not_installed
from autopilot_analysis.quoting import cut, in_quotes, one_line
from autopilot_analysis.tables import Tables, Trace

PAGE_WAITS = timedelta(minutes=30)
"""So long the status page waits for the client where nothing that was read says how long."""
LIMIT = r'\\[Tt]imeout = "(\d+)"|"U?Int1":\s*"?(\d+)'
"""How the registry and a record of the page name that limit, in minutes."""
STEP_NAMED = 80
"""So many signs of the line that begins a step are in the title."""
SLOW, RESTARTS = "CONFIGMGR-SETUP-SLOW", "CONFIGMGR-SETUP-RESTART"

_Line: TypeAlias = dict[str, Any]


@rule("CONFIGMGR-SETUP-TIME", needs=f"line; source={SOURCE}")
def client_setup_slow(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that waited in vain for the client, whose setup took longer or asked for a restart."""
    waited = client_not_installed(tables, trace)
    if waited.is_empty():
        return no_proof()
    spans = {one["device"]: one for one in trace.attempts.filter(pl.col("outcome") == "failed").to_dicts()}
    found = [no_proof()]
    for (device,), lines in _dated_lines(tables).group_by("device", maintain_order=True):
        own = waited.filter(pl.col("device") == device)
        within = [run for run in _runs(lines.to_dicts()) if _meets(run, spans.get(str(device)))]
        if own.height and within:
            found.append(_proof(within[-1], _limit(own["quote"])))
    return all_proofs(found)


def _dated_lines(tables: Tables) -> pl.DataFrame:
    """Return the lines of the logs of setup whose instant is known, with how a run ended."""
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    lines = tables.log_lines.join(logs, on=["device", "member"], how="semi").filter(
        pl.col("at").is_not_null()
    )
    marked = lines.with_columns(
        begun=pl.col("message").str.contains(BEGUN), ended=pl.col("message").str.extract(END)
    )
    return marked.sort("device", "member", "record")


def _runs(lines: Iterable[_Line]) -> list[list[_Line]]:
    """Return the lines of each run of setup; one that found another at work is none."""
    runs: list[list[_Line]] = []
    for line in lines:
        if line["begun"]:
            runs.append([])
        if line["ended"] == NO_RUN:
            del runs[-1:]
        elif runs and not (runs[-1] and runs[-1][-1]["ended"]):
            runs[-1].append(line)
    return runs


def _meets(run: list[_Line], attempt: Mapping[str, Any] | None) -> bool:
    """Tell whether a run began before the attempt was over and had not ended when it began."""
    if attempt is None:
        return False
    begins: datetime | None = attempt["started_at"]
    ends: datetime | None = attempt["ended_at"]
    return (ends is None or run[0]["at"] <= ends) and (begins is None or run[-1]["at"] >= begins)


def _limit(quotes: Iterable[str]) -> timedelta:
    """Return how long the page waits for the client, as the proofs of its failure name it."""
    numbers = pl.Series(list(quotes)).str.extract_groups(LIMIT).struct.unnest()
    named = numbers.select(pl.coalesce(pl.all()).cast(pl.Int64, strict=False).drop_nulls()).to_series()
    return timedelta(minutes=named[0]) if named.len() else PAGE_WAITS


def _proof(run: list[_Line], limit: timedelta) -> pl.DataFrame:
    """Return the first and the last line of a run that was too long, and the longest step between them."""
    ended, lasted = run[-1]["ended"], run[-1]["at"] - run[0]["at"]
    if ended not in {WELL, RESTART, None} or (lasted <= limit and ended != RESTART):
        return no_proof()
    step, after = max(pairwise(run), key=lambda two: two[1]["at"] - two[0]["at"])
    line = in_quotes(cut(one_line(step["message"].strip()), STEP_NAMED))
    longest = f"{wording.span(after['at'] - step['at'])} for {line}"
    cited = [run[0], *(one for one in (step, after) if one not in (run[0], run[-1])), run[-1]]
    rows = pl.DataFrame(cited, infer_schema_length=None).with_columns(
        rule=pl.lit(RESTARTS if ended == RESTART else SLOW),
        item=pl.lit(f"{wording.span(lasted)} against {wording.span(limit)}, the longest step {longest}"),
    )
    return proof(rows.drop("severity"), pl.col("message"), pl.col("item"))
