"""Errors that a transcript of PowerShell shows, with the script of Intune that it is of."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.join_fields import PLACE
from autopilot_analysis.findings.looking import FILE_NAME, properties
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.readers.text_logs.transcript import RUN_OF, SECTION, STARTED
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import REMEDIATION, SCRIPT
from autopilot_analysis.tables.verdict import ERROR, INFO

SOURCE = "transcript"
OF_SCRIPT = rf"(?i)\\Policies\\Scripts\\(?:{GUID}_)?({GUID})\.ps1$"
OF_REMEDIATION = rf"(?i)\\HealthScripts\\({GUID})_\d+\\"
"""Where the agent keeps what it runs: the id of a platform script stands behind that of its user."""
COMMAND = r"TerminatingError\(([^)]+)\)|^\s*(\S+) : "
ENDS = r"^.{0,5}TerminatingError\("
TWICE = r"^.{0,5}TerminatingError"


@rule("SCRIPT-ENDED-BY-ERROR", needs="line; property=script | line; property=started")
def script_ended_by_error(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors that ended a command of a script, in a transcript; of a deployed device only `info` is made.

    PowerShell notes an error again where the caller passes it on: each is quoted once. Where none ended a
    command, those count whose block the console shows.
    """
    logs = tables.members.filter(pl.col("source") == SOURCE).select(PLACE)
    lines = tables.log_lines.filter(pl.col("severity") == ERROR).join(logs, on=PLACE)
    ends = pl.col("message").str.contains(ENDS)
    lines = lines.filter(ends | ~ends.any().over(PLACE))
    plain = pl.col("message").str.replace(TWICE, "TerminatingError")
    errors = lines.with_columns(plain=plain).unique([*PLACE, "plain"], keep="first", maintain_order=True)
    gone_on = trace.attempts.select("device").unique().with_columns(severity=pl.lit(INFO))
    met = (
        errors.drop("severity")
        .join(_scripts(tables), on=PLACE, how="left", maintain_order="left")
        .join(gone_on, on="device", how="left", maintain_order="left")
        .with_columns(
            item=pl.coalesce(
                "named", *(pl.col("message").str.extract(COMMAND, part) for part in (1, 2)), "member"
            )
        )
    )
    flat = pl.col("message").str.replace_all(r"\s+", " ")
    return all_proofs([_begun(tables, met), proof(met, flat, pl.col("item"))])


def _scripts(tables: Tables) -> pl.DataFrame:
    """Return what each transcript is of: the id of a script of Intune, else the name of its file."""
    path = pl.col("value")
    ran = properties(tables, f"^{RUN_OF.lower()}$", r"\w").filter(pl.col("section") == SECTION)
    named = pl.coalesce(
        pl.format(f"{SCRIPT} {{}}", path.str.extract(OF_SCRIPT).str.to_lowercase()),
        pl.format(f"{REMEDIATION} {{}}", path.str.extract(OF_REMEDIATION).str.to_lowercase()),
        path.str.extract(FILE_NAME),
    )
    return ran.select(*PLACE, named=named).unique(PLACE, keep="first", maintain_order=True)


def _begun(tables: Tables, errors: pl.DataFrame) -> pl.DataFrame:
    """Return, as a proof, when the transcript of each error was begun."""
    began = properties(tables, f"^{STARTED.lower()}$", r"\d").filter(pl.col("section") == SECTION)
    of = errors.select(*PLACE, "item", "severity").unique(PLACE, keep="first", maintain_order=True)
    rows = began.join(of, on=PLACE, maintain_order="left").with_columns(at=NEVER)
    return proof(rows, pl.format("the transcript was begun at {}", "value"), pl.col("item"))
