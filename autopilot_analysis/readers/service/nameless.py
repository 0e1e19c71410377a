"""Keys of devices that an export does not name: each made of what its own row tells."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from hashlib import blake2s

import polars as pl

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.tables.fleet import PLACE

ONE_SITTING = timedelta(minutes=15)
"""What one account tries without a device, no later than this after its last try, is taken as one device."""


def with_nameless(rows: pl.DataFrame) -> pl.DataFrame:
    """Name the devices without a key, so that no row of another file or day has the same name by chance.

    The name comes from the account and when it began to try, else from all that the row tells; of rows that
    tell the same each is a device of its own. A record that two exports hold has one name in both.

    Args:
        rows: Rows of a fleet export with `device`.
    """
    lacking = rows["device"].is_null()
    if not lacking.any():
        return rows
    own = rows.filter(lacking)
    contents = own.drop("device", *PLACE, strict=False)
    alike: Counter[str] = Counter()
    names = []
    for row, sitting in zip(contents.iter_rows(named=True), _sittings(own), strict=True):
        text = sitting or json.dumps(row, default=str, sort_keys=True)
        alike[text] += sitting is None
        names.append(f"unknown-{blake2s(f'{text}#{alike[text]}'.encode(), digest_size=4).hexdigest()}")
    places = lacking.arg_true()
    return rows.with_columns(rows["device"].scatter(places, pl.Series(names, dtype=pl.String)))


def _sittings(rows: pl.DataFrame) -> list[str | None]:
    """Return account and first try of the sitting that each row is of, None where either is unknown."""
    if not {"user", "started_at"} <= set(rows.columns):
        return [None] * rows.height
    user, start = pl.col("user"), pl.col("started_at")
    known = rows.select(user, start, place=pl.int_range(pl.len())).filter(
        user != EMPTY_ID, start.is_not_null()
    )
    ordered = known.sort("user", "started_at")
    later = (user == user.shift(1)) & (start - start.shift(1) <= ONE_SITTING)
    numbered = ordered.with_columns(sitting=(~later.fill_null(value=False)).cum_sum())
    first = numbered.with_columns(text=pl.format("{} {}", user, start.min().over("sitting")))
    return (
        rows.select(place=pl.int_range(pl.len()))
        .join(first, on="place", how="left", maintain_order="left")["text"]
        .to_list()
    )
