"""The ids that Entra ID keeps beside a device -> the one by which it is registered for Autopilot."""

from __future__ import annotations

import polars as pl

OF_REGISTRATION = r"(?i)\[ZTDID\]:([0-9a-f-]{36})"


def registration_ids(ids: pl.Series) -> pl.Series:
    """Return the id of the registration of each device; null where it is not registered.

    Args:
        ids: Lists of ids as Entra ID writes them, such as `["[ZTDID]:…","[HWID]:…"]`.
    """
    return ids.str.extract(OF_REGISTRATION)
