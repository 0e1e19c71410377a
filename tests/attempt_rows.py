"""Attempts of devices that are tried several times, for tests of who stands behind failures."""

from datetime import UTC, datetime

import polars as pl

START = datetime(2026, 4, 7, 8, tzinfo=UTC)


def fleet(*parts):
    """Attempts from (device, account, how many failed in a row, how many went well after them)."""
    rows = [
        {"device": device, "name": device, "user": user, "outcome": "failed" if place < bad else "succeeded"}
        for device, user, bad, good in parts
        for place in range(bad + good)
    ]
    return pl.DataFrame(rows).with_columns(
        started_at=pl.lit(START) + pl.duration(hours=pl.int_range(pl.len())),
        deployment=pl.int_range(pl.len()).cast(pl.String),
        origin=pl.lit("graph"),
        flags=pl.lit(None, pl.String),
    )


def healthy(count, failed=0):
    return [(f"PC-{n}", f"u{n}", int(n < failed), int(n >= failed)) for n in range(count)]
