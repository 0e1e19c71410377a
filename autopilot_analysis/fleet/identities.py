"""Deployments beside what other exports know of the same devices: model, maker, group tag."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.fleet.door import answers_in_kind, columns_of, with_columns_of

ADDED = ("manufacturer", "model", "build", "group_tag", "profile")
KEYS = ("device", "serial", "intune_device_id", "entra_device_id")


@answers_in_kind
def join_identities(deployments: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Fill model, manufacturer, build, group tag and profile of deployments from other exports.

    Devices meet by serial, Intune id or Entra id, whichever the deployment is keyed by; what a deployment
    already says stays. The build of an inventory is the build of its day and fills only what is unknown.
    Where several rows speak of one device, the newest one that says something is taken.

    Args:
        deployments: One attempt a row.
        identities: Rows of the table `identities`.

    Raises:
        UnknownName: A frame lacks `device`.
    """
    frame = with_columns_of(deployments, ADDED)
    columns_of(frame, "device")
    columns_of(identities, "device")
    ordered = identities.sort("at", nulls_last=False) if "at" in identities.columns else identities
    told = [name for name in ADDED if name in identities.columns]
    keys = [name for name in KEYS if name in identities.columns]
    spoken = pl.concat([ordered.select(pl.col(key).alias("device"), *told) for key in keys]).drop_nulls(
        "device"
    )
    newest = spoken.group_by("device").agg(pl.col(name).drop_nulls().last() for name in told)
    joined = frame.join(newest, on="device", how="left", suffix="_told", maintain_order="left")
    filled = [pl.coalesce(name, f"{name}_told").alias(name) for name in told]
    return joined.with_columns(filled).select(frame.columns)
