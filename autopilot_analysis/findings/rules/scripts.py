"""Scripts of the agent that failed, and what their own error text says of the reason."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import exit_words, once
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

SCRIPTS = ["script", "remediation"]
"""Kinds of scripts that are meant to change the device."""
BEFORE, BEHIND = 60, 80
"""So many signs around the words that name a reason are quoted."""


@rule("SCRIPT-FAILED", needs="install=script,remediation; install=failed")
def script_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Platform scripts and remediations whose last run failed, for no reason that their error text names."""
    unknown = _failed(trace).filter(pl.col("rule").is_null())
    return proof(unknown, exit_words(), pl.col("own"))


@rule("SCRIPT-ERRORS", needs="install=script,remediation; install=failed")
def script_errors(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Scripts whose error text names a reason of facts/script_errors.csv.

    What keeps one of them from running keeps all of them: they are one finding.
    """
    known = _failed(trace).filter(pl.col("rule").is_not_null())
    number = pl.len().over("device", "rule")
    named = pl.when(number == 1).then("own").otherwise(pl.format("{} scripts", number))
    return proof(known, pl.format("{}: {}", "own", _decisive_words()), named)


@once
def _failed(trace: Trace) -> pl.DataFrame:
    """Return the scripts whose last run failed, each with its name and the rule that its error text fits."""
    runs = trace.installs.filter(pl.col("kind").is_in(SCRIPTS))
    last = runs.group_by("device", "item", maintain_order=True).last()
    return last.filter(pl.col("outcome") == "failed").with_columns(
        at=pl.coalesce("ended_at", "started_at"), rule=_reason(), own=pl.coalesce("name", "item")
    )


def _error() -> pl.Expr:
    return pl.col("detail").str.json_path_match("$.error")


def _reason() -> pl.Expr:
    """Return the rule whose pattern the error text of a script fits, null where none does."""
    fits = (pl.when(_error().str.contains(f"(?i){words}")).then(pl.lit(name)) for name, words in _reasons())
    return pl.coalesce(*fits, pl.lit(None, pl.String))


def _decisive_words() -> pl.Expr:
    """Return what stands around the words that name the reason: a path before them may be long."""
    return pl.coalesce(
        _error().str.extract(f"(?is)(.{{0,{BEFORE}}}(?:{words}).{{0,{BEHIND}}})") for _, words in _reasons()
    )


def _reasons() -> list[tuple[str, str]]:
    return list(read_facts("script_errors").select("rule", "pattern").iter_rows())
