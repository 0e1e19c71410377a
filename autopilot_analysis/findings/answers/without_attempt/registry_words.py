"""What values of a registry say of Autopilot and of enrolments, in words for what a file holds."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.looking import PROFILE_KEPT
from autopilot_analysis.readers.device.enrollment import ENROLMENT

AUTOPILOT = f"(?i){PROFILE_KEPT}"
POLICY = r"(?i)\\provisioning\\autopilotpolicycache$"
"""The keys in which a profile leaves its tenant, and in which it is kept whole."""
TENANT = ["cloudassignedtenantid", "cloudassignedtenantdomain"]
CACHE = ["policyjsoncache", "policyjson"]
SERVER = "ms dm server"
"""How Intune calls itself as the provider of an enrolment."""
NO_PROFILE = (
    "no Autopilot profile stands in it: the values of its tenant are empty; whether the device is "
    "registered, or got one later, they do not say"
)


def registry_words(values: pl.DataFrame) -> str:
    """Return that no profile stands in values of a registry, and that more than one enrolment does.

    Args:
        values: The registry values of one file.
    """
    low = values.with_columns(low=pl.col("name").str.to_lowercase(), text=pl.col("value").fill_null(""))
    parts = [NO_PROFILE] if _without_profile(low) else []
    return "".join(f"; {words}" for words in (*parts, _enrolments(low)) if words)


def _without_profile(values: pl.DataFrame) -> bool:
    """Tell whether the values of a tenant are there and empty, and no profile is kept beside them."""
    tenant = values.filter(pl.col("key").str.contains(AUTOPILOT), pl.col("low").is_in(TENANT))
    kept = values.filter(pl.col("key").str.contains(POLICY), pl.col("low").is_in(CACHE))
    filled = pl.concat([tenant, kept]).filter(pl.col("text").str.strip_chars() != "")
    return tenant.height > 0 and filled.is_empty()


def _enrolments(values: pl.DataFrame) -> str:
    """Return how many enrolments of Intune there are and of whom, where there is more than one."""
    keys = values.filter(pl.col("key").str.contains(ENROLMENT))
    server = keys.filter(pl.col("low") == "providerid", pl.col("text").str.to_lowercase() == SERVER)
    users = keys.filter(pl.col("low") == "upn", pl.col("text") != "").join(server, on="key", how="semi")
    if users["key"].n_unique() < 2:
        return ""
    names = ", ".join(users["text"].unique(maintain_order=True))
    number = wording.count(users["key"].n_unique(), "enrolment")
    left = "where a device has one: an older one may be left over"
    return f"{number} of MS DM Server stand in it ({names}), {left}"
