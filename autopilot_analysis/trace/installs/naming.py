"""Ids become names: by what another row of the same item is called, else by a name book."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.defaults import NAME_BOOKS, Option
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.readers.names import NAME_BOOK
from autopilot_analysis.tables import Tables, Trace, schema_of
from autopilot_analysis.tables.items import ITEMS

ADVICE = (
    f"give their names with {Option.NAMES} FILE (parameter `names`): {NAME_BOOKS} "
    "(mobileApps, deviceManagementScripts, deviceHealthScripts)"
)
_NAMELESS = f"{ITEMS} are known by their id alone"
_ID = pl.col("item").str.extract(f"({GUID})").str.to_lowercase()


def read_names(properties: pl.DataFrame) -> dict[str, str]:
    """Return what a name book among the properties calls each id; an id means the same on every device.

    Args:
        properties: The table `properties`.
    """
    book = properties.filter(pl.col("section") == NAME_BOOK, pl.col("value").is_not_null())
    return dict(book.unique("name", keep="first", maintain_order=True).select("name", "value").iter_rows())


def name_items(installs: pl.DataFrame, properties: pl.DataFrame) -> pl.DataFrame:
    """Fill in the names of items: from another row of the same id, else from a name book.

    Args:
        installs: Rows with `item` and `name`.
        properties: The table `properties`.

    Returns:
        The same rows in the same order; a name that was known stays.
    """
    book = read_names(properties)
    booked = pl.col("_id").replace_strict(book, default=None, return_dtype=pl.String) if book else None
    kin = pl.when(pl.col("_id").is_not_null()).then(pl.col("name").drop_nulls().first().over("_id"))
    return (
        installs.with_columns(_id=_ID)
        .with_columns(name=pl.coalesce("name", kin, *([] if booked is None else [booked])))
        .drop("_id")
    )


def find_nameless(installs: pl.DataFrame) -> pl.DataFrame:
    """Return a gap for each device on which ids stay without a name: how many, and how to name them.

    Args:
        installs: The table `installs`.
    """
    nameless = (
        installs.with_columns(id=_ID)
        .filter(pl.col("id").is_not_null(), pl.col("name").is_null())
        .group_by("device", maintain_order=True)
        .agg(count=pl.col("id").n_unique().cast(pl.Int64))
    )
    rest = {"reason": _NAMELESS, "advice": ADVICE, "member": None, "record": None}
    schema = schema_of("gaps")
    return nameless.with_columns(pl.lit(v, schema[name]).alias(name) for name, v in rest.items()).select(
        list(schema)
    )


def count_nameless(tables: Tables, trace: Trace) -> Tables:
    """Return the tables with a gap a device for the items that nothing names.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    return Tables.of({**tables.frames(), "gaps": pl.concat([tables.gaps, find_nameless(trace.installs)])})
