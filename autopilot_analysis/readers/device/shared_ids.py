"""Computers that hold one id, as those of a copied image do, are told apart by their names."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from autopilot_analysis import wording

NAMES_OF_ONE = 2
"""A device has the name of its setup and the one it is given; an id under more names is none of one."""
MADE = ("manufacturer", "model")
"""What one device has once, whatever it is called."""
SHARED = "hold the id {}: they are told apart by their names"


def tell_apart(pieces: Sequence[dict[str, pl.DataFrame]]) -> list[dict[str, pl.DataFrame]]:
    """Return the tables of captures, those of several computers with one id each under its own name.

    One serial under several names is one device, renamed or set up again, unless its maker or model differ.

    Args:
        pieces: The tables of each capture, its device named in each row.
    """
    if len(pieces) == 1:
        return list(pieces)
    devices = pl.concat(piece["devices"] for piece in pieces).drop_nulls("name")
    each = devices.group_by("device").agg(
        names=pl.col("name").str.to_lowercase().n_unique(),
        made=pl.any_horizontal(pl.col(name).drop_nulls().n_unique() > 1 for name in MADE),
        serial=(pl.col("device") == pl.col("serial")).any().fill_null(value=False),
    )
    often = (pl.col("names") > NAMES_OF_ONE) & ~pl.col("serial")
    several = each.filter(pl.col("names") > 1, often | pl.col("made"))
    counts: dict[str, int] = dict(several.select("device", "names").iter_rows())
    return [_under_its_name(piece, counts) for piece in pieces]


def _under_its_name(piece: dict[str, pl.DataFrame], counts: dict[str, int]) -> dict[str, pl.DataFrame]:
    """Return the tables of one capture under the computer's name, where others hold its id too."""
    devices = piece["devices"]
    key, name = devices.select("device", "name").row(0) if devices.height else (None, None)
    if key not in counts or name is None:
        return piece
    own = pl.when(pl.col("device") == key).then(pl.lit(name)).otherwise("device").alias("device")
    renamed = {n: f.with_columns(own) if "device" in f.columns else f for n, f in piece.items()}
    reason = f"{wording.count(counts[key], 'computer')} {SHARED.format(key)}"
    gaps = renamed["gaps"]
    gap = pl.DataFrame([{"device": name, "reason": reason}], schema=gaps.schema)
    return {**renamed, "gaps": pl.concat([gaps, gap])}
