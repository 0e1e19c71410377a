"""What a rule is: a pure function from tables and trace to proofs; its words stand in facts or beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.completing import with_lacking

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
    "rule": pl.String(),
    "severity": pl.String(),
    "stage": pl.String(),
}
"""Columns of what a rule returns: one row a proof.

From `code` on, all may be null: `item` is what the title names; `rule` is set by a family of rules that one
function answers for; `severity` and `stage` override what the rule's words say.
"""
NEVER = pl.lit(None, dtype=PROOF["at"])
"""The instant of what carries none, such as a value of the registry."""
RULES: dict[str, RuleFunction] = {}
"""Every registered rule, or family of rules, under its id."""
NEEDS: dict[RuleFunction, str] = {}
"""What rules need, in the language of `needs`; a rule that is not here is always run."""
LIMITS: dict[str, Mapping[str, timedelta | int]] = {}
"""What rules compare with, for their words: `{name}` in facts/rules.csv is the limit of that name."""
SCENARIO_OF: dict[str, str] = {}
"""Scenarios of which rules speak without an attempt that tells it: a code is read by it."""
OWN_WORDS: dict[str, dict[str, str | None]] = {}
"""Words of rules that brought their own instead of a row in facts/rules.csv."""


def rule(
    name: str,
    *,
    needs: str = "",
    limits: Mapping[str, timedelta | int] | None = None,
    scenario: str = "",
    **words: str,
) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function under its id.

    Args:
        name: The rule's id, such as "MDM-ENROLLMENT-REFUSED".
        needs: What must be there for the rule to be run, see `needs`; nothing when empty.
        limits: Spans and counts that its words name, under the name that stands in braces there.
        scenario: The scenario that it is about where no attempt tells one; empty for none.
        **words: For a rule without a row in facts/rules.csv: `title` and `meaning`, and as wanted `severity`,
            `confidence`, `role` (else as `findings.words.NOT_STATED`), `stage`, `remedy`, `page`.

    Raises:
        BadInput: Another rule carries that id already, or words were given without a title.

    Example:
        >>> from autopilot_analysis.findings.looking import marks_in
        >>> @rule("OWN-SLOW-NETWORK", title="The network came late", severity="info")
        ... def slow_network(tables, trace):
        ...     return proof(marks_in(trace, ["internet_missing"]))
    """
    if words and "title" not in words:
        raise BadInput(f"rule {name} brings words but no title; add title=…")

    def register(function: RuleFunction) -> RuleFunction:
        if _home(RULES.get(name, function)) != _home(function):
            raise BadInput(f"two rules are called {name}; give the new one an id of its own")
        RULES[name] = function
        if needs:
            NEEDS[function] = needs
        if limits:
            LIMITS[name] = limits
        if scenario:
            SCENARIO_OF[name] = scenario
        if words:
            OWN_WORDS[name] = dict(words)
        return function

    return register


def _home(function: RuleFunction) -> tuple[str, str]:
    """Where a function was written: a module that is loaded again brings the same rule, not another."""
    code = getattr(function, "__code__", None)
    return (getattr(code, "co_filename", ""), getattr(function, "__qualname__", ""))


def proof(rows: pl.DataFrame, quote: pl.Expr | None = None, item: pl.Expr | None = None) -> pl.DataFrame:
    """Return rows as proofs: the columns of PROOF, with what is missing null.

    Args:
        rows: Rows that carry device, member and record, and may carry attempt, at, code and detail.
        quote: What stands in the record; `detail` when None.
        item: What the finding is about, for its title.
    """
    if rows.is_empty():
        return no_proof()
    given = rows.with_columns(quote=(quote if quote is not None else pl.col("detail")).fill_null(""))
    if item is not None:
        given = given.with_columns(item=item)
    whole = with_lacking(given, PROOF)
    return whole.select(pl.col(name).cast(kind) for name, kind in PROOF.items())


@cache
def no_proof() -> pl.DataFrame:
    """Return a frame of proofs without rows."""
    return pl.DataFrame(schema=PROOF)


def all_proofs(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return several frames of proofs as one."""
    return pl.concat(frames) if frames else no_proof()
