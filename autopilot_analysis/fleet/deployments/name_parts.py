"""How the names of devices begin and end: a template of names often puts the site or the kind there."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts

NAME_PREFIX, NAME_SUFFIX = "device_name_prefix", "device_name_suffix"
"""The columns that say it; beside those of the table, where at least two parts are frequent."""
LEAST_OF_PART = 10
"""A part of a name that fewer devices have is compared with nothing, and makes no second one."""
LEAST_NAMED = 0.5
"""Less than this share of all named devices under frequent parts: names are not built so."""
_BEGINS = (r"^([A-Z][A-Z0-9]{1,9})[-_]", r"^([A-Z]{2,5})\d{2,}$")
_ENDS = r"[-_]([A-Z]{2,5})$"


def with_name_parts(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with `device_name_prefix` and `device_name_suffix`, in capitals.

    The prefix is what stands before the first "-" or "_", or the letters before the digits of a name such as
    LIS001; the suffix are the letters behind the last "-" or "_". What begins the serial number too names a
    maker, no site; names that Windows or the service chooses itself name nothing: a device that failed early
    still has one, so that it would stand for the failure.

    Args:
        deployments: One attempt a row; as they are where they say it already or names have no frequent parts.
    """
    known = {NAME_PREFIX, NAME_SUFFIX} & set(deployments.columns)
    if known or deployments.schema.get("name") != pl.String:
        return deployments
    name = pl.col("name").str.strip_chars().str.to_uppercase()
    chosen = pl.when(~name.str.contains(_names_of_windows())).then(name)
    prefix = pl.coalesce(chosen.str.extract(pattern) for pattern in _BEGINS)
    if deployments.schema.get("serial") == pl.String:
        serial = pl.col("serial").str.strip_chars().str.to_uppercase()
        prefix = pl.when(~serial.str.starts_with(prefix).fill_null(value=False)).then(prefix)
    parts = deployments.select(
        "name", prefix.alias(NAME_PREFIX), chosen.str.extract(_ENDS).alias(NAME_SUFFIX)
    )
    return deployments.hstack(
        [part for column in (NAME_PREFIX, NAME_SUFFIX) for part in _frequent(parts, column)]
    )


def _frequent(parts: pl.DataFrame, column: str) -> list[pl.Series]:
    """Return the column with its frequent parts alone; none where they divide nothing or few devices."""
    devices = parts.drop_nulls("name").unique(["name", column])
    counted = devices[column].drop_nulls().value_counts().filter(pl.col("count") >= LEAST_OF_PART)
    if counted.height < 2 or counted["count"].sum() < LEAST_NAMED * devices.height:
        return []
    frequent = pl.col(column).is_in(counted[column].implode())
    return [parts.select(pl.when(frequent).then(column).alias(column)).to_series()]


def _names_of_windows() -> str:
    """Return the pattern of names that nobody in the organisation chose."""
    hosts = read_facts("identifier_shapes").filter(shape="host")["pattern"]
    return "|".join(f"^(?:{pattern})$" for pattern in hosts)
