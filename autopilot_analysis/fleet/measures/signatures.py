"""Failures that look alike: deployments by stage, code, item and the shape of the stall."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.fleet.frames import answers_in_kind, with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES, REPORT_WATCHES
from autopilot_analysis.tables.story import in_words
from autopilot_analysis.wording import whole_span

MASKS = {
    GUID: "<id>",
    r"[\w.+-]{1,64}@[\w.-]{1,128}": "<user>",
    r"\d+": "<n>",
}
"""What varies from one text of a kind to the next."""

NEAR_LIMIT = timedelta(minutes=5)
"""So near the time that the report watches, an end is put down to that."""
SHAPES = {
    "at once": timedelta(minutes=2),
    "early": timedelta(minutes=15),
    "midway": REPORT_WATCHES - NEAR_LIMIT,
    f"at the limit of {whole_span(REPORT_WATCHES)}": REPORT_WATCHES + NEAR_LIMIT,
}
"""Names of stalls by the time until the end; beyond the last, late."""

TYPICAL = {"exemplar": "deployment", "exemplar_device": "device"}
"""Columns that name the most typical attempt of a cluster, and what each is taken from."""


@answers_in_kind
def measure_signatures(deployments: pl.DataFrame, installs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return clusters of failed, abandoned and endless attempts, those that cost most hours first.

    A signature is the stage, the code (without one, the failure text with ids, users and numbers masked;
    null where an attempt has neither), the item that failed last on that device, how long the attempt went
    before it ended, and what it ended in.

    Args:
        deployments: One attempt a row.
        installs: Tries at items of the same devices, to name the item; optional.

    Returns:
        `signature` (stage, code or outcome, item and shape in words), `stage`, `code`, `item`, `shape`,
        `outcome`, `n`, `devices`, `time` (device time lost), `hours`, `first_at`, `last_at`, and the
        columns of TYPICAL: the deployment nearest to the cluster's median time, and its device.
    """
    needed = (
        "device",
        "deployment",
        "outcome",
        "failed_stage",
        "code",
        "failure_text",
        "started_at",
        "ended_at",
    )
    frame = with_columns_of(deployments, (*needed, "observed_until", *SPANS))
    lost = frame.filter(pl.col("outcome").is_in(["failed", "abandoned", "in_progress"]))
    lost = _with_items(lost, installs).with_columns(_lost().alias("time"))
    lost = lost.with_columns(_code().alias("code"), _shape().alias("shape"), _stage().alias("stage"))
    keys = ["stage", "code", "item", "shape", "outcome"]
    nearest = (pl.col("time") - pl.col("time").median()).abs().fill_null(pl.duration(days=36_500)).arg_min()
    typical = {name: pl.col(column).get(nearest) for name, column in TYPICAL.items()}
    clusters = lost.group_by(keys).agg(
        pl.col("time").sum(),
        n=pl.len().cast(pl.Int64),
        devices=pl.col("device").n_unique().cast(pl.Int64),
        first_at=pl.col("started_at").min(),
        last_at=pl.col("started_at").max(),
        **typical,
    )
    ended = pl.coalesce("code", in_words(pl.col("outcome")))
    words = pl.concat_str(["stage", ended, "item", "shape"], separator=", ", ignore_nulls=True)
    hours = (pl.col("time").dt.total_seconds() / 3_600).alias("hours")
    ordered = clusters.with_columns(words.alias("signature"), hours).sort(
        "time", "n", "signature", descending=[True, True, False]
    )
    return ordered.select(
        "signature",
        *keys,
        "n",
        "devices",
        "time",
        "hours",
        "first_at",
        "last_at",
        *TYPICAL,
    )


def _lost() -> pl.Expr:
    watched = pl.coalesce("ended_at", "observed_until") - pl.col("started_at")
    return pl.coalesce("total", pl.when(watched >= pl.duration()).then(watched))


def _stage() -> pl.Expr:
    return pl.coalesce(pl.col("failed_stage").cast(pl.String), pl.lit("unknown stage"))


def masked(text: pl.Expr) -> pl.Expr:
    """Return texts without what varies from one of a kind to the next, cut to a length that tells them apart.

    Args:
        text: What a report says of a failure.
    """
    for pattern, mask in MASKS.items():
        text = text.str.replace_all(pattern, mask)
    return text.str.slice(0, 80)


def _code() -> pl.Expr:
    return pl.coalesce("code", masked(pl.col("failure_text")))


def _shape() -> pl.Expr:
    time = pl.col("time")
    shapes = [pl.when(time < limit).then(pl.lit(name)) for name, limit in SHAPES.items()]
    return pl.coalesce(*shapes, pl.when(time.is_not_null()).then(pl.lit("late")), pl.lit("time unknown"))


def _with_items(lost: pl.DataFrame, installs: pl.DataFrame | None) -> pl.DataFrame:
    """Name the item that failed last on each device, null when none did."""
    if installs is None or not {"device", "item", "outcome", "ended_at"} <= set(installs.columns):
        return lost.with_columns(pl.lit(None, dtype=pl.String).alias("item"))
    failed = installs.filter(pl.col("outcome").is_in(FAILED_TRIES)).sort("ended_at", nulls_last=False)
    last = failed.unique("device", keep="last", maintain_order=True)
    named = CALLED if "name" in last.columns else pl.col("item")
    return lost.join(last.select("device", named.alias("item")), on="device", how="left")
