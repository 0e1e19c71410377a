"""Scripts of the agent that failed, and what their own error text says of the reason."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import known_exit, once
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.preparation import stopping_items
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED, REMEDIATION, SCRIPT
from autopilot_analysis.tables.verdict import CRITICAL, INFO
from autopilot_analysis.wording import several

SCRIPTS = ["script", "remediation"]
"""Kinds of scripts that are meant to change the device."""
ONLY_64_BITS = "{only_64_bits}"
"""Stands in a pattern for the commands that 32-bit programs do not find."""
REPORTED = "$.report.RemediationScriptErrorDetails"
"""What the agent reported of the error of a fix, where the log does not show which part wrote it."""
QUOTED_BEFORE, QUOTED_BEHIND = 60, 80
"""So many signs around the words that name a reason are quoted."""


@rule("SCRIPT-FAILED", needs="install=script,remediation; install=failed")
def script_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Platform scripts and remediations whose last run failed, for no reason that their error text names.

    One that device preparation waited for and that stopped it is told as that alone.
    """
    failed = _failed(trace).filter(pl.col("rule").is_null())
    unknown = failed.join(stopping_items(trace), on=["device", "item"], how="anti", maintain_order="left")
    error = pl.format(": {}", _error()).fill_null("")
    return proof(unknown, pl.concat_str(known_exit(), error), pl.col("about"))


@rule("SCRIPT-ERRORS", needs="install=script,remediation; install=failed")
def script_errors(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Scripts whose error text names a reason of facts/script_errors.csv.

    What keeps one of them from running keeps all of them: they are one finding.
    """
    known = _failed(trace).filter(pl.col("rule").is_not_null())
    number = pl.len().over("device", "rule")
    least = pl.col("rule").replace_strict(_least())
    decisive = pl.when(least > 1).then(pl.format("{}: {}", "about", _decisive_words(0, 0)))
    one = pl.coalesce(decisive, "about")
    named = pl.when(number == 1).then(one).otherwise(pl.format(f"{{}} {several(SCRIPT)}", number))
    few = pl.col("times").max().over("device", "rule") < least
    stopped = pl.concat_str("device", "item").is_in(
        stopping_items(trace).select(pl.concat_str("device", "item")).to_series().implode()
    )
    heavy = pl.when(stopped).then(pl.lit(CRITICAL)).when(few).then(pl.lit(INFO))
    weighed = known.with_columns(severity=heavy, named=named)
    shown = pl.concat([_first_of(trace, weighed), weighed])
    words = _decisive_words(QUOTED_BEFORE, QUOTED_BEHIND).str.strip_chars(": ")
    return proof(shown, pl.format("{}: {}", "own", words), pl.col("named"))


def _first_of(trace: Trace, last: pl.DataFrame) -> pl.DataFrame:
    """Return the first of the runs in a row that failed for the reason of the last: since when that is so."""
    several = last.filter(pl.col("times") > 1)
    if several.is_empty():
        return several
    first = _runs(trace).filter("in_a_row").group_by("device", "item", maintain_order=True).first()
    words = several.select("device", "item", "rule", "own", "about", "severity", "named")
    return first.join(words, on=["device", "item", "rule"], maintain_order="left").select(last.columns)


@once
def _runs(trace: Trace) -> pl.DataFrame:
    """Return the runs of scripts with the rule that their error fits, and which failed last in a row."""
    runs = trace.installs.filter(pl.col("kind").is_in(SCRIPTS))
    bad = (pl.col("outcome") == "failed").cast(pl.Int64)
    last_bad = bad.reverse().cum_prod().reverse().over("device", "item")
    return runs.with_columns(
        at=pl.coalesce("ended_at", "started_at"),
        rule=_reason(),
        in_a_row=last_bad == 1,
        times=last_bad.sum().over("device", "item"),
    )


@once
def _failed(trace: Trace) -> pl.DataFrame:
    """Return the scripts whose last run failed, each with its name and the rule that its error text fits.

    `about` says of what kind it is and how often in a row it failed (`times`).
    """
    last = _runs(trace).group_by("device", "item", maintain_order=True).last()
    own = CALLED
    called = (
        pl.when(pl.col("kind") == "remediation").then(pl.format(f"{REMEDIATION} {{}}", own)).otherwise(own)
    )
    often = pl.when(pl.col("times") > 1).then(pl.format("{}, {} times", called, "times"))
    return last.filter(pl.col("outcome") == "failed").with_columns(own=own, about=pl.coalesce(often, called))


def _known(name: str) -> pl.Expr:
    """Return what is known of a script's run; of a remediation, what is known of its fix."""
    paths = [f"$.{name}", f'$.parts[?(@.part=="remediate")].{name}', *([REPORTED] if name == "error" else [])]
    return pl.coalesce(pl.col("detail").str.json_path_match(path).replace("", None) for path in paths)


def _reason() -> pl.Expr:
    """Return the rule that the error text of a script fits in the host that ran it; null where none does."""
    fits = (
        pl.when(_fits(words, host, context, policy, never)).then(pl.lit(name))
        for name, words, host, context, policy, never in _reasons()
    )
    return pl.coalesce(*fits, pl.lit(None, pl.String))


def _error() -> pl.Expr:
    """Return the error text on one line: PowerShell breaks it where its window ends, in any sentence."""
    return _known("error").str.replace_all(r"\s+", " ")


def _fits(
    words: str, host: str | None, context: str | None, policy: str | None, never: str | None
) -> pl.Expr:
    error = _error()
    fits = error.str.contains(f"(?i){words}")
    if host is not None:
        fits &= _known("host") == host
    if context is not None:
        fits &= pl.col("context") == context
    if policy is not None:
        fits &= _known("policy").str.to_lowercase() == policy
    return fits & ~error.str.contains(f"(?i){never}") if never else fits


def _decisive_words(before: int, behind: int) -> pl.Expr:
    """Return the words that name the reason with so many signs around them: a path before may be long."""
    return pl.coalesce(
        pl.when(pl.col("rule") == name).then(
            _error().str.extract(f"(?is){begins}(.{{0,{before}}}(?:{words}).{{0,{behind}}})")
        )
        for begins in ((r"(?:^|\s)", "") if before else ("",))  # where it can be, from the start of a word
        for name, words, *_ in _reasons()
    )


def reason_in(text: str) -> str | None:
    """Return the rule whose reason an error text names, None where more of its run must be known.

    Args:
        text: On one line.
    """
    for rule_id, pattern, host, context, policy, never in _reasons():
        if (host, context, policy) == (None, None, None) and re.search(pattern, text, re.IGNORECASE):
            return None if never and re.search(never, text, re.IGNORECASE) else rule_id
    return None


@cache
def _reasons() -> list[tuple[str, str, str | None, str | None, str | None, str | None]]:
    """Return rule, pattern, the host, account and policy it needs, and what must not be said."""
    tools = "|".join(re.escape(name) for name in read_facts("only_64_bits")["name"])
    known = read_facts("script_errors").select("rule", "pattern", "host", "context", "policy", "never")
    return [(rule, words.replace(ONLY_64_BITS, tools), *needed) for rule, words, *needed in known.iter_rows()]


@cache
def _least() -> dict[str, int]:
    """Return how often in a row each rule's reason must have been met for more than `info`."""
    known = read_facts("script_errors").select("rule", pl.col("least").cast(pl.Int64))
    return dict(known.rows())
