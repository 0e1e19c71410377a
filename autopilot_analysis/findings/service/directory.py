"""What Entra ID holds of devices that are registered for Autopilot: joined before, managed, disabled."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.guids import EMPTY_ID

DIRECTORY = "Entra devices"
"""The list of the devices that Entra ID holds."""
UNMANAGED, DISABLED = "joined, not managed", "joined, disabled"
"""States of what Entra ID holds of a registered device, as facts/registration_states.csv names them."""
LEFT_OVER = "FLEET-REGISTERED-LEFT-OVER"
"""The rule on a record of an earlier set-up: nothing failed."""
NOT_CONTACTED = "notcontacted"
"""The state of a registered device of which the service has not heard, in lower case."""


def with_directory_state(rows: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Return registered devices with `directory_state`, of which null says that nothing is wrong or known.

    Registering a device makes an object in Entra ID that bears its serial number: one of another name has
    been joined. A hybrid join has two objects, so that what is said must hold of all.

    Args:
        rows: The newest row of each registered device.
        identities: The table `identities`.
    """
    held = identities.filter(pl.col("report") == DIRECTORY)
    if held.is_empty():
        return rows.with_columns(directory_state=pl.lit(None, dtype=pl.String))
    bound = _bound(rows, held)
    joined = bound.filter(_plain("name") != _plain("serial"))
    states = joined.group_by("device").agg(
        pl.when((~pl.col("account_enabled").fill_null(value=True)).all())
        .then(pl.lit(DISABLED))
        .when((~pl.col("managed").fill_null(value=True)).all() & pl.col("silent").all())
        .then(pl.lit(UNMANAGED))
        .alias("directory_state")
    )
    return rows.join(states, on="device", how="left", maintain_order="left")


def names_intune_unheard(rows: pl.DataFrame) -> bool:
    """Tell whether devices that were never heard of name a record of Intune all the same.

    Args:
        rows: Rows of `identities`.
    """
    silent = _plain("enrollment_state") == NOT_CONTACTED
    return bool(rows.select((silent & (pl.col("intune_device_id") != EMPTY_ID)).any()).item())


def _bound(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Return what Entra ID holds of each registered device, by either id that binds the two."""
    ids = ("entra_device_id", "registration_id")
    silent = (_plain("enrollment_state") == NOT_CONTACTED).fill_null(value=False)
    objects = held.select(*ids, "name", "account_enabled", "managed", number=pl.int_range(pl.len()))
    pairs = [
        rows.select("device", "serial", _plain(one).alias("id"), silent=silent)
        .filter(pl.col("id") != EMPTY_ID)
        .join(objects.with_columns(_plain(one).alias("id")), on="id")
        for one in ids
    ]
    return pl.concat(pairs).unique(["device", "number"], keep="first", maintain_order=True)


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def directory_words(identities: pl.DataFrame) -> str | None:
    """Return how many devices Entra ID holds, how many of them are enabled and how many managed, else None.

    Args:
        identities: The table `identities`.
    """
    held = identities.filter(pl.col("report") == DIRECTORY)
    states = {"account_enabled": "enabled", "managed": "managed"}
    known = [(held[name].drop_nulls(), words) for name, words in states.items()]
    parts = [f"{yes.sum():,} of {yes.len():,} {words}" for yes, words in known if yes.len()]
    if not parts:
        return None
    return f"{wording.count(held['device'].n_unique(), 'device')} of Entra ID: {', '.join(parts)}."
