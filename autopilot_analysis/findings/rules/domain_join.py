"""How the joins to a domain ended that NetSetup.log tells of, by the status with which Windows ended them."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

SOURCE = "netsetup_log"
STATUS = r"^Netp(DoDomainJoin|CompleteOfflineDomainJoin): status: +0x([0-9A-Fa-f]{1,8})"
"""With what Windows ends a join, by itself or with data made before: its own function, and a Win32 error."""
OTHER = "DOMAIN-JOIN-FAILED"
"""The rule of a status that facts/domain_join_errors.csv does not know."""


def _rule() -> pl.Expr:
    """Return the rule of a status by its number."""
    known = read_facts("domain_join_errors").select("code", "rule")
    return pl.col("status").cast(pl.String).replace_strict(known["code"], known["rule"], default=OTHER)


def _severity(last: pl.DataFrame, tables: Tables, trace: Trace) -> pl.DataFrame:
    """Give failed joins that decided nothing the severity info.

    That is: the device is enrolled all the same, or its attempts are none of a hybrid join that did not
    succeed, or began after the join of the log.
    """
    hybrid = (pl.col("scenario") == "hybrid_join") & (pl.col("outcome") != "succeeded")
    attempts = trace.attempts.group_by("device").agg(
        decides=hybrid.fill_null(value=False).any(), begun_at=pl.col("started_at").max()
    )
    enrolled = tables.devices.select("device", enrolled=pl.col("enrolled").fill_null(value=False))
    known = last.join(attempts, on="device", how="left", maintain_order="left").join(
        enrolled, on="device", how="left", maintain_order="left"
    )
    elsewhere = pl.when(pl.col("decides").is_null()).then("enrolled").otherwise(~pl.col("decides"))
    before = (pl.col("at") < pl.col("begun_at")).fill_null(value=False)
    return known.with_columns(severity=pl.when(elsewhere | before).then(pl.lit("info")))


@rule("DOMAIN-JOIN-ANSWERS", needs=f"line; source={SOURCE}")
def domain_join_answers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers whose last join to a domain failed, by its status; those that joined later are left out."""
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    parts = pl.col("message").str.extract_groups(STATUS).struct
    ends = (
        tables.log_lines.join(logs, on=["device", "member"], how="semi")
        .with_columns(status=parts.field("2").str.to_integer(base=16, strict=False))
        .drop_nulls("status")
        .sort("device", "member", "record")
    )
    last = ends.group_by("device", maintain_order=True).last().filter(pl.col("status") != 0)
    hexadecimal = pl.col("message").str.extract(STATUS, 2).str.zfill(4)
    code = pl.when(pl.col("status") <= 0xFFFF).then(pl.concat_str(pl.lit("0x8007"), hexadecimal))
    coded = last.with_columns(rule=_rule(), code=code_of(code))
    return proof(_severity(coded, tables, trace), pl.col("message"))
