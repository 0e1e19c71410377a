"""What the join state alone says of a device that is joined, in words for its verdict."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis.findings.join_fields import (
    CERTIFICATE_VALID,
    DEVICE_TEST,
    DOMAIN,
    IN_DOMAIN,
    IN_ENTRA,
    REGISTERED,
    TENANT,
    TOKEN,
)
from autopilot_analysis.tables import Tables
from autopilot_analysis.wording import NOT_IN_IT, NOTHING_FAILED

SOURCE = "dsregcmd"
DAY = r"\[\s*(\d{4}-\d\d-\d\d)"
"""First day of the device's certificate, which is issued when the device is joined."""
HEALTHY = {DEVICE_TEST: "SUCCESS", TOKEN: "YES"}
"""What a healthy device says; where it says otherwise it is not called joined and well."""
NEITHER = "joined neither to Entra ID nor to a domain"
NO_TOKEN_READ = f"whether its user has a token (PRT) {NOT_IN_IT}"


def join_words(tables: Tables, device: str) -> str | None:
    """Return to what a device is joined, since when, and whether its user has a token; or to what it is not.

    Args:
        tables: What `read_tables` returned.
        device: Its key.

    Returns:
        None where no join state was read, or it says that something about the join is not well.
    """
    own = tables.members.filter(pl.col("device") == device, pl.col("source") == SOURCE)
    stored = tables.properties.filter(pl.col("device") == device).join(
        own, on=["device", "member"], how="semi"
    )
    state = dict(stored.select("name", pl.col("value").fill_null("")).rows())
    if _says(state, IN_ENTRA, "NO"):
        return _not_joined(state)
    if not _says(state, IN_ENTRA, "YES"):
        return None
    if not all(_says(state, name, well) for name, well in HEALTHY.items() if name in state):
        return None
    token = "the user's token (PRT) is there" if TOKEN in state else NO_TOKEN_READ
    nothing = f"; {NOTHING_FAILED}" if HEALTHY.keys() <= state.keys() else ""
    return f"{_joined_to(state)}{token}{nothing}"


def _joined_to(state: Mapping[str, str]) -> str:
    """Return to what a device is joined and since when, with the comma behind it."""
    tenant, domain = state.get(TENANT, ""), state.get(DOMAIN, "")
    places = [f"Entra ID{f' ({tenant})' if tenant else ''}"]
    if _says(state, IN_DOMAIN, "YES"):
        places.append(f"the domain{f' {domain}' if domain else ''}")
    validity = pl.Series([state.get(CERTIFICATE_VALID, "")]).str.extract(DAY)[0]
    since = f" since {validity}" if validity else ""
    return f"joined to {' and '.join(places)}{since}, "


def _not_joined(state: Mapping[str, str]) -> str:
    """Return to what a device is joined that is not joined to Entra ID, and whether a user registered it."""
    domain = state.get(DOMAIN, "")
    if _says(state, IN_DOMAIN, "YES"):
        joined = f"joined to the domain{f' {domain}' if domain else ''} and not to Entra ID"
    elif _says(state, IN_DOMAIN, "NO"):
        joined = NEITHER
    else:
        joined = "not joined to Entra ID"
    registered = ", registered with it by a user's account alone" if _says(state, REGISTERED, "YES") else ""
    return f"{joined}{registered}"


def _says(state: Mapping[str, str], name: str, value: str) -> bool:
    return state.get(name, "").upper() == value
