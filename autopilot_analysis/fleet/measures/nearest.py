"""The nearest that went well: for each attempt that failed the success most like it, and what differs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording
from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.frames import answers_in_kind, with_columns_of
from autopilot_analysis.fleet.periods import WEEK, start_of
from autopilot_analysis.groups import spelling
from autopilot_analysis.tables.story import ON_THE_PAGE
from autopilot_analysis.trace.compare import Captured, compare_devices

MATCHED = ("model", "build", "profile", "group_tag")
"""Columns that are matched, beside the week in which an attempt began."""

COUNTED = (*MATCHED, WEEK)
"""What the distance counts."""

BESIDE = ("manufacturer", "esp_profile", "enrollment_type", "apps", "policies")
"""Columns that are compared, not matched."""

PARTS = {"apps": ("item", "version"), "settings": ("setting",), "network": ("network",)}
"""What captures of both tell beside, by the parts in which `compare_devices` lists it."""

MOST_NAMED = 5
"""Differences of one part that are named; the rest is counted."""

NOTHING = "no difference"
"""What stands where both were captured and nothing that both tell of differs."""

NEAREST: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "deployment": pl.String,
    "code": pl.String,
    "nearest_device": pl.String,
    "nearest": pl.String,
    "distance": pl.Int64,
    "days": pl.Float64,
    "differs": pl.String,
    "same_device": pl.Boolean,
    **{f"{stage}_longer": pl.Duration("us") for stage in ON_THE_PAGE},
    **dict.fromkeys(PARTS, pl.String),
}


@answers_in_kind
def measure_nearest(
    failed: pl.DataFrame, deployments: pl.DataFrame, *, most: int = 10, captured: Captured | None = None
) -> pl.DataFrame:
    """Return for each failed attempt the success that is most like it, the closest pairs first.

    Matched is what `COUNTED` lists (coarsened exact matching): the distance is how many of these are not
    known to be equal, and of successes as near the one that began nearest in time is taken. What differs
    between two attempts is a thing to look at, not a cause.

    Args:
        failed: Attempts to find a match for, those among them that failed; of a device, a group, or all.
        deployments: One attempt a row, the successes among them.
        most: Most attempts to match, the latest.
        captured: `Fleet.captured`: where both devices were captured, their apps, settings and network are
            compared as well.

    Returns:
        `device`, `deployment`, `code` of the failure; `nearest_device`, `nearest` (the deployment that
        succeeded), `distance`, `days` from one start to the other (null when unknown), `differs`
        (column, value of the failure / value of the success), `same_device`, and for each stage by how much
        it took longer (`device_setup_longer` …; null where one of the two has no time); `apps` (outcomes and
        versions), `settings` and `network` name what both tell of and differs, as `differs` does, and are
        null where one of the two was not captured. Empty when nothing succeeded.

    Raises:
        BadInput: `most` is below one.
    """
    if most < 1:
        raise BadInput(f"most is {most}; it must be at least 1")
    ours, theirs = _prepared(failed, "failed"), _prepared(deployments, "succeeded")
    if theirs.is_empty():
        return pl.DataFrame(schema=NEAREST)
    latest = ours.sort("started_at", descending=True, nulls_last=True, maintain_order=True).head(most)
    keys = {name: theirs[f"{name} alike"] for name in COUNTED}
    began = theirs["started_at"].dt.epoch("us").cast(pl.Float64).to_numpy()
    rows = []
    for row in latest.iter_rows(named=True):
        place, distance = _closest(row, keys, began)
        near = theirs.row(place, named=True)
        rows.append({**_row(row, near, distance), **_beside(row["device"], near["device"], captured)})
    found = pl.DataFrame(rows, schema=NEAREST)
    return found.sort("distance", "days", nulls_last=True, maintain_order=True)


def _prepared(frame: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Return the attempts of one outcome, with what is matched beside them."""
    named = ("device", "deployment", "code", "started_at", "outcome", *MATCHED, *BESIDE, *ON_THE_PAGE)
    known = with_columns_of(frame, named).filter(pl.col("outcome").cast(pl.String) == outcome)
    return known.with_columns(
        *(spelling(pl.col(name)).alias(f"{name} alike") for name in MATCHED),
        start_of(pl.col("started_at"), WEEK).dt.to_string(wording.TO_THE_DAY).alias(f"{WEEK} alike"),
    )


def _closest(
    row: dict[str, object], keys: dict[str, pl.Series], began: NDArray[np.float64]
) -> tuple[int, int]:
    """Return the place of the most alike, and in how many of the matched columns it is not known to be."""
    apart = np.zeros(began.size, dtype=np.int64)
    for name, values in keys.items():
        own = row[f"{name} alike"]
        apart += 1 if own is None else ~(values == own).fill_null(value=False).to_numpy()
    started = pl.Series([row["started_at"]], dtype=pl.Datetime("us", "UTC")).dt.epoch("us")[0]
    away = np.abs(began - started) if started is not None else np.zeros(began.size)
    place = int(np.lexsort((np.nan_to_num(away, nan=np.inf), apart))[0])
    return place, int(apart[place])


def _row(row: dict[str, object], near: dict[str, object], distance: int) -> dict[str, object]:
    """Return one pair."""
    differs = [
        f"{wording.words(name)} {_text(row[name], name)} / {_text(near[name], name)}"
        for name in (*MATCHED, *BESIDE)
        if row.get(f"{name} alike", row[name]) != near.get(f"{name} alike", near[name])
    ]
    spans = {f"{stage}_longer": _minus(row[stage], near[stage]) for stage in ON_THE_PAGE}
    days = _minus(near["started_at"], row["started_at"])
    same = row["device"] == near["device"] if row["device"] is not None else None
    return {
        "device": row["device"],
        "deployment": row["deployment"],
        "code": row["code"],
        "nearest_device": near["device"],
        "nearest": near["deployment"],
        "distance": distance,
        "days": None if days is None else abs(days.total_seconds()) / 86_400,
        "differs": "; ".join(differs) or None,
        "same_device": same,
        **spans,
    }


def _beside(device: str | None, nearest: str | None, captured: Captured | None) -> dict[str, str | None]:
    """Return what captures of two devices tell of apps, settings and network, and differs."""
    sides = [captured(name) if captured and name is not None else None for name in (device, nearest)]
    if sides[0] is None or sides[1] is None or device == nearest:
        return dict.fromkeys(PARTS)
    differs = compare_devices(sides[0], sides[1]).differs.drop_nulls(["first", "second"])
    return {name: _named(differs.filter(pl.col("part").is_in(parts))) for name, parts in PARTS.items()}


def _named(differs: pl.DataFrame) -> str:
    """Return the first differences of one part, and how many more there are."""
    differences = [
        f"{what} {first} / {second}"
        for what, first, second in differs.select("what", "first", "second").head(MOST_NAMED).iter_rows()
    ]
    more = wording.and_more(differs.height - MOST_NAMED, "")
    return "; ".join(filter(None, [*differences, more])) or NOTHING


def _text(value: object, name: str) -> str:
    """Return a value as people read it; how a device was enrolled is told in this project's own words."""
    if value is None:
        return "unknown"
    return wording.words(str(value)) if name == "enrollment_type" else str(value)


def _minus(one: Any, other: Any) -> timedelta | None:  # two instants or two spans
    return None if one is None or other is None else one - other
