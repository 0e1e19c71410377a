"""Events that only traces hold -> marks: facts/trace_marks.csv.

All of them are notes: they date and explain what the stages are made of, and begin or end none.
"""

from __future__ import annotations

import re

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import STAGES
from autopilot_analysis.tables.typed import once_where_empty

QUOTE = 800
"""Characters of a record that a mark's detail keeps."""
_FAMILY = r"(?:^|_)"
"""Names of one family share a beginning, such as AutopilotPolicyDownloadTelemetry_NoNetworkAvailable."""


@once_where_empty
def find_trace_marks(events: pl.DataFrame) -> pl.DataFrame:
    """Return the marks that self-describing events of traces give, each with the edge `note`.

    Args:
        events: Rows of `events`.
    """
    facts = read_facts("trace_marks")
    named = events.filter(pl.col("name").is_not_null(), pl.col("provider").is_in(facts["provider"].implode()))
    there = named.select("provider", "name").unique().rows()
    found = [_marks(named, fact) for fact in facts.iter_rows(named=True) if _is_there(fact, there)]
    return pl.concat([_marks(events.clear(), facts.row(0, named=True)), *found])


def _is_there(fact: dict[str, str | None], there: list[tuple[str, str]]) -> bool:
    """Whether an event of a line of the facts is among providers and names; most are not."""
    name_of = re.compile(_name_pattern(fact))
    return any(provider == fact["provider"] and name_of.search(name) for provider, name in there)


def _name_pattern(fact: dict[str, str | None]) -> str:
    return f"{_FAMILY}{fact['event']}$"


def _marks(events: pl.DataFrame, fact: dict[str, str | None]) -> pl.DataFrame:
    """Return the marks of one line of the facts."""
    wanted = events.filter(
        pl.col("provider") == fact["provider"], pl.col("name").str.contains(_name_pattern(fact))
    )
    if fact["opcode"] is not None:
        wanted = wanted.filter(pl.col("opcode") == int(fact["opcode"]))
    if fact["pattern"] is not None:
        wanted = wanted.filter(pl.col("data").fill_null("").str.contains(fact["pattern"]))
    return wanted.with_columns(
        mark=pl.lit(fact["mark"], pl.String),
        stage=pl.lit(fact["stage"], pl.String).cast(pl.Enum(STAGES)),
        code=_code(fact["code"]),
        detail=pl.col("data").str.slice(0, QUOTE),
        edge=pl.lit("note"),
        terminal=pl.lit(None, pl.String),
        begins=pl.lit(None, pl.String),
        not_in=pl.lit(None, pl.String),
    )


def _code(field: str | None) -> pl.Expr:
    """The result code in a field, null when all went well."""
    if field is None:
        return pl.lit(None, pl.String)
    value = pl.col("data").str.json_path_match(f"$.{field}")
    return code_of(value).replace("0x00000000", None)
