"""Two tenants on one device: the one that has registered it, and the one of its user or of its join."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import EMPTY_ID, GUID
from autopilot_analysis.findings.looking import PROFILE_KEPT, properties, registry, unwell
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.attempts import USERLESS

AN_ID = rf"(?i)^\{{?(?:{GUID})\}}?$"


@rule("TENANT-MISMATCH", needs="registry=tenantmatched")
def other_tenant(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that were signed in to another tenant than the one they are registered in.

    Nothing is said where nobody signs in, or where the join went through: such a user was of the tenant.
    Without an attempt the two tenants must stand beside it and differ, and the device is not enrolled.
    """
    rows = registry(tables, PROFILE_KEPT, r"^tenantmatched$").filter(pl.col("value") == "0")
    if rows.is_empty():
        return no_proof()
    early = pl.col("failed_stage").is_null() | pl.col("failed_stage").is_in(
        ["user_authentication", "entra_join"]
    )
    userless = pl.col("scenario").is_in(USERLESS).fill_null(value=False)
    joined = trace.stage_runs.filter(pl.col("stage") == "entra_join", pl.col("outcome") == "succeeded")
    bad = unwell(trace).filter(early, ~userless).join(joined, on=["device", "attempt"], how="anti")
    attempts = bad.group_by("device").agg(pl.col("attempt").max())
    own, users = _tenants(tables), _ids(registry(tables, PROFILE_KEPT, r"^aadtenantid$"))
    named = own.join(users, on="device", suffix="_other").with_columns(
        item=pl.format("the profile is of {}, the user of {}", "shown", "shown_other")
    )
    enrolled = tables.devices.filter(pl.col("enrolled").fill_null(value=False)).select("device")
    alone = named.filter(pl.col("id") != pl.col("id_other")).join(enrolled, on="device", how="anti")
    alone = alone.join(trace.attempts, on="device", how="anti").select("device")
    undated = rows.with_columns(at=NEVER)
    both = [undated.join(attempts, on="device"), undated.join(alone, on="device", how="semi")]
    called = (rows.join(named.select("device", "item"), on="device", how="left") for rows in both)
    return all_proofs([proof(rows, item=pl.col("item")) for rows in called])


@rule("JOINED-IN-OTHER-TENANT", needs="property=tenantid")
def joined_elsewhere(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that are joined to one tenant and registered for Autopilot in another, by the ids of both."""
    device = properties(tables, r"^azureadjoined$", r"(?i)^yes$").select("device").unique()
    joined = properties(tables, r"^tenantid$").join(device, on="device", how="semi")
    own = _tenants(tables)
    if joined.is_empty() or own.is_empty():
        return no_proof()
    called = properties(tables, r"^tenantname$", r"\S").group_by("device").agg(called=pl.col("value").last())
    theirs = _ids(joined).join(called, on="device", how="left")
    both = own.join(theirs, on="device", suffix="_other").filter(pl.col("id") != pl.col("id_other"))
    if both.is_empty():
        return no_proof()
    whole = pl.format("{} ({})", "called", "shown_other")
    name = pl.when(pl.col("called").is_null()).then("shown_other").otherwise(whole)
    named = both.select("device", item=pl.format("joined to {}, registered in {}", name, "shown"))
    rows = [joined.with_columns(at=NEVER), _stated(tables).with_columns(at=NEVER)]
    return all_proofs([proof(each.join(named, on="device"), item=pl.col("item")) for each in rows])


def _stated(tables: Tables) -> pl.DataFrame:
    """Return where the tenant of the profile stands: in the registry, or in the profile that came."""
    columns = ["device", "member", "record", "value", "detail"]
    kept = registry(tables, PROFILE_KEPT, r"^cloudassignedtenantid$").select(columns)
    files = properties(tables, r"^cloudassignedtenantid$").select(columns)
    return pl.concat([kept, files]).filter(pl.col("value").str.contains(AN_ID))


def _tenants(tables: Tables) -> pl.DataFrame:
    """Return the tenant that has registered each device, with its domain; none where two are named."""
    domains = pl.concat(
        [
            registry(tables, PROFILE_KEPT, r"^cloudassignedtenantdomain$").select("device", "value"),
            properties(tables, r"^cloudassignedtenantdomain$").select("device", "value"),
        ]
    ).filter(pl.col("value").fill_null("") != "")
    domain = domains.group_by("device").agg(domain=pl.col("value").first())
    ids = _ids(_stated(tables)).join(domain, on="device", how="left")
    shown = pl.when(pl.col("domain").is_null()).then("id").otherwise(pl.format("{} ({})", "domain", "id"))
    return ids.with_columns(shown=shown)


def _ids(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the one tenant that rows name of each device, as `id` and `shown`; none where they name two."""
    plain = pl.col("value").str.strip_chars("{} ").str.to_lowercase()
    named = rows.filter(pl.col("value").str.contains(AN_ID)).select("device", id=plain)
    one = named.filter(pl.col("id") != EMPTY_ID).unique().filter(pl.len().over("device") == 1)
    return one.with_columns(shown="id")
