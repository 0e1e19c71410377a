"""Known issues of builds of Windows that the failures of a report fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import quoting
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.signs.signs import terms_of
from autopilot_analysis.findings.signs.terms import in_builds
from autopilot_analysis.fleet.explanation.failures.failure_kinds import named, of_kind

ASKED = {"failed", "scenario", "builds"}
"""What a sign must ask, all of it and no more: stage and code, join, build are what a report tells."""
FITS = 0.9
"""An issue fits failures when this share of them meets its sign: what mended builds show too is another."""


def tell_issues(kinds: list[dict[str, Any]], rows: pl.DataFrame) -> Iterator[tuple[Line, Line]]:
    """Yield the known issue that the failures of a kind fit, and the update that mends it.

    Args:
        kinds: Kinds of failure that the answer tells of.
        rows: Deployments.
    """
    for one in {named(one): one for one in kinds}.values():
        issues = [issue for issue in _issues() if one["code"] in issue["codes"]]
        failed = of_kind(rows, one) if issues else rows.clear()
        for issue in issues:
            fitting = failed.filter(_meets(issue)).height
            if fitting and fitting >= FITS * failed.height:
                name = named(one)
                yield (
                    Line(
                        f"{name}: {fitting:,} of {failed.height:,} failures fit a known issue by stage, join "
                        f"and build, {quoting.in_quotes(issue['title'])}; likely, not proven."
                    ),
                    Line(
                        f"{name}: {issue['remedy']}; mended by {issue['fixed_by']} or newer.",
                        "remedy",
                        issue["page"] or "",
                        address_of(issue["page"]),
                    ),
                )


def _meets(issue: Mapping[str, Any]) -> pl.Expr:
    stage, kind = pl.col("failed_stage").cast(pl.String), pl.col("enrollment_type").cast(pl.String)
    joins = _joins().filter(scenario=issue["scenario"])["enrollment_type"]
    known = stage.is_in(issue["stages"]) & kind.is_in(joins.implode())
    return known.fill_null(value=False) & in_builds(issue["builds"])


@cache
def _joins() -> pl.DataFrame:
    return one_each(read_facts("enrollment_scenarios"), "enrollment_type")


@cache
def _issues() -> list[dict[str, Any]]:
    """Return the known issues of builds that rows of a report can show."""
    found = []
    for row in read_facts("known_issues").drop_nulls(["sign", "fixed_by"]).iter_rows(named=True):
        asked = [part.split("=", 1)[0].strip() for part in row["sign"].split(";")]
        if " | " not in row["sign"] and set(asked) == ASKED:
            terms = dict(terms_of(row["sign"]))
            stages, _, codes = terms.pop("failed").partition("@")
            found.append({**row, **terms, "stages": stages.split(","), "codes": codes.split(",")})
    return found
