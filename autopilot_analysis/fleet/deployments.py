"""Attempts of captures -> deployments, beside those of Graph and reports; which tell of the same attempt."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.fleet.door import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.readers.deployment import is_placeholder
from autopilot_analysis.tables import SCHEMAS, Tables, Trace

SPANS = ("device_preparation", "device_setup", "account_setup")
APP_KINDS = ("win32", "winget", "msi", "office", "modern")
OUTCOMES = {"succeeded": "succeeded", "failed": "failed", "unfinished": "in_progress"}
"""Outcome of an attempt -> of a deployment; `skipped` is no deployment and all others are unknown."""

NEAR = timedelta(minutes=10)
"""Two starts this near, on one device, are one attempt seen from two sides."""

AGAIN = r"#\d+$"
"""What readers add to a key that stands in one export twice."""

BELIEVED_FIRST = ("capture", "report_v2", "graph", "report_v1", "log_analytics")
"""Origins by how near they stand to the device."""


def build_deployments(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return one row for each attempt of each capture, and the rows of Graph and report exports beside them.

    An unfinished attempt after which another began was abandoned then; the last one is in progress and was
    watched until the capture was made. A capture without an attempt at Autopilot leaves no row.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        Rows of `deployments`. The key of an attempt is `<device>/<attempt>`. `total` and the stages are those
        that were seen to end; `apps` and `policies` count the items the capture tells of, null when it tells
        of none.
    """
    schema = SCHEMAS["deployments"]
    devices = tables.devices.select(
        "device", "serial", "name", "manufacturer", "model", "build", "collected_at", "intune_device_id",
        profile="profile_name",
    )  # fmt: skip
    runs = trace.stage_runs.filter(pl.col("outcome") != "skipped")
    spans = runs.group_by("device", "attempt").agg(
        pl.col("waited").filter(pl.col("stage") == stage).sum().alias(stage) for stage in SPANS
    )
    seen = runs.group_by("device", "attempt").agg(
        (pl.col("waited").is_not_null() & (pl.col("stage") == stage)).any().alias(f"{stage}_seen")
        for stage in SPANS
    )
    items = trace.installs.group_by("device", "attempt").agg(
        apps=pl.col("item").filter(pl.col("kind").is_in(APP_KINDS)).n_unique(),
        policies=pl.col("item").filter(pl.col("kind") == "policy").n_unique(),
    )
    attempts = trace.attempts.filter(pl.col("outcome") != "skipped").sort("device", "attempt")
    found = (
        attempts.with_columns(next_at=pl.col("started_at").shift(-1).over("device"))
        .join(devices, on="device", how="left", maintain_order="left")
        .join(spans.join(seen, on=["device", "attempt"]), on=["device", "attempt"], how="left")
        .join(items, on=["device", "attempt"], how="left")
    )
    rows = _ended(found).select(_columns()).sort("device", "deployment")
    known = tables.deployments.filter(pl.col("origin") != "capture")
    return schema.cast(pl.concat([schema.cast(rows), schema.cast(known)]))


def _ended(found: pl.DataFrame) -> pl.DataFrame:
    """Tell how each attempt ended, or how long it was watched."""
    outcome = pl.col("outcome").cast(pl.String).replace_strict(OUTCOMES, default="unknown")
    later = pl.col("next_at").is_not_null()
    told = found.with_columns(
        outcome=pl.when((outcome == "in_progress") & later).then(pl.lit("abandoned")).otherwise(outcome)
    )
    until = pl.coalesce("next_at", "collected_at")
    open_ended = pl.col("ended_at").is_null() | pl.col("outcome").is_in(["in_progress", "abandoned"])
    return told.with_columns(
        ended_at=pl.when(~open_ended).then("ended_at"),
        observed_until=pl.when(open_ended & (until >= pl.col("started_at"))).then(until),
    )


def _columns() -> list[pl.Expr]:
    """Return every column of `deployments`, made from a joined attempt; the rest is null."""
    key = pl.format("{}/{}", "device", "attempt")
    made = {
        "deployment": key,
        "origin": pl.lit("capture"),
        "enrollment_type": pl.col("scenario"),
        "total": pl.col("ended_at") - pl.col("started_at"),
        **{stage: pl.when(f"{stage}_seen").then(stage) for stage in SPANS},
        **{name: pl.when(pl.col(name) > 0).then(name) for name in ("apps", "policies")},
    }
    unknown = ("user", "group_tag", "esp_profile", "failure_text", "flags")
    return [
        made.get(name, pl.lit(None) if name in unknown else pl.col(name)).alias(name)
        for name in SCHEMAS["deployments"].column_names()
    ]


@answers_in_kind
def reconcile_deployments(deployments: pl.DataFrame) -> pl.DataFrame:
    """Say which rows of different exports tell of the same attempt, and which of them to believe; keep all.

    Rows meet when they are of one device (serial, else key) and their spans overlap or their starts lie
    within ten minutes; each row meets at most one of every other export: of those it overlaps, else of the
    others, the one that began nearest. Rows of
    one export are never one attempt: a retry stays a retry. Only a row with the key and the start of another
    is that row told again, as when a page was saved twice or last week's report lies beside today's.

    Args:
        deployments: Rows of `deployments`; a column `export` tells the exports of one origin apart.

    Returns:
        The rows in their order with `same`, the number of the attempt they tell of, and `believed`, true for
        one row of each attempt: one that saw the end before one that did not, then the origin nearest to the
        device (capture, device preparation report, Graph, Autopilot report, Log Analytics).

    Raises:
        UnknownName: The frame lacks device or origin.
    """
    columns_of(deployments, (), "device", "origin")
    frame = with_columns_of(
        deployments,
        ("deployment", "serial", "started_at", "ended_at", "observed_until", "outcome", "flags"),
    )
    source = pl.concat_str(
        pl.col("origin").cast(pl.String),
        pl.col("export").fill_null("") if "export" in frame.columns else pl.lit(""),
        separator="/",
    )
    rows = frame.select(
        row=pl.int_range(pl.len()),
        who=_who(),
        event=pl.struct("origin", _who(), pl.col("deployment").str.replace(AGAIN, ""), "started_at"),
        known=pl.all_horizontal(pl.col("deployment", "started_at").is_not_null()),
        source=source,
        started="started_at",
        until=pl.coalesce("ended_at", "observed_until", "started_at"),
        open=~_ended_seen(),
        rank=pl.col("origin").cast(pl.String).replace_strict(
            {name: place for place, name in enumerate(BELIEVED_FIRST)}, default=len(BELIEVED_FIRST)
        ),
    )  # fmt: skip
    same = _joined(rows, pl.concat([_met(rows), _repeated(rows)]))
    best = rows.with_columns(same=same).sort(
        "open", "rank", "until", "row", descending=[False, False, True, False]
    )
    believed = best.unique("same", keep="first", maintain_order=True)["row"]
    numbers = same.rank("dense").cast(pl.Int64)
    return deployments.with_columns(
        numbers.alias("same"), rows["row"].is_in(believed.implode()).alias("believed")
    )


def _ended_seen() -> pl.Expr:
    """Tell which rows saw an end; that MDM enrolment succeeded is none."""
    outcome = pl.col("outcome").cast(pl.String)
    enrolled = (outcome == "succeeded") & pl.col("flags").cast(pl.String).str.contains("enrollment_only")
    return outcome.is_in(["succeeded", "failed"]).fill_null(value=False) & ~enrolled.fill_null(value=False)


def _who() -> pl.Expr:
    """The device of a row: its serial unless a placeholder, else its key, in lower case."""
    serial = pl.when(~is_placeholder(pl.col("serial"))).then(pl.col("serial").str.strip_chars())
    return pl.coalesce(serial, "device").str.to_lowercase()


def _met(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rows that may be one attempt and are nearest to each other; each pair both ways."""
    dated = rows.filter(pl.col("started").is_not_null())
    many = dated.filter(pl.col("source").n_unique().over("who") > 1)
    pairs = many.join(many, on="who", suffix="_2").filter(pl.col("source") != pl.col("source_2"))
    apart = (pl.col("started") - pl.col("started_2")).abs()
    overlap = (pl.col("started") <= pl.col("until_2")) & (pl.col("started_2") <= pl.col("until"))
    near = pairs.filter(overlap | (apart <= NEAR)).with_columns(apart=apart, beside=~overlap)
    best = pl.col("row_2").sort_by("beside", "apart", "row_2").first().over("row", "source_2")
    nearest = near.filter(pl.col("row_2") == best)
    return nearest.join(nearest.select(row="row_2", row_2="row"), on=["row", "row_2"], how="semi").select(
        one="row", other="row_2"
    )


def _repeated(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rows that are one event told again: each with the first that tells it; both ways."""
    first = pl.col("row").min().over("event")
    again = rows.filter("known").select(one="row", other=first)
    again = again.filter(pl.col("one") != pl.col("other"))
    return pl.concat([again, again.select(one="other", other="one")])


def _joined(rows: pl.DataFrame, met: pl.DataFrame) -> pl.Series:
    """Return, for each row, the lowest row it is joined with over any number of pairs."""
    label = rows["row"].alias("label")
    while True:
        reached = (
            met.select("one", label=label.gather(met["other"])).group_by("one").agg(pl.col("label").min())
        )
        lower = rows.select("row", own=label).join(
            reached, left_on="row", right_on="one", how="left", maintain_order="left"
        )
        after = lower.select(label=pl.min_horizontal("own", "label")).to_series()
        if after.equals(label):
            return label
        label = after
