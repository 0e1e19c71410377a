"""A hybrid join that got through only after the status page that waited for it had given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import LEFT_ENTRA
from autopilot_analysis.findings.join_fields import IN_ENTRA, PLACE, TAKEN_AT, fields, trusted
from autopilot_analysis.findings.looking import RECORD, marks_in
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.hybrid import HYBRID
from autopilot_analysis.findings.rules.join import AUTOMATIC
from autopilot_analysis.findings.rules.join_state import JOINED, instant
from autopilot_analysis.findings.rules.page_parts import open_parts
from autopilot_analysis.findings.rules.page_tries import out_of_time
from autopilot_analysis.findings.rules.page_waits import ATTEMPT, waits, within
from autopilot_analysis.tables import Tables, Trace

JOINING = "(?i)^join"
"""How the page spells the part in which it waits for the join."""
FOUND = "joined by the time of dsregcmd /status"
"""What is said of a join that no record dates."""


@rule("HYBRID-JOIN-LATE", needs=f"failed=device_setup,account_setup; attempt={HYBRID}; mark={AUTOMATIC}")
def joined_after_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Last attempts whose page gave up while the task was refused, on computers that joined after that.

    Where the page's own record shows that it was beyond the join, it waited for something else.
    """
    waited = _waited(tables, trace)
    tries = within(marks_in(trace, [AUTOMATIC]), waited).sort("at", maintain_order=True)
    if tries.is_empty():
        return no_proof()
    since = _joined_since(tables, trace, tries)
    refused = tries.join(since.select("device"), on="device", how="semi", maintain_order="left")
    counted = refused.group_by("device", maintain_order=True).agg(
        pl.col("attempt", "stage", "over_at").last(),
        pl.col("code").drop_nulls().last(),
        n=pl.len(),
    )
    named = counted.join(since.select("device", "joined_at"), on="device", maintain_order="left")
    items = [_item(row) for row in named.iter_rows(named=True)]
    about = named.select(*ATTEMPT, "code", "stage").with_columns(item=pl.Series(items, dtype=pl.String))
    over = out_of_time(trace).with_columns(pl.col("stage").cast(pl.String))
    ended = over.join(about, on=[*ATTEMPT, "stage"], how="semi")
    ends = pl.concat(
        [refused.unique("device", keep=which, maintain_order=True) for which in ("first", "last")]
    )
    rows = [
        part.drop("attempt", "code", "stage", "item", strict=False).join(
            about, on="device", maintain_order="left"
        )
        for part in (ends.unique(RECORD, maintain_order=True), ended, since)
    ]
    return all_proofs([proof(part) for part in rows])


def _waited(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the waits that were over in a last attempt, a hybrid one, and at the join if at any part."""
    last = trace.attempts.sort("attempt").group_by("device", maintain_order=True).last()
    hybrid = last.filter(pl.col("scenario").cast(pl.String) == HYBRID).select(ATTEMPT)
    over = waits(trace).filter("ended").join(hybrid, on=ATTEMPT, how="semi")
    shown = open_parts(tables).select("device", "phase", "part")
    at_the_join = shown.filter(pl.col("part").str.contains(JOINING))
    beyond = shown.join(at_the_join, on=["device", "phase"], how="anti")
    return over.join(beyond, on=["device", "phase"], how="anti", maintain_order="left")


def _joined_since(tables: Tables, trace: Trace, tries: pl.DataFrame) -> pl.DataFrame:
    """Return what shows first that a device joined after its page gave up, and that stands.

    A join before the page gave up is of an earlier life of the device, or was in time; one that the task was
    refused after, or that the device left again, does not stand.
    """
    bounds = tries.group_by("device").agg(pl.col("over_at").max())
    against = marks_in(trace, [AUTOMATIC, LEFT_ENTRA]).group_by("device").agg(against_at=pl.col("at").max())
    bounds = bounds.join(against, on="device", how="left")
    recorded = marks_in(trace, JOINED).with_columns(joined_at="at")
    kept = ["device", "member", "record", "at", "detail", "joined_at", "over_at", "against_at"]
    stands = pl.col("joined_at") > pl.max_horizontal("over_at", "against_at")
    dated = recorded.join(bounds, on="device").select(kept).filter(stands)
    taken = fields(tables, TAKEN_AT, r"\d").select(*PLACE, taken_at=instant())
    state = fields(tables, IN_ENTRA, "(?i)^yes").join(trusted(tables), on=PLACE, how="semi")
    state = state.join(taken, on=PLACE, how="left", maintain_order="left").join(bounds, on="device")
    later = (pl.col("taken_at") > pl.max_horizontal("over_at", "against_at")).fill_null(value=True)
    never = pl.lit(None, dtype=tries.schema["at"])
    shown = state.filter(later).with_columns(at=never, joined_at=never).select(kept)
    both = pl.concat([dated.sort("at", maintain_order=True), shown])
    return both.unique("device", keep="first", maintain_order=True)


def _item(row: Mapping[str, Any]) -> str:
    """Return when the computer was joined, and how often the task was refused while the page waited."""
    refused = f"after {wording.count(row['n'], 'refusal')} while it waited"
    joined = row["joined_at"]
    if joined is None:
        return f"{FOUND}, {refused}"
    return f"joined at {wording.in_zone(joined)}, {wording.span(joined - row['over_at'])} later, {refused}"
