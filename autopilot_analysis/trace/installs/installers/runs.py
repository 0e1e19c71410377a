"""Runs of installers as their own logs tell them: what ran, for whom, how it ended, and why."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.codes import code_of
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.facts.source_names import CMTRACE_OTHER, OWN_LOG
from autopilot_analysis.trace.installs.installers.causes import (
    OWN,
    PASSED_ON,
    failed_action,
    find_cause,
    one_line,
)

FAMILIES = {
    "installer_msi": "msi",
    "installer_burn": "burn",
    "installer_toolkit": "toolkit",
    "installer_winget": "winget",
    OWN_LOG: OWN,
    CMTRACE_OTHER: OWN,
}
"""Sources of facts/sources.csv, and the family of installer that wrote them."""

_DONE = "(?:setup|install|uninstall|repair)"
"""What the toolkit says that it began or ended."""
_BEGINS = (
    r"^=== (?:Verbose )?[Ll]ogging started: |^001: Burn "
    rf"|:: \[[^\]]+\] {_DONE} started\.|^WinGet, version \["
)
APP = re.compile(rf"(?i)\\IMECache\\({GUID})_\d+")
"""The folder of an app in the agent's cache."""
_PRODUCT = rf"^Property\(.\): ProductCode = (\{{{GUID}\}})"
_NAME = (
    r"^Property\(.\): ProductName = (.+)$",
    r"'WixBundleName' to value '([^']+)'",
    rf":: \[([^\]]+)\] {_DONE} (?:started\.|completed in )",
    r"^WinGet invoked with arguments: .{0,300}'--id' '([^']{1,128})'",
)
_OF_PRODUCT = r"(?:^|\]: )\p{L}{3,12} ?: (\S.{0,120}?) -- "
"""What Windows Installer tells of a product, in any language."""
_STATED = r"\bProduct Name: (.{1,120}?)\. Product Version: "
_LOGS = (r"(?i)/l[a-z*+!]*\s+\"?([^\"\]]+?\.(?:log|txt))\b", r"'WixBundleLog[^']*' to value '([^']+)'")
_EXIT = (
    r"MainEngineThread is returning (\d+)",
    r"success or error status: (\d+)",
    r"(?:completed|failed)\b.{0,120}? with exit code \[(-?\d+)\]",
    PASSED_ON,
)
_RESULT = r"^399: Apply complete, result: 0x8007([0-9a-fA-F]{4})|^399: Apply complete, result: 0x(0)\b"
_DIRECTION = (
    r"\b(\p{L}+) success or error status: \d",
    r" -- (\p{L}+) (?:operation )?(?:failed|completed)\b",
    r":: \[[^\]]+\] (\w+) (?:started\.|completed in )",
    r"^200: Plan begin, .*?\baction: (\w+)",
)
"""What a run does to its product, as its log names it; the last is the run's own."""
_AWAY = r"(?i)^(?:removal|uninstall)$"
_CODED = r"(?i)0x[89c][0-9a-f]{7}|[-−][0-9]{9,10}\b"
"""What may be a result code in a line; `code_of` decides."""


class CodedLine(msgspec.Struct, frozen=True):
    """A line of a log in a form of its own that names a result code."""

    code: str
    text: str
    record: int
    at: datetime | None


class InstallerRun(msgspec.Struct, frozen=True):
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
    logs: frozenset[str] = msgspec.field(default_factory=frozenset)
    """Names of the logs that it had others write, without their folders, in lower case."""
    action: str | None = None
    """The first action that Windows Installer ended as failed."""
    exit_record: int | None = None
    """The record that says how it ended."""
    removal: bool = False
    """Whether it took its product away."""
    coded: tuple[CodedLine, ...] = ()
    """Its lines that name a result code, where it has a form of its own."""

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
    results = pl.coalesce(text.str.extract(_RESULT, 1), text.str.extract(_RESULT, 2))
    result = results.drop_nulls().last()
    ends = pl.coalesce(*(text.str.extract(pattern) for pattern in _EXIT), results)
    msi = pl.col("family").first() == "msi"
    process = pl.coalesce(
        captured(r"^Property\(.\): CLIENTPROCESSID = (\d+)").first(),
        pl.col("component").str.extract(r"^process (\d+)$").drop_nulls().first(),
    )
    exit_code = captured(*_EXIT).last().cast(pl.Int64, strict=False)
    named_by_msi = pl.coalesce(captured(name).first() for name in (_OF_PRODUCT, _STATED))
    name = pl.coalesce(captured(*_NAME).first(), pl.when(msi).then(named_by_msi))
    removal = captured(*_DIRECTION).last().str.contains(_AWAY).fill_null(value=False)
    exit_record = pl.col("record").filter(ends.is_not_null()).last()
    app, product = (captured(pattern).first().str.to_lowercase() for pattern in (APP.pattern, _PRODUCT))
    return numbered.group_by("device", "member", "run", maintain_order=True).agg(
        pl.col("family").first(),
        app=app,
        product=product,
        name=name,
        process=process.cast(pl.Int64, strict=False),
        began=pl.col("moment").min(),
        ended=pl.col("moment").max(),
        exit_record=exit_record,
        exit_code=pl.coalesce(exit_code, result.str.to_integer(base=16, strict=False)),
        removal=removal,
        logs=pl.concat_list(path.implode() for path in paths),
    )


def _run(facts: dict[str, object], lines: pl.DataFrame) -> InstallerRun:
    """Return one run; where it ended well nothing is to be explained."""
    logs = frozenset(file_name(str(path)) for path in facts.pop("logs") or [])  # type: ignore[attr-defined]
    del facts["run"]
    well = facts["exit_code"] == 0
    cause = None if well else find_cause(str(facts["family"]), lines)
    text, record = cause or (None, None)
    facts |= {"logs": logs, "cause": text, "cause_record": record}
    facts["action"] = failed_action(lines) if facts["family"] == "msi" else None
    facts["coded"] = _coded(lines) if facts["family"] == OWN else ()
    return InstallerRun(**facts)  # type: ignore[arg-type]


def _coded(lines: pl.DataFrame) -> tuple[CodedLine, ...]:
    """Return the lines that name a result code, each with the first that it names."""
    likely = lines.filter(pl.col("message").str.contains(_CODED)).select("message", "record", "moment")
    return tuple(
        CodedLine(code, one_line(text), record, at)
        for text, record, at in likely.iter_rows()
        if (code := code_of(text))
    )
