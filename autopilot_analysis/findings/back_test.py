"""Back-testing: how the findings compare with what analysts decided, case by case."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.tables import Findings
from autopilot_analysis.tables.verdict import CAUSE, INFO

COLUMNS = ["device", "rule"]
VERDICTS = ["root_cause_confirmed", "different_problem", "analysis_wrong", "inconclusive"]


def read_verdicts(path: str | Path) -> pl.DataFrame:
    """Return the verdicts of analysts from a CSV file beside their exports.

    Args:
        path: A CSV with the columns device and rule (the rule that names the true cause, empty when none
            does), and as wanted verdict (one of VERDICTS) and note.

    Raises:
        BadInput: The file is absent or has not these columns.
    """
    file = Path(path)
    if not file.is_file():
        raise BadInput.missing(file, "write a CSV file with the columns device and rule")
    frame = pl.read_csv(file, infer_schema=False)
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise BadInput(f"{file} has no column {missing[0]}; its columns must include device and rule")
    return frame


def back_test(findings: Findings, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Compare the first cause found on each device with what analysts decided.

    Args:
        findings: What `find` returned, for one device or many.
        verdicts: What `read_verdicts` returned: device, rule; `verdict` "inconclusive" is left out.

    Returns:
        device, expected (the analyst's rule), found (the rule of the first cause, null when none), rank (at
        which place the expected rule stands among the findings above info, null when absent), agrees.
    """
    if "verdict" in verdicts.columns:
        verdicts = verdicts.filter(pl.col("verdict").fill_null("") != "inconclusive")
    decided = verdicts.select("device", expected=pl.when(pl.col("rule") != "").then("rule"))
    above = findings.findings.filter(pl.col("severity") != INFO).with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("device").cast(pl.Int64)
    )
    first = (
        above.filter(pl.col("role") == CAUSE)
        .group_by("device", maintain_order=True)
        .agg(found=pl.col("rule").first())
    )
    ranks = above.group_by("device", "rule").agg(pl.col("rank").min())
    return (
        decided.join(first, on="device", how="left", maintain_order="left")
        .join(
            ranks,
            left_on=["device", "expected"],
            right_on=["device", "rule"],
            how="left",
            maintain_order="left",
        )
        .with_columns(agrees=pl.col("expected").eq_missing(pl.col("found")))
    )
