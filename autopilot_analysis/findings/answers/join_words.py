"""What the join state alone says of a device that is joined, in words for its verdict."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.join_fields import (
    CERTIFICATE_VALID,
    DEVICE_TEST,
    DOMAIN,
    IN_DOMAIN,
    IN_ENTRA,
    TENANT,
    TOKEN,
)
from autopilot_analysis.tables import Tables
from autopilot_analysis.wording import NOTHING_FAILED

SOURCE = "dsregcmd"
DAY = r"\[\s*(\d{4}-\d\d-\d\d)"
"""First day of the device's certificate, which is issued when the device is joined."""
DOUBTS = {DEVICE_TEST: "SUCCESS", TOKEN: "YES"}
"""What a healthy device says; where it says otherwise, or nothing, it is not called so."""


def join_words(tables: Tables, device: str) -> str | None:
    """Return to what a device is joined, since when, and that it proves itself and its user has a token.

    Args:
        tables: What `read_tables` returned.
        device: Its key.

    Returns:
        None where no join state was read, or it does not say that the device is joined to Entra ID and well.
    """
    own = tables.members.filter(pl.col("device") == device, pl.col("source") == SOURCE)
    stored = tables.properties.filter(pl.col("device") == device).join(
        own, on=["device", "member"], how="semi"
    )
    state = dict(stored.select("name", pl.col("value").fill_null("")).rows())
    if state.get(IN_ENTRA, "").upper() != "YES":
        return None
    if any(state.get(name, "").upper() != value for name, value in DOUBTS.items()):
        return None
    tenant, domain = state.get(TENANT, ""), state.get(DOMAIN, "")
    places = [f"Entra ID{f' ({tenant})' if tenant else ''}"]
    if state.get(IN_DOMAIN, "").upper() == "YES":
        places.append(f"the domain{f' {domain}' if domain else ''}")
    validity = pl.Series([state.get(CERTIFICATE_VALID, "")]).str.extract(DAY)[0]
    since = f" since {validity}" if validity else ""
    joined = f"joined to {' and '.join(places)}{since}, the user's token (PRT) is there"
    return f"{joined}; {NOTHING_FAILED}"
