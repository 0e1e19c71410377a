"""Runs of installers as their own logs tell them: what ran, for whom, how it ended, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.trace.installs.installers.causes import OWN, find_cause

FAMILIES = {
    "installer_msi": "msi",
    "installer_burn": "burn",
    "installer_toolkit": "toolkit",
    "own_log": OWN,
    "cmtrace_other": OWN,
}
"""Sources of facts/sources.csv, and the family of installer that wrote them."""

_BEGINS = (
    r"^=== (?:Verbose )?[Ll]ogging started: |^001: Burn "
    r"|:: \[[^\]]+\] (?:setup|install|uninstall|repair) started\."
)
APP = re.compile(rf"(?i)\\IMECache\\({GUID})_\d+")
"""The folder of an app in the agent's cache."""
_PRODUCT = rf"^Property\(.\): ProductCode = (\{{{GUID}\}})"
_NAME = (
    r"^Property\(.\): ProductName = (.+)$",
    r"'WixBundleName' to value '([^']+)'",
    r":: \[([^\]]+)\] (?:setup|install|uninstall|repair) started\.",
)
_LOGS = (r"(?i)/l[a-z*+!]*\s+\"?([^\"\]]+?\.(?:log|txt))\b", r"'WixBundleLog[^']*' to value '([^']+)'")
_EXIT = (
    r"MainEngineThread is returning (\d+)",
    r"(?:completed|failed)\b.{0,120}? with exit code \[(-?\d+)\]",
)
_RESULT = r"^399: Apply complete, result: 0x8007([0-9a-fA-F]{4})|^399: Apply complete, result: 0x(0)\b"


@dataclass(frozen=True, slots=True)
class InstallerRun:
    """One run of an installer, as one log tells it."""

    device: str
    member: str
    family: str
    app: str | None
    product: str | None
    name: str | None
    process: int | None
    began: datetime | None
    ended: datetime | None
    exit_code: int | None
    cause: str | None
    cause_record: int | None
    logs: frozenset[str] = field(default_factory=frozenset)
    """Names of the logs that it had others write, without their folders, in lower case."""

    @property
    def log(self) -> str:
        """Return the name of its own log, without its folder, in lower case."""
        return file_name(self.member)


def file_name(path: str) -> str:
    """Return the last part of a path in lower case, whichever slashes it has."""
    return path.replace("\\", "/").rpartition("/")[2].lower()


def read_runs(log_lines: pl.DataFrame, members: pl.DataFrame) -> list[InstallerRun]:
    """Return every run of an installer that its own log tells of, in the order of members and lines.

    Args:
        log_lines: The table `log_lines`.
        members: The table `members`, which says whose log a file is.
    """
    source = pl.col("source").replace_strict(FAMILIES, default=None, return_dtype=pl.String)
    logs = members.select("device", "member", family=source).drop_nulls("family")
    if logs.is_empty():
        return []
    lines = log_lines.join(logs, on=["device", "member"], maintain_order="left").sort(
        "device", "member", "record", maintain_order=True
    )
    moment = best_instant()
    began = pl.col("message").str.contains(_BEGINS).cum_sum().over("device", "member")
    numbered = lines.with_columns(moment=moment, run=pl.max_horizontal(began, 1))
    facts = _facts(numbered)
    groups = numbered.partition_by("device", "member", "run", maintain_order=True)
    return [_run(row, group) for row, group in zip(facts.iter_rows(named=True), groups, strict=True)]


def _facts(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return one row a run with what single lines of it tell."""
    text = pl.col("message")

    def captured(*patterns: str) -> pl.Expr:
        return pl.coalesce(text.str.extract(pattern) for pattern in patterns).drop_nulls()

    paths = [captured(pattern) for pattern in _LOGS]
    result = pl.coalesce(text.str.extract(_RESULT, 1), text.str.extract(_RESULT, 2)).drop_nulls().last()
    process = pl.coalesce(
        captured(r"^Property\(.\): CLIENTPROCESSID = (\d+)").first(),
        pl.col("component").str.extract(r"^process (\d+)$").drop_nulls().first(),
    )
    exit_code = captured(*_EXIT).last().cast(pl.Int64, strict=False)
    app, product = (captured(pattern).first().str.to_lowercase() for pattern in (APP.pattern, _PRODUCT))
    return numbered.group_by("device", "member", "run", maintain_order=True).agg(
        pl.col("family").first(),
        app=app,
        product=product,
        name=captured(*_NAME).first(),
        process=process.cast(pl.Int64, strict=False),
        began=pl.col("moment").min(),
        ended=pl.col("moment").max(),
        exit_code=pl.coalesce(exit_code, result.str.to_integer(base=16, strict=False)),
        logs=pl.concat_list(path.implode() for path in paths),
    )


def _run(facts: dict[str, object], lines: pl.DataFrame) -> InstallerRun:
    """Return one run; where it ended well nothing is to be explained."""
    logs = frozenset(file_name(str(path)) for path in facts.pop("logs") or [])  # type: ignore[attr-defined]
    del facts["run"]
    well = facts["exit_code"] == 0
    cause = None if well else find_cause(str(facts["family"]), lines)
    text, record = cause or (None, None)
    return InstallerRun(**facts, logs=logs, cause=text, cause_record=record)  # type: ignore[arg-type]
