"""Windows setup before OOBE: what its own logs say of an image that cannot come as far as Autopilot."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import ERROR, INFO

SOURCE = "setup_log"
PLACES = {"pass": r"(?i)\bpass \[([^\]]+)\]", "component": r"(?i)\bcomponent \[([^\]]+)\]"}
"""What setup says of where it stopped."""
RESULT = r"(?i)(?:\b(?:hr(?:Result)?|dwRet|Result) = |\(|: )(0x[0-9a-f]{8})\b"


@rule("SETUP-ERRORS", needs=f"line; source={SOURCE}")
def setup_errors(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors of setup that facts/setup_errors.csv knows; of a device that was deployed only `info` is made.

    What setupact.log and setuperr.log both hold is one record.
    """
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    errors = tables.log_lines.filter(pl.col("severity") == ERROR).join(logs, on=["device", "member"])
    if errors.is_empty():
        return no_proof()
    known = errors.with_columns(rule=_reason()).filter(pl.col("rule").is_not_null())
    if known.is_empty():
        return no_proof()
    once = known.unique(["device", "written_at", "message"], keep="first", maintain_order=True)
    gone_on = trace.attempts.select("device").unique().with_columns(severity=pl.lit(INFO))
    weighed = once.drop("severity").join(gone_on, on="device", how="left", maintain_order="left")
    code = code_of(pl.col("message").str.extract(RESULT).drop_nulls().first().over("device", "rule"), "text")
    return proof(weighed.with_columns(code=code), pl.col("message"), _where())


def _reason() -> pl.Expr:
    """Return the rule whose pattern an error fits, null where none does."""
    known = read_facts("setup_errors").select("rule", "pattern").iter_rows()
    fits = (
        pl.when(pl.col("message").str.contains(f"(?i){words}")).then(pl.lit(name)) for name, words in known
    )
    return pl.coalesce(*fits, pl.lit(None, pl.String))


def _where() -> pl.Expr:
    """Return where setup stopped, by all that its errors of one rule say."""
    places = {name: pl.col("message").str.extract(shape) for name, shape in PLACES.items()}
    parts = [
        pl.format(f"{name} {{}}", value.drop_nulls().first().over("device", "rule"))
        for name, value in places.items()
    ]
    return pl.concat_str(parts, separator=", ", ignore_nulls=True).replace("", None)
