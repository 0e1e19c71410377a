"""Scripts of the agent that failed, and what their own error text says of the reason."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import exit_words, once
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

SCRIPTS = ["script", "remediation"]
"""Kinds of scripts that are meant to change the device."""
ONLY_64_BITS = "{only_64_bits}"
"""Stands in a pattern for the commands that 32-bit programs do not find."""
QUOTED_BEFORE, QUOTED_BEHIND = 60, 80
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


def _known(name: str) -> pl.Expr:
    """Return what is known of a script's run; of a remediation, what is known of its fix."""
    paths = (f"$.{name}", f'$.parts[?(@.part=="remediate")].{name}')
    return pl.coalesce(pl.col("detail").str.json_path_match(path) for path in paths)


def _reason() -> pl.Expr:
    """Return the rule that the error text of a script fits in the host that ran it; null where none does."""
    fits = (pl.when(_fits(words, host, never)).then(pl.lit(name)) for name, words, host, never in _reasons())
    return pl.coalesce(*fits, pl.lit(None, pl.String))


def _error() -> pl.Expr:
    """Return the error text on one line: PowerShell breaks it where its window ends, in any sentence."""
    return _known("error").str.replace_all(r"\s+", " ")


def _fits(words: str, host: str | None, never: str | None) -> pl.Expr:
    error = _error()
    fits = error.str.contains(f"(?i){words}")
    if host is not None:
        fits &= _known("host") == host
    return fits & ~error.str.contains(f"(?i){never}") if never else fits


def _decisive_words() -> pl.Expr:
    """Return what stands around the words that name the reason: a path before them may be long."""
    return pl.coalesce(
        pl.when(pl.col("rule") == name).then(
            _error().str.extract(f"(?is)(.{{0,{QUOTED_BEFORE}}}(?:{words}).{{0,{QUOTED_BEHIND}}})")
        )
        for name, words, _, _ in _reasons()
    )


def reason_in(text: str) -> str | None:
    """Return the rule whose reason an error text names, None where no host that must be known decides.

    Args:
        text: On one line.
    """
    for rule_id, pattern, host, never in _reasons():
        if host is None and re.search(pattern, text, re.IGNORECASE):
            return None if never and re.search(never, text, re.IGNORECASE) else rule_id
    return None


@cache
def _reasons() -> list[tuple[str, str, str | None, str | None]]:
    """Return rule, pattern, the host of PowerShell it needs, and what must not be said."""
    tools = "|".join(re.escape(name) for name in read_facts("only_64_bits")["name"])
    known = read_facts("script_errors").select("rule", "pattern", "host", "never")
    return [
        (rule, words.replace(ONLY_64_BITS, tools), host, never)
        for rule, words, host, never in known.iter_rows()
    ]
