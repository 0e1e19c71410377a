"""Platform scripts and remediations from the agent's logs, each run a row."""

from __future__ import annotations

import json

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.trace.installs.rows import to_detail

_RUN = ["device", "item", "try_number"]
_AGENT = ("script_begin", "script_context", "script_exit", "script_result")
_EXECUTOR = (
    "executor",
    "script_argument",
    "executor_exit",
    "executor_output",
    "executor_error",
    "executor_timeout",
)
_NO_EXIT = 2**31 - 1
"""What the agent writes for the exit code of a script that it had to end."""

_OUTPUT = 4000
"""Characters of a script's output that are kept."""


def build_scripts(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each run of a platform script, the agent's own words first, the executor's second.

    Args:
        ordered: Result of `stream.order_messages`.
    """
    agent = _runs(_by_agent(ordered))
    executor = _runs(_by_executor(ordered))
    both = agent.join(
        executor, on=_RUN, how="full", coalesce=True, suffix="_executor", maintain_order="left_right"
    )
    named = [name for name in agent.columns if name not in _RUN]
    rows = both.select(*_RUN, *(pl.coalesce(name, f"{name}_executor").alias(name) for name in named))
    result = pl.col("result").str.to_lowercase()
    outcome = (
        pl.when(result == "success")
        .then(pl.lit("succeeded"))
        .when(result.is_not_null() | (pl.col("exit_code") != 0))
        .then(pl.lit("failed"))
        .when(pl.col("exit_code") == 0)
        .then(pl.lit("succeeded"))
        .otherwise(pl.lit("unfinished"))
    )
    return rows.with_columns(kind=pl.lit("script"), phase="page", outcome=outcome).pipe(_with_detail)


def _by_agent(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the agent's lines about scripts; lines without an id belong to the script begun before them."""
    rows = ordered.filter(pl.col("role").is_in((*_AGENT, "remediation_command")))
    began = (
        pl.when(pl.col("role") == "script_begin")
        .then("id")
        .when(pl.col("role") == "remediation_command")
        .then(pl.lit(""))
    )
    rows = rows.with_columns(carried=began.forward_fill().over("device", "stem"))
    rows = rows.with_columns(item=pl.coalesce("id", "carried").str.to_lowercase()).filter(
        pl.col("item") != "", pl.col("role") != "remediation_command"
    )
    ended = pl.col("role").shift().over("device", "item") == "script_result"
    first = pl.col("role").shift().over("device", "item").is_null()
    repeat = (pl.col("pattern") == pl.col("pattern").shift().over("device", "item")) & (
        pl.col("role") == "script_begin"
    )
    opens = (pl.col("role") == "script_begin") & (ended | repeat) | first
    return rows.with_columns(try_number=opens.cast(pl.Int64).cum_sum().over("device", "item"))


def _by_executor(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the executor's lines about scripts; each call of it is one run of the script it names."""
    rows = ordered.filter(pl.col("role").is_in((*_EXECUTOR, "remediation_command")))
    call = (pl.col("role") == "executor").cast(pl.Int64).cum_sum().over("device", "member")
    rows = rows.with_columns(call=call)
    item = pl.col("id").filter(pl.col("role") == "script_argument").first().over("device", "member", "call")
    rows = rows.with_columns(item=item.str.to_lowercase()).filter(
        pl.col("item").is_not_null(), pl.col("role") != "remediation_command"
    )
    return rows.with_columns(try_number=pl.col("call").rank("dense").cast(pl.Int64).over("device", "item"))


def _runs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a run with its ends, exit code, result and output."""
    ends = pl.col("role").is_in(["script_exit", "script_result", "executor_exit"])
    return (
        rows.sort("turn")
        .group_by(_RUN, maintain_order=True)
        .agg(
            pl.col("member", "record", "clock", "turn", "page").first(),
            started_at=pl.col("at").first(),
            started_written=pl.col("moment").first(),
            ended_at=pl.col("at").filter(ends).last(),
            ended_written=pl.col("moment").filter(ends).last(),
            exit_code=pl.col("exit_code").cast(pl.Int64, strict=False).drop_nulls().last(),
            result=pl.col("state").filter(pl.col("role") == "script_result").last(),
            user=pl.col("user").drop_nulls().last(),
            context=pl.col("state").filter(pl.col("role") == "script_context").last(),
            output=pl.col("payload").drop_nulls().last(),
            error=pl.col("error").filter(pl.col("error") != "").last(),
            reason=pl.col("reason").drop_nulls().last(),
        )
    )


def build_remediations(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each run of a remediation: detection, the fix, detection again.

    The health script log tells it best; where it is absent the commands in the agent's own log tell enough.
    """
    roles = [
        "remediation_begin",
        "remediation_command",
        "remediation_exit",
        "remediation_fix",
        "remediation_output",
        "remediation_error",
        "remediation_pre",
        "remediation_post",
        "remediation_result",
        "script_exit",
    ]
    rows = ordered.filter(pl.col("role").is_in(roles), pl.col("stem").str.to_lowercase() != "agentexecutor")
    health = pl.col("stem").str.to_lowercase() == "healthscripts"
    told = (health & (pl.col("role") == "remediation_begin")).any().over("device")
    rows = rows.filter(~told | health)
    inside = pl.col("role").is_in(["remediation_begin", "remediation_command", "script_exit"])
    named = pl.when(pl.col("role").is_in(["remediation_begin", "remediation_command"])).then("id")
    carried = named.forward_fill().over("device", "stem")
    part = pl.when(pl.col("role") == "remediation_command").then(pl.col("state").str.to_lowercase())
    rows = rows.with_columns(item=pl.coalesce("id", carried).str.to_lowercase(), inside=inside, part=part)
    rows = rows.filter(pl.col("item").is_not_null()).sort("turn")
    last = pl.col("part").forward_fill().shift().over("device", "item")
    begun = (pl.col("role") == "remediation_begin").any().over("device", "item")
    opens = (
        pl.when(begun)
        .then(pl.col("role") == "remediation_begin")
        .otherwise((pl.col("part") == "detect") & (last.is_null() | (last == "detect")))
    )
    rows = rows.with_columns(
        try_number=opens.fill_null(False).cast(pl.Int64).cum_sum().over("device", "item")
    )
    rows = rows.with_columns(part=pl.col("part").forward_fill().over(_RUN))
    return _remediation_runs(rows.filter(pl.col("try_number") > 0)).pipe(_with_detail)


def _remediation_runs(rows: pl.DataFrame) -> pl.DataFrame:
    role, code = pl.col("role"), pl.col("exit_code").cast(pl.Int64, strict=False)
    child = role == "script_exit"
    detects = code.filter(child & (pl.col("part") == "detect"))
    fixed = pl.coalesce(
        code.filter(role == "remediation_fix").last(),
        code.filter(child & (pl.col("part") == "remediate")).last(),
    )
    before = pl.coalesce(
        _verdict("remediation_pre"),
        detects.first() == 0,
        code.filter(role == "remediation_exit").first() == 0,
    )
    after = pl.coalesce(_verdict("remediation_post"), pl.when(detects.len() > 1).then(detects.last() == 0))
    runs = rows.group_by(_RUN, maintain_order=True).agg(
        pl.col("member", "record", "clock", "turn", "page").first(),
        started_at=pl.col("at").first(),
        started_written=pl.col("moment").first(),
        ended_at=pl.col("at").filter(role != "remediation_command").last(),
        ended_written=pl.col("moment").filter(role != "remediation_command").last(),
        compliant_before=before,
        compliant_after=after,
        remediation_exit=fixed,
        exit_code=pl.coalesce(fixed, code.drop_nulls().last()),
        whole=pl.col("payload").filter(role == "remediation_result").last(),
        output=pl.col("payload").filter(role == "remediation_output").drop_nulls().last(),
        error=pl.col("error").filter(pl.col("error") != "").last(),
    )
    outcome = (
        pl.when(pl.coalesce("compliant_after", "compliant_before").eq(True))
        .then(pl.lit("succeeded"))
        .when(pl.col("compliant_after").eq(False) | (pl.col("remediation_exit") != 0))
        .then(pl.lit("failed"))
        .when(
            pl.col("compliant_before").eq(False)
            & pl.col("remediation_exit").is_null()
            & pl.col("whole").is_not_null()
        )
        .then(pl.lit("failed"))
        .otherwise(pl.lit("unfinished"))
    )
    reason = (
        pl.when(pl.col("compliant_after").eq(False))
        .then(pl.lit("detection still says no after the fix"))
        .when(pl.col("compliant_before").eq(True))
        .then(pl.lit("nothing to fix"))
    )
    return runs.with_columns(
        kind=pl.lit("remediation"),
        phase="page",
        outcome=outcome,
        reason=reason,
        detected=pl.coalesce("compliant_after", "compliant_before"),
    )


def _verdict(role: str) -> pl.Expr:
    said = pl.col("state").filter(pl.col("role") == role).last().str.to_lowercase()
    return said.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)


def _with_detail(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the detail column and turn an exit code that is a result code into one."""
    kept = [
        "result",
        "user",
        "context",
        "output",
        "error",
        "compliant_before",
        "compliant_after",
        "remediation_exit",
        "whole",
        "started_written",
        "ended_written",
    ]
    told = rows.select(name for name in kept if name in rows.columns).iter_rows(named=True)
    detail = pl.Series("detail", [to_detail(_shortened(row)) for row in told], dtype=pl.String)
    coded = (pl.col("exit_code").abs() > 0xFFFF) & (pl.col("exit_code") != _NO_EXIT)
    failed = (pl.col("outcome") == "failed") & coded
    code = pl.when(failed).then(pl.col("exit_code").cast(pl.String))
    return rows.with_columns(detail=detail).with_columns(code=code_of(code, "failure"))


def _shortened(row: dict[str, object]) -> dict[str, object]:
    whole = row.pop("whole", None)
    if isinstance(whole, str):
        try:
            row["json"] = json.loads(whole.replace('""', '"'))
        except ValueError:
            row["json"] = whole[:_OUTPUT]
    return {name: value[:_OUTPUT] if isinstance(value, str) else value for name, value in row.items()}
