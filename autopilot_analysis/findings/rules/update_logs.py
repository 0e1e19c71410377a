"""What Windows Update failed with, by its own text log."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace

SOURCE = "update_log"
CODE = (
    r"(?i)(?:\*FAILED\* \[|exit code = (?:0x)?|\bhr ?= ?(?:0x)?|"
    r"\b(?:error|failed with|failed:?) (?:code )?:?(?:0x))(8[0-9a-f]{7})\b"
)
"""Where a line names the result of what failed."""
ALOUD = ["warning", "error"]
LEAST_WARNINGS = 3
"""So many warnings of one code are a failure; a single one is usual. An error is one by itself."""


@rule("UPDATE-FAILED-BY-ITS-LOG", needs="line")
def update_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failures of Windows Update by the code that its log names the most often, the first of equally many.

    Of a device that was deployed only `info` is made.
    """
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    if logs.is_empty():
        return no_proof()
    lines = tables.log_lines.filter(pl.col("severity").is_in(ALOUD)).join(
        logs, on=["device", "member"], maintain_order="left"
    )
    named = pl.concat_str(pl.lit("0x"), pl.col("message").str.extract(CODE))
    failed = lines.with_columns(code=code_of(named, "text")).drop_nulls("code")
    counted = (
        failed.group_by("device", "code", maintain_order=True)
        .agg(n=pl.len(), sure=(pl.col("severity") == "error").any())
        .filter((pl.col("n") >= LEAST_WARNINGS) | pl.col("sure"))
    )
    most = counted.sort("n", descending=True, maintain_order=True).unique(
        "device", keep="first", maintain_order=True
    )
    gone_on = trace.attempts.select("device").unique().with_columns(severity=pl.lit("info"))
    met = failed.drop("severity").join(most, on=["device", "code"], how="semi", maintain_order="left")
    return proof(met.join(gone_on, on="device", how="left", maintain_order="left"), pl.col("message"))
