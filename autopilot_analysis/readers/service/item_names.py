"""Items that one list knows by id alone, called as another list or a name book calls them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.readers.names import NAME_BOOK

NAMED_BY_LISTS = ("item_statuses", "policy_statuses", "item_counts")
"""Tables whose rows have the id and the name of an item."""
_ID = pl.col("item").str.extract(rf"^\{{?({GUID})\}}?$").str.to_lowercase()


def name_listed_items(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return tables in which a name stands beside each id that any of them, or a name book, names.

    A name that a list has stays; two items of one name are two, since their ids differ.

    Args:
        frames: Tables by name; of those that are looked at any may lack.
    """
    listed = {name: frames[name] for name in NAMED_BY_LISTS if name in frames}
    if not any(frame["name"].null_count() for frame in listed.values()):
        return dict(frames)
    pairs = [frame.select(id=_ID, name="name") for frame in listed.values()]
    if "properties" in frames:
        book = frames["properties"].filter(pl.col("section") == NAME_BOOK)
        pairs.append(book.select(id="name", name="value"))
    known = pl.concat(pairs).drop_nulls().unique("id", keep="first", maintain_order=True)
    called = dict(known.iter_rows())
    if not called:
        return dict(frames)
    named = pl.coalesce("name", _ID.replace_strict(called, default=None, return_dtype=pl.String))
    return {**frames, **{name: frame.with_columns(name=named) for name, frame in listed.items()}}
