"""What the registry says of ESP phases whose end no dated record shows."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.story import OF_THE_DEVICE
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.attempts import USERS_PART
from autopilot_analysis.trace.marks import CATEGORY_STATE, WORKLOADS_DONE

STATES = {"succeeded": "succeeded", "failed": "failed", "notRequired": "skipped", "inProgress": "unfinished"}
"""categoryState of the status page's own JSON -> outcome."""
PRECEDENCE = {"category": 0, "completed": 1, "workload_failed": 2, "not_completed": 3}
"""Edges of undated marks that tell what came of a phase, the more telling one first.

One failed workload stops device preparation, one failed app that it waits for stops the status page.
"""
PREPARATION_LEFT = "agent_left_preparation"
"""The mark of the agent's word that it is done with device preparation."""
NOTED = {"noted": "code", "noted_member": "member", "noted_record": "record"}
"""How what a mark says of a stage is called, beside that stage."""


@once_where_empty
def find_registry_outcomes(found: pl.DataFrame) -> pl.DataFrame:
    """Return device, stage, state and code of the status page's categories and completion flags.

    Args:
        found: What `find_marks` returned; its undated marks are what counts here.
    """
    undated = found.filter(pl.col("at").is_null(), pl.col("edge").is_in(list(PRECEDENCE)))
    undated = pl.concat([undated, _prepared(found)])
    state = pl.col("detail").str.extract(CATEGORY_STATE)
    statements = (
        pl.when(pl.col("edge") == "completed")
        .then(pl.lit("succeeded"))
        .when(pl.col("edge") == "workload_failed")
        .then(pl.lit("failed"))
        .when(pl.col("edge") == "not_completed")
        .then(pl.lit("unfinished"))
        .otherwise(state.replace_strict(STATES, default=None))
    )
    return (
        undated.with_columns(state=statements, rank=pl.col("edge").replace_strict(PRECEDENCE))
        .filter(pl.col("state").is_not_null())
        .sort("rank", maintain_order=True)
        .unique(["device", "stage"], keep="first", maintain_order=True)
        .select("device", "stage", "state", **NOTED)
    )


def _prepared(found: pl.DataFrame) -> pl.DataFrame:
    """Return the workloads that ended well where the agent left device preparation: that ends it.

    That all were brought or skipped alone does not: the page goes on, and may fail.
    """
    done = found.filter(pl.col("edge") == WORKLOADS_DONE)
    if done.is_empty():
        return done
    left = found.filter(pl.col("mark") == PREPARATION_LEFT)
    return done.join(left, on="device", how="semi").with_columns(edge=pl.lit("completed"))


def settle(
    runs: pl.DataFrame, outcomes: pl.DataFrame, openings: pl.DataFrame, scenarios: pl.DataFrame
) -> pl.DataFrame:
    """Return runs that take the registry's word where no dated mark closed the stage.

    The registry holds a stage's last state: it speaks of the last attempt that ran the stage, else of the
    last that began at the start; a later user's page and a retry run no stage before theirs. That the
    device's own stages went well was written when a technician sealed it: it says nothing of the user's
    part. The instant stays null: the registry tells what came of a phase, not when. On a device without any
    run it is all that is known of its one attempt.

    Args:
        runs: Stage runs.
        outcomes: What `find_registry_outcomes` returned, with `attempt` where it is known of which one it is.
        openings: device, attempt and opening of the attempts.
        scenarios: device, attempt and scenario.
    """
    if outcomes.is_empty():
        return runs
    ran = runs.group_by("device", "stage").agg(ran=pl.col("attempt").max())
    begun = (
        openings.filter(pl.col("opening") == "start").group_by("device").agg(begun=pl.col("attempt").max())
    )
    of_last = (
        with_lacking(outcomes, {"attempt": pl.Int64()})
        .rename({"attempt": "told"})
        .join(ran, on=["device", "stage"], how="left")
        .join(begun, on="device", how="left")
        .with_columns(attempt=pl.coalesce("told", "ran", "begun", pl.lit(1, dtype=pl.Int64)))
        .drop("told", "ran", "begun")
        .join(scenarios, on=["device", "attempt"], how="left")
    )
    sealed = (pl.col("scenario") == USERS_PART) & pl.col("stage").is_in(OF_THE_DEVICE)
    of_last = of_last.filter(~(sealed & (pl.col("state") == "succeeded")).fill_null(value=False)).drop(
        "scenario"
    )
    both = runs.join(of_last, on=["device", "attempt", "stage"], how="left")
    open_end = pl.col("outcome").is_in(["unfinished", "unknown"]) & pl.col("state").is_not_null()
    settled = both.with_columns(
        outcome=pl.when(open_end).then("state").otherwise("outcome"),
        code=pl.when(open_end & (pl.col("state") == "failed")).then("noted").otherwise("code"),
        ended_member=pl.when(open_end).then("noted_member").otherwise("ended_member"),
        ended_record=pl.when(open_end).then("noted_record").otherwise("ended_record"),
    ).select(runs.columns)
    unseen = of_last.join(runs, on=["device", "attempt", "stage"], how="anti").select(
        "device",
        "attempt",
        "stage",
        outcome="state",
        code=pl.when(pl.col("state") == "failed").then("noted"),
        ended_member="noted_member",
        ended_record="noted_record",
    )
    return pl.concat([settled, unseen], how="diagonal")
