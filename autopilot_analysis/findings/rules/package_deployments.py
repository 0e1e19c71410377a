"""Packages of the Store's kind (MSIX) that Windows did not install, and what its log of them says of it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.findings.looking import events_of, failed_runs
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.patterns import late
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS, PHASES
from autopilot_analysis.tables.verdict import CRITICAL, WARNING
from autopilot_analysis.trace.installs.installers.blocks import fields_of

REFUSED = ["appx:401", "appx:404"]
"""Events of a package that was not deployed."""
DEPENDS = "0x80073CF3"
"""The code of a package that depends on another, or conflicts with one."""
BEFORE_THE_PAGE = timedelta(hours=1)
"""A page ends soon after what it waits for failed; what failed longer before it is another matter."""
PACKAGE = r'"PackageFullName"\s*:\s*"([A-Za-z0-9.-]{2,60}_\d+(?:\.\d+){3})_'
FRAMEWORK = late(
    r"[«\"“„‘'] ?([A-Za-z][\w.+-]{2,80}) ?[»\"”“’'][^«\"“„‘']{1,80}[«\"“„‘'] ?CN=[^{}]{1,300}?"
    r"\b(\d{1,6}(?:\.\d{1,6}){3})\b"
)
"""How Windows names, in any language, a framework that it did not find, with publisher and least version."""
NEEDS = f"event={','.join(REFUSED)}"


@rule("APP-FRAMEWORK-MISSING", needs=NEEDS)
def framework_missing(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Packages that lack a framework, where their code ended the page or no attempt is known."""
    lacking = _refused(tables, trace).drop_nulls("lacks")
    quiet = pl.when(pl.col("over_at").is_null()).then(pl.lit(WARNING)).otherwise(pl.lit(CRITICAL))
    return proof(lacking.with_columns(severity=quiet, item=pl.format("{} needs {}", "package", "lacks")))


@rule("APP-PACKAGE-REFUSED", needs=f"{NEEDS}; failed=device_setup,account_setup")
def package_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Packages whose code ended the page soon after, for another reason than a framework.

    Where an app that management brings failed with that code, it is told by its own name.
    """
    others = _refused(tables, trace).filter(pl.col("lacks").is_null(), pl.col("over_at").is_not_null())
    brought = trace.installs.filter(pl.col("kind").is_in(APPS), pl.col("kind") != "modern")
    own = brought.filter(pl.col("outcome").is_in(FAILED_TRIES)).select("device", "code")
    return proof(others.with_columns(item="package").join(own, on=["device", "code"], how="anti"))


def _refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the packages that were refused before a page with their code, or where no attempt is known."""
    refused = events_of(tables, REFUSED).filter(pl.col("code").is_not_null())
    package = pl.col("detail").str.extract(PACKAGE).str.replace("_", " ")
    named = refused.with_columns(package=package).drop_nulls("package")
    placed = pl.concat([_of_a_page(named, trace), _of_no_attempt(named, trace)])
    lacks = [_lacks(*row) for row in placed.select("code", "detail").iter_rows()]
    return placed.with_columns(lacks=pl.Series(lacks, dtype=pl.String))


def _of_a_page(named: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return refusals with the attempt and the phase of the page that ended with their code soon after."""
    ended = failed_runs(trace, PHASES).drop_nulls(["code", "at"])
    pages = ended.select(*ATTEMPT, "code", pl.col("stage").cast(pl.String), over_at="at")
    met = named.drop(["attempt", "stage"], strict=False).join(
        pages, on=["device", "code"], maintain_order="left"
    )
    took = pl.col("over_at") - pl.col("at")
    return met.filter(took.is_between(timedelta(), BEFORE_THE_PAGE).fill_null(value=False))


def _of_no_attempt(named: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return the refusals of devices without any attempt."""
    alone = named.drop(["attempt", "stage"], strict=False).join(trace.attempts, on="device", how="anti")
    return alone.with_columns(
        attempt=pl.lit(None, pl.Int64),
        stage=pl.lit(None, pl.String),
        over_at=pl.lit(None, trace.attempts.schema["ended_at"]),
    )


def _lacks(code: str, detail: str) -> str | None:
    """Return the framework that a package did not find, with its least version; None where none is named."""
    if code != DEPENDS:
        return None
    found = next(filter(None, map(FRAMEWORK.search, fields_of({"data": detail}).values())), None)
    return f"{found[1]} {found[2]} or newer" if found else None
