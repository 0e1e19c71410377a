r"""What the agent's registry keys say of scripts, remediations and the retry lock."""

from __future__ import annotations

import json

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.trace.installs.registry.claims import named, scaled, to_instant
from autopilot_analysis.trace.installs.rows import UNFIXED


def read_script_results(low: pl.DataFrame) -> pl.DataFrame:
    """Read Policies: the results of platform scripts."""
    path = rf"intunemanagementextension\\policies\\({GUID})\\({GUID})$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("2").is_not_null())
    )
    keys = ["device", "member", "1", "2"]
    results = rows.group_by(keys, maintain_order=True).agg(
        pl.col("record").first(),
        written=named("result"),
        code=named("errorcode"),
        when=named("lastupdatedtimeutc"),
        details=named("resultdetails"),
    )
    stated = scaled(results.filter(pl.col("written").is_not_null()), "script_result")
    failed = pl.col("outcome") == "failed"
    return stated.with_columns(
        item="2",
        kind=pl.lit("script"),
        phase=pl.lit(None, pl.String),
        code=code_of(pl.col("code"), "failure"),
        error=pl.when(failed, pl.col("details").str.contains(r"\w")).then("details"),
        ended_at=to_instant(pl.col("when")),
        place=pl.lit("Policies"),
    )


def read_remediations(low: pl.DataFrame) -> pl.DataFrame:
    r"""Read SideCarPolicies\Scripts: Execution holds when a remediation last ran, Reports what came of it."""
    path = rf"sidecarpolicies\\scripts\\(execution|reports)\\({GUID})\\({GUID})_\d+(?:\\result)?$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("3").is_not_null())
    )
    results = rows.group_by("device", "member", "2", "3", maintain_order=True).agg(
        pl.col("record").first(), written=named("result"), ended_at=to_instant(named("lastexecution"))
    )
    outcomes = [_came_of(text) for text in results["written"].to_list()]
    names = ("outcome", "reason", "code")
    return results.with_columns(
        *(pl.Series(name, [each[at] for each in outcomes], dtype=pl.String) for at, name in enumerate(names)),
        item="3",
        kind=pl.lit("remediation"),
        place=pl.lit("Scripts"),
    ).with_columns(code=code_of(pl.col("code"), "failure"))


def _came_of(text: str | None) -> tuple[str | None, str | None, str | None]:
    """Return outcome, reason and code of a remediation's report."""
    try:
        report = json.loads(text) if text else None
    except ValueError:
        report = None
    if not isinstance(report, dict):
        return None, None, None
    info = report.get("Info")
    info = info if isinstance(info, dict) else {}
    code = str(report.get("ErrorCode") or "") or None
    if info.get("LastDetectExitCode") == 0 or (
        info.get("FirstDetectExitCode") == 0 and info.get("RemediationExitCode") is None
    ):
        return "succeeded", None, None
    if info.get("LastDetectExitCode") not in (None, 0):
        return "failed", UNFIXED, code
    return ("failed", None, code) if code else ("unknown", None, None)


def read_retry_locks(low: pl.DataFrame) -> pl.DataFrame:
    """Read GRS: when the agent last tried an app that it then leaves alone (LEFT_ALONE)."""
    held = low.filter(pl.col("path").str.contains(r"\\win32apps\\[^\\]+\\grs(?:\\|$)"))
    held = held.with_columns(
        item=pl.coalesce(pl.col("label"), pl.col("path")).str.extract(f"({GUID})"),
        written="value",
        started_at=to_instant(pl.col("value")),
    )
    return held.filter(pl.col("item").is_not_null()).with_columns(
        kind=pl.lit("win32"), outcome=pl.lit("waiting"), reason=pl.lit("GRS"), place=pl.lit("GRS")
    )
