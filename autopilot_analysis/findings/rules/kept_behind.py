"""What stands beside a deployment that went well: a second registration, a profile of another day."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.findings.join_fields import (
    ACCOUNT_DEVICE,
    ACCOUNT_TENANT,
    IN_DOMAIN,
    PLACE,
    REGISTERED,
    TENANT_ID,
    fields,
    in_entra,
    outputs,
)
from autopilot_analysis.findings.looking import low_properties, marks_in, registry
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.wording import TO_THE_DAY

OF_ANOTHER_DAY = timedelta(days=1)
"""A profile that was downloaded sooner before it was used is that of the same deployment."""
LOADED = r"(?i)PolicyDownloadDate\W{1,8}(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
"""When a profile was downloaded, as it says itself."""


@rule("DUAL-STATE", needs=f"property={REGISTERED}")
def dual_state(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid joined devices with a work account of the same tenant, which has a device id of its own."""
    registered = fields(tables, REGISTERED, "(?i)^yes").join(in_entra(tables), on=PLACE, how="semi")
    hybrid = registered.join(outputs(tables, IN_DOMAIN, "(?i)^yes"), on=PLACE, how="semi")
    own = fields(tables, TENANT_ID, "-").select(*PLACE, tenant=pl.col("value").str.to_lowercase())
    accounts = fields(tables, ACCOUNT_TENANT, "-").join(own, on=PLACE, maintain_order="left")
    same = accounts.filter(pl.col("value").str.to_lowercase() == pl.col("tenant")).select(PLACE).unique()
    shown = hybrid.join(same, on=PLACE, how="semi")
    ids = fields(tables, ACCOUNT_DEVICE, "-").join(shown, on=PLACE, how="semi")
    return all_proofs([proof(rows) for rows in (shown, ids)])


def _loaded(tables: Tables) -> pl.DataFrame:
    """Return the dates of download that a kept profile names, as rows of what names them."""
    kept = registry(tables, "autopilot", "^policyjsoncache$").select(
        "device", "member", "record", text="detail"
    )
    named = low_properties(tables).filter(pl.col("low_name") == "policydownloaddate")
    files = named.select(*PLACE, "record", text=pl.format("PolicyDownloadDate: {}", "value"))
    rows = (
        pl.concat([kept, files]).with_columns(loaded=pl.col("text").str.extract(LOADED)).drop_nulls("loaded")
    )
    return rows.with_columns(loaded_at=pl.col("loaded").str.to_datetime(time_zone="UTC", strict=False))


@rule("PROFILE-KEPT-FROM-BEFORE", needs="mark=profile_cached")
def kept_profile(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that used a profile which the device had kept since another day."""
    used = marks_in(trace, ["profile_cached"]).filter(pl.col("attempt").is_not_null())
    loaded = _loaded(tables)
    if used.is_empty() or loaded.is_empty():
        return no_proof()
    last = loaded.group_by("device", maintain_order=True).agg(pl.col("loaded_at").max())
    first = used.sort("at").unique(ATTEMPT, keep="last", maintain_order=True)
    old = first.join(last, on="device").filter(pl.col("at") - pl.col("loaded_at") >= OF_ANOTHER_DAY)
    newest = old.sort("at").group_by("device", maintain_order=True).last()
    item = pl.format("that of {}", pl.col("loaded_at").dt.strftime(TO_THE_DAY))
    dated = loaded.join(newest.select(*ATTEMPT, use="at"), on="device", maintain_order="left")
    quote = pl.format("PolicyDownloadDate: {}", "loaded")
    return all_proofs([proof(newest, item=item), proof(dated, quote, item)])
