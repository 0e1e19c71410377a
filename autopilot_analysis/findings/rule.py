"""What a rule is: a pure function from tables and trace to evidence rows; its words stand in facts/rules.csv."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.tables import Tables, Trace

RuleFunction = Callable[[Tables, Trace], pl.DataFrame]
PROOF: dict[str, pl.DataType] = {
    "device": pl.String(),
    "attempt": pl.Int64(),
    "member": pl.String(),
    "record": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "quote": pl.String(),
    "code": pl.String(),
    "item": pl.String(),
}
"""Columns of what a rule returns: one row a proof. code and item (what the title names) may be null."""
RULES: dict[str, RuleFunction] = {}


def rule(name: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function under its id in facts/rules.csv.

    Args:
        name: The rule's id, such as "MDM-ENROLLMENT-REFUSED".

    Raises:
        BadInput: Another rule carries that id already.
    """

    def register(function: RuleFunction) -> RuleFunction:
        if RULES.get(name, function) is not function:
            raise BadInput(f"two rules are called {name}; give the new one an id of its own")
        RULES[name] = function
        return function

    return register


def proof(rows: pl.DataFrame, quote: pl.Expr | None = None, item: pl.Expr | None = None) -> pl.DataFrame:
    """Return rows as proofs: the columns of PROOF, with what is missing null.

    Args:
        rows: Rows that carry device, member and record, and may carry attempt, at, code and detail.
        quote: What stands in the record; `detail` when None.
        item: What the finding is about, for its title.
    """
    given = rows.with_columns(quote=(quote if quote is not None else pl.col("detail")).fill_null(""))
    if item is not None:
        given = given.with_columns(item=item)
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in PROOF.items() if name not in given.columns
    ]
    return given.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in PROOF.items())


def no_proof() -> pl.DataFrame:
    """Return a frame of proofs without rows."""
    return pl.DataFrame(schema=PROOF)


def all_proofs(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return several frames of proofs as one."""
    return pl.concat(frames) if frames else no_proof()


def marks_in(trace: Trace, names: Sequence[str]) -> pl.DataFrame:
    """Return the marks of some names, each with the attempt it lies in (null outside all).

    Args:
        trace: What `build_trace` returned.
        names: Marks of facts/stages.csv.
    """
    marks = trace.marks.filter(pl.col("mark").is_in(names)).sort("at", nulls_last=True)
    begun = (
        trace.attempts.select("device", "attempt", started_at="started_at").drop_nulls().sort("started_at")
    )
    dated = marks.filter(pl.col("at").is_not_null()).join_asof(
        begun, left_on="at", right_on="started_at", by="device", strategy="backward", check_sortedness=False
    )
    undated = marks.filter(pl.col("at").is_null()).with_columns(attempt=pl.lit(None, dtype=pl.Int64))
    return pl.concat([dated.select(*marks.columns, "attempt"), undated])


def failed_runs(trace: Trace, stages: Sequence[str]) -> pl.DataFrame:
    """Return the failed runs of some stages as rows that lead to the record that ended them."""
    failed = trace.stage_runs.filter(pl.col("stage").is_in(stages), pl.col("outcome") == "failed")
    ends = failed.select(
        "device", "attempt", "stage", "code", at="ended_at", member="ended_member", record="ended_record"
    )
    quotes = trace.marks.select("member", "record", "detail", "mark").unique(
        ["member", "record"], keep="first", maintain_order=True
    )
    return ends.join(quotes, on=["member", "record"], how="left")
