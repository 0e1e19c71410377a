"""Deployments beside what other exports know of the same devices: model, maker, group tag."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.tables.fleet import CAPTURE, KEYS, Identity, describing
from autopilot_analysis.tables.personal import kind_of

_FIELDS = Identity.columns()
ADDED = tuple(name for name in describing() if name in _FIELDS and kind_of(_FIELDS[name]) is None)
"""What other exports say of a deployment's device that is not personal."""


def name_devices(deployments: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Call a device that an export knows by an id alone by the serial, or the Intune id, that others know.

    So that a row of the operational log and one of Graph are of one device, and a failure that only names the
    device of Entra is of the one that enrolled later. An id that others know two ways stays.

    Args:
        deployments: One attempt a row.
        identities: Rows of the table `identities`.
    """
    columns = ["intune_device_id", "entra_device_id", "serial"]
    rows = pl.concat([deployments.select(columns), identities.select(columns)])
    serial = pl.when(~is_placeholder(pl.col("serial"))).then(pl.col("serial").str.strip_chars())
    named = rows.with_columns(
        serial, pl.when(pl.col("intune_device_id") != EMPTY_ID).then("intune_device_id")
    )
    joined = _called(deployments, named, "entra_device_id", "intune_device_id")
    joined = _called(joined, named, "entra_device_id", "serial")
    return _called(joined, named, "intune_device_id", "serial")


def _called(deployments: pl.DataFrame, named: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """Return deployments whose devices are called by one id after another name that is known of it alone."""
    known = (
        named.select(key, name)
        .drop_nulls()
        .group_by(key)
        .agg(pl.col(name).unique())
        .filter(pl.col(name).list.len() == 1)
        .select(key, pl.col(name).list.first().alias(_KNOWN))
    )
    joined = deployments.join(known, on=key, how="left", maintain_order="left")
    other = pl.when((pl.col("device") == pl.col(key)) & (pl.col("origin") != CAPTURE)).then(_KNOWN)
    return joined.with_columns(pl.coalesce(other, each).alias(each) for each in ("device", name)).drop(_KNOWN)


_KNOWN = " known"


@answers_in_kind
def join_identities(deployments: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Fill model, manufacturer, build, firmware, TPM, group tag and profile from other exports.

    Devices meet by serial, Intune id or Entra id, whichever the deployment is keyed by, else by those it
    carries; what a deployment already says stays. The build of an inventory is the build of its day and
    fills only what is unknown; its firmware may be newer than that of the attempt. Where several rows speak
    of one device, the newest one that says something is taken.

    Args:
        deployments: One attempt a row.
        identities: Rows of the table `identities`.

    Raises:
        UnknownName: A frame lacks `device`.
    """
    frame = with_columns_of(deployments, ("device", *ADDED))
    columns_of(frame, "device")
    columns_of(identities, "device")
    ordered = identities.sort("at", nulls_last=False) if "at" in identities.columns else identities
    added = [name for name in ADDED if name in identities.columns]
    keys = [name for name in KEYS if name in identities.columns]
    named = pl.concat([ordered.select(pl.col(key).alias("device"), *added) for key in keys]).drop_nulls(
        "device"
    )
    newest = named.group_by("device").agg(pl.col(name).drop_nulls().last() for name in added)
    for key in (key for key in KEYS if key in frame.columns):
        joined = frame.join(
            newest, left_on=key, right_on="device", how="left", suffix="_elsewhere", maintain_order="left"
        )
        filled = [pl.coalesce(name, f"{name}_elsewhere").alias(name) for name in added]
        frame = joined.with_columns(filled).select(frame.columns)
    return frame
