"""In which attempt a row lies: the only answer to that."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.offsets import FURTHEST, FURTHEST_BEHIND
from autopilot_analysis.tables.story import STAGE_OF_PHASE

BELONGS_WITHIN = timedelta(hours=12)
"""What lies no further apart belongs together: what a device asks to what follows, and what is seen after an
attempt, like apps the page did not wait for, to that attempt; a longer pause divides."""
PAGE_WAITS = timedelta(hours=24)
"""An attempt without an end goes on this long after its last stage was seen: no status page waits longer.

Source: DMClient CSP, TimeOutUntilSyncFailure, at most 1,440 minutes.
"""


def spans_of(attempts: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return device, attempt, `started_at` and `over_at`, the end of its aftermath, of attempts with a start.

    Args:
        attempts: Rows of `attempts`.
        runs: Rows of `stage_runs`: they say when an attempt without an end was last seen.
    """
    key = ["device", "attempt"]
    last = runs.group_by(key).agg(last_at=pl.max_horizontal("started_at", "ended_at").max())
    over_at = pl.coalesce(
        pl.col("ended_at") + BELONGS_WITHIN, pl.coalesce("last_at", "started_at") + PAGE_WAITS
    )
    known = attempts.join(last, on=key, how="left", maintain_order="left")
    begun = known.select(*key, "started_at", over_at=over_at).drop_nulls("started_at")
    return begun.sort("started_at")


def place(
    rows: pl.DataFrame, attempts: pl.DataFrame, spans: pl.DataFrame, at: pl.Expr | None = None
) -> pl.DataFrame:
    """Return rows with `attempt`: the last one begun before each, null outside all.

    What comes long after the end of an attempt is the device's daily work. A row without an instant belongs
    to the device's only attempt; of several, to the one that failed in the row's phase with the row's code.
    An item that the status page tracks belongs to the only attempt too where no instant of that is known.

    Args:
        rows: Rows with device; undated ones are matched by phase and code where both columns are there.
        attempts: Rows of `attempts`.
        spans: What `spans_of` returned for these attempts.
        at: The instant of a row; its column `at` when not given.
    """
    order = rows.columns if "attempt" in rows.columns else [*rows.columns, "attempt"]
    if rows.is_empty() or attempts.is_empty():
        return rows.with_columns(attempt=pl.lit(None, attempts.schema["attempt"])).select(order)
    given = rows.drop("attempt", strict=False).with_row_index("row")
    given = given.with_columns(placed_at=pl.col("at") if at is None else at)
    number = _by_time(given, spans)
    undated = given.filter(pl.col("placed_at").is_null())
    tracked = given.filter("blocking") if "blocking" in given.columns else given.clear()
    if undated.height or tracked.height:
        number = pl.concat([number, *_untimed(undated, tracked, attempts)])
        number = number.unique("row", keep="first", maintain_order=True)
    placed = given.join(number, on="row", how="left", maintain_order="left")
    return placed.select(order)


def without_far(installs: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return installs, those without an attempt that their log's own clock puts outside of the one they have.

    Such a log names no zone: what lies outside by more than any zone is off does not belong there.

    Args:
        installs: Rows of `installs`, placed.
        spans: What `spans_of` returned.
    """
    written = [
        pl.col("detail")
        .str.json_path_match(f"$.{name}_written")
        .str.to_datetime(time_unit="us", strict=False)
        for name in ("download_started", "started", "ended", "last_seen")
    ]
    moment = pl.coalesce(written).dt.replace_time_zone("UTC")
    met = installs.join(
        spans.rename({"started_at": "span_from", "over_at": "span_to"}),
        on=["device", "attempt"],
        how="left",
        maintain_order="left",
    )
    early = moment + FURTHEST_BEHIND < pl.col("span_from")
    late = moment - FURTHEST > pl.col("span_to")
    undated = pl.all_horizontal(pl.col("started_at", "download_started_at", "ended_at").is_null())
    far = (undated & (early | late)).fill_null(value=False)
    return met.with_columns(attempt=pl.when(~far).then("attempt")).select(installs.columns)


def _untimed(undated: pl.DataFrame, tracked: pl.DataFrame, attempts: pl.DataFrame) -> list[pl.DataFrame]:
    """Return row and attempt of rows that no instant places, the surest first."""
    alone = attempts.filter(pl.len().over("device") == 1)
    found = []
    if undated.height:
        found += [_of_only(undated, alone), _by_failure(undated, attempts)]
    if tracked.height:
        bare = alone.filter(pl.all_horizontal(pl.col("started_at", "ended_at").is_null()))
        found.append(_of_only(tracked, bare))
    return found


def _by_time(given: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return row and attempt of the rows that lie between an attempt's start and the end of its aftermath."""
    return (
        given.select("row", "device", "placed_at")
        .drop_nulls("placed_at")
        .sort("placed_at")
        .join_asof(
            spans,
            left_on="placed_at",
            right_on="started_at",
            by="device",
            check_sortedness=False,
        )
        .filter(pl.col("placed_at") <= pl.col("over_at"))
        .select("row", "attempt")
    )


def _of_only(rows: pl.DataFrame, alone: pl.DataFrame) -> pl.DataFrame:
    """Return row and attempt of the rows whose device has one attempt."""
    return rows.select("row", "device").join(alone, on="device").select("row", "attempt")


def _by_failure(undated: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return row and attempt of the rows whose phase and code are those of one failed attempt alone."""
    if not {"phase", "code"} <= set(undated.columns):
        return pl.DataFrame(schema={"row": undated.schema["row"], "attempt": attempts.schema["attempt"]})
    stage = pl.col("phase").cast(pl.String).replace_strict(STAGE_OF_PHASE, default=None)
    failed = attempts.filter(pl.col("outcome") == "failed")
    fits = undated.select("row", "device", "code", failed_stage=stage).join(
        failed.select("device", "attempt", "code", pl.col("failed_stage").cast(pl.String)),
        on=["device", "failed_stage", "code"],
    )
    return fits.filter(pl.len().over("row") == 1).select("row", "attempt")
