"""Provisioning packages of the company: one that enrolled the device before Autopilot's user came."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import events_of, failed_runs, registry
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.signs.signs import origin_of, terms_of
from autopilot_analysis.readers.device.enrollment import ALREADY_ENROLLED
from autopilot_analysis.tables import Tables, Trace

APPLIED_WITHIN = timedelta(minutes=30)
"""A package that enrols the device does so at most so long after it began to be applied."""
TOGETHER = "AP-45"
"""The known issue whose sign tells the company's packages from those of Windows and the maker."""
FILE = r'"Message1":\s*"(?:[^"]*\\)?([^"\\]+)"'
"""The field of an event in which the package's file is named."""
BULK = r"(?i)^package_[0-9a-f]{8}-"
"""How the account begins with which a package enrols."""


@rule("MDM-ENROLLED-BY-PACKAGE", needs="failed=mdm_enrollment")
def enrolled_by_package(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Enrolments turned away as one too many, of a device that a company's package had enrolled before."""
    refused = failed_runs(trace, ["mdm_enrollment"]).filter(pl.col("code") == ALREADY_ENROLLED)
    if refused.is_empty():
        return no_proof()
    by_package = _by_package(tables, _enrolled_before(trace, refused))
    accounts = registry(tables, r"\\enrollments\\", "^upn$").filter(pl.col("value").str.contains(BULK))
    known = pl.concat([by_package.select("device"), accounts.select("device")]).unique()
    names = by_package.group_by("device", maintain_order=True).agg(pl.col("package").last())
    enrolled = by_package.unique(["device", "member", "record"], maintain_order=True)
    applied = by_package.select("device", "package_at", "package_member", "package_record", "package_detail")
    applied = applied.unique(maintain_order=True).rename(lambda name: name.removeprefix("package_"))
    parts = [refused.join(known, on="device", how="semi"), applied, enrolled.drop("package"), accounts]
    named = [part.join(names, on="device", how="left", maintain_order="left") for part in parts]
    kept = [part.join(refused, on="device", how="semi") for part in named]
    return all_proofs([proof(part, item=pl.col("package")) for part in kept])


def _enrolled_before(trace: Trace, refused: pl.DataFrame) -> pl.DataFrame:
    """Return the enrolments that stood when the first one too many was tried."""
    first = refused.group_by("device").agg(refused_at=pl.col("at").min())
    marks = trace.marks.join(first, on="device", maintain_order="left").filter(
        pl.col("at") < pl.col("refused_at")
    )
    left = marks.filter(pl.col("mark") == "unenrolled").group_by("device").agg(left_at=pl.col("at").max())
    enrolled = marks.filter(pl.col("mark") == "enrolled").join(left, on="device", how="left")
    stands = (pl.col("at") > pl.col("left_at")).fill_null(value=True)
    return enrolled.filter(stands).select("device", "at", "member", "record", "detail")


def _by_package(tables: Tables, enrolled: pl.DataFrame) -> pl.DataFrame:
    """Return those enrolments that came soon after a company's package, with its name and its event."""
    events = events_of(tables, ["prov:20"]).filter(~pl.col("detail").str.contains(_of_windows()))
    packages = events.select(
        "device",
        package=pl.col("detail").str.extract(FILE),
        package_at="at",
        package_member="member",
        package_record="record",
        package_detail=pl.format("{}, applied (event 20)", pl.col("detail").str.extract(FILE)),
    )
    waited = pl.col("at") - pl.col("package_at")
    both = enrolled.join(packages, on="device", maintain_order="left_right")
    return both.filter(waited.is_between(timedelta(), APPLIED_WITHIN)).sort("package_at", maintain_order=True)


@cache
def _of_windows() -> str:
    """Return the pattern of packages that Windows and the maker of any device apply."""
    issue = read_facts("known_issues").row(by_predicate=pl.col("id") == TOGETHER, named=True)
    return str(origin_of(terms_of(issue["sign"])[0][1])["never"])
