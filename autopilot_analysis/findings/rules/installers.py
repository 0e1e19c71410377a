"""Installers that failed by their own logs, where nothing in the export knows of a try at an app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.join_fields import PLACE as LOG
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.scripts import reason_in
from autopilot_analysis.readers.installer_logs.msi_log import LOG_ENDED
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.verdict import INFO
from autopilot_analysis.trace.installs.installers.causes import KEEPS_ALL, OWN, one_line
from autopilot_analysis.trace.installs.installers.runs import InstallerRun, read_runs
from autopilot_analysis.trace.installs.installers.tying import KINDS
from autopilot_analysis.wording import exit_code

PLACE = [*LOG, "record"]
ROW = {"device": pl.String, "member": pl.String, "record": pl.Int64, "words": pl.String,
       "code": pl.String, "named": pl.String, "rule": pl.String}  # fmt: skip


INSTALL, REMOVAL = "INSTALLER-FAILED", "REMOVAL-FAILED"


@rule(REMOVAL, needs="line")
@rule(INSTALL, needs="line")
def installer_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Installers whose own log ends with an error, by what they did; `info` on a device that was deployed.

    Where the agent or the events know of tries at apps, the log explains those; where an installer of the
    same name ran again, its last run counts.
    """
    tried = trace.installs.filter(pl.col("kind").is_in(KINDS)).select("device").unique()
    lines = tables.log_lines.join(tried, on="device", how="anti", maintain_order="left")
    runs = _last(run for run in read_runs(lines, tables.members) if run.family != OWN)
    rows = pl.DataFrame([row for run in runs if _failed(run) for row in _proofs(run)], ROW, orient="row")
    if rows.is_empty():
        return no_proof()
    written = lines.select(*PLACE, "at", "message")
    gone_on = trace.attempts.select("device").unique().with_columns(severity=pl.lit(INFO))
    met = rows.join(written, on=PLACE, maintain_order="left").join(
        gone_on, on="device", how="left", maintain_order="left"
    )
    shown = pl.concat([met, _stamps(lines, met)])
    return proof(shown, pl.coalesce("words", "message"), pl.col("named"))


@rule("INSTALLER-SCRIPTS", needs="line")
def scripts_of_installers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failed installers whose log quotes, in what failed, why PowerShell runs no script as it is.

    What the agent knows of tries at apps holds that line as their cause.
    """
    tried = trace.installs.filter(pl.col("kind").is_in(KINDS))
    lines = tables.log_lines.join(tried.select("device"), on="device", how="anti", maintain_order="left")
    gone_on = set(trace.attempts["device"])
    runs = [run for run in _last(read_runs(lines, tables.members)) if run.cause is not None and _failed(run)]
    own = [
        (
            run.device,
            run.member,
            run.cause_record,
            run.cause,
            _named(run),
            INFO if run.device in gone_on else None,
        )
        for run in runs
        if run.family != OWN
    ]
    last = tried.group_by("device", "item", maintain_order=True).last()
    failed = last.filter(pl.col("outcome").is_in(FAILED_TRIES), pl.col("cause").is_not_null())
    of_tries = failed.select(
        "device",
        "cause_member",
        "cause_record",
        "cause",
        CALLED,
        pl.lit(None, pl.String),
    )
    found = [*own, *of_tries.iter_rows()]
    kept = [(*row, reason) for row in found if (reason := reason_in(str(row[3]))) in KEEPS_ALL]
    schema = {**dict.fromkeys(("device", "member"), pl.String), "record": pl.Int64, "detail": pl.String,
              "item": pl.String, "severity": pl.String, "rule": pl.String}  # fmt: skip
    rows = pl.DataFrame(kept, schema, orient="row")
    return proof(
        rows.join(tables.log_lines.select(*PLACE, "at"), on=PLACE, how="left", maintain_order="left")
    )


def _stamps(lines: pl.DataFrame, met: pl.DataFrame) -> pl.DataFrame:
    """Return the line that says when a log ended, where its lines carry no time that could be placed."""
    dated = lines.filter(pl.any_horizontal(pl.col("at", "written_at").is_not_null())).select(LOG).unique()
    stamps = lines.filter(pl.col("message").str.contains(LOG_ENDED)).select(*PLACE, text="message")
    last = stamps.join(dated, on=LOG, how="anti").unique(LOG, keep="last", maintain_order=True)
    failures = met.drop("record", "words", "message").unique(LOG, keep="first", maintain_order=True)
    rows = last.join(failures, on=LOG, maintain_order="left")
    words = pl.lit(None, pl.String).alias("words")
    return rows.rename({"text": "message"}).with_columns(words).select(met.columns)


def _last(runs: Iterable[InstallerRun]) -> list[InstallerRun]:
    """Return the last run of each installer: by its product, its name or its log."""
    return list({(run.device, run.product or run.name or run.member): run for run in runs}.values())


def _failed(run: InstallerRun) -> bool:
    """Tell whether a run ended with an error; one whose end was not seen, by the action that failed."""
    return run.action is not None if run.exit_code is None else run.exit_code not in _successes()


def _proofs(run: InstallerRun) -> Iterator[tuple[object, ...]]:
    """Yield the line that explains a run and the one that says how it ended."""
    code = None if run.exit_code is None else code_of(run.exit_code, "exit")
    named = _named(run)
    rule = REMOVAL if run.removal else INSTALL
    words = None if run.cause is None else one_line(run.cause)
    if run.cause_record is not None:
        yield run.device, run.member, run.cause_record, words, code, named, rule
    if run.exit_record is not None and run.exit_record != run.cause_record:
        yield run.device, run.member, run.exit_record, None, code, named, rule


def _named(run: InstallerRun) -> str:
    """Return what a run is called, and how it ended."""
    how = exit_code(run.exit_code) if run.exit_code is not None else f"action {run.action}"
    return f"{run.name or run.log}, {how}"


@cache
def _successes() -> frozenset[int]:
    """Return the exit codes by which an installer says that it succeeded."""
    facts = read_facts("install_states").filter(
        pl.col("scale") == "exit_code", pl.col("outcome") == "succeeded"
    )
    return frozenset(int(code) for code in facts["value"])
