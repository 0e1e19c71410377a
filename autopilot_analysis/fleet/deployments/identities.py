"""Deployments beside what other exports know of the same devices: model, maker, group tag."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.tables.fleet import KEYS, Identity, describing
from autopilot_analysis.tables.personal import kind_of

_FIELDS = Identity.columns()
ADDED = tuple(name for name in describing() if name in _FIELDS and kind_of(_FIELDS[name]) is None)
"""What other exports say of a deployment's device that is not personal."""


def name_devices(deployments: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Call a device that an export knows by its Intune id alone by the serial other exports know.

    So that a row of the operational log and one of Graph are of one device. An id with two serials stays.

    Args:
        deployments: One attempt a row.
        identities: Rows of the table `identities`.
    """
    columns = ["intune_device_id", "serial"]
    named = pl.concat([deployments.select(columns), identities.select(columns)])
    known = (
        named.filter(pl.col("intune_device_id").is_not_null(), ~is_placeholder(pl.col("serial")))
        .group_by("intune_device_id")
        .agg(pl.col("serial").str.strip_chars().unique())
        .filter(pl.col("serial").list.len() == 1)
        .select("intune_device_id", serial_of_id=pl.col("serial").list.first())
    )
    joined = deployments.join(known, on="intune_device_id", how="left", maintain_order="left")
    keyed_by_id = (pl.col("device") == pl.col("intune_device_id")) & (pl.col("origin") != "capture")
    serial_of_id = pl.when(keyed_by_id).then("serial_of_id")
    return joined.with_columns(pl.coalesce(serial_of_id, name).alias(name) for name in KEYS[:2]).drop(
        "serial_of_id"
    )


@answers_in_kind
def join_identities(deployments: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Fill model, manufacturer, build, firmware, TPM, group tag and profile from other exports.

    Devices meet by serial, Intune id or Entra id, whichever the deployment is keyed by, else by the Intune id
    it carries; what a deployment already says stays. The build of an inventory is the build of its day and
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
    for key in (key for key in ("device", "intune_device_id") if key in frame.columns):
        joined = frame.join(
            newest, left_on=key, right_on="device", how="left", suffix="_elsewhere", maintain_order="left"
        )
        filled = [pl.coalesce(name, f"{name}_elsewhere").alias(name) for name in added]
        frame = joined.with_columns(filled).select(frame.columns)
    return frame
