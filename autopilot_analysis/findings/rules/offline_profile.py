"""The offline profile (AutopilotConfigurationFile.json): whose it is, whether Windows finds and can do it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import CONFIGURATION_FILE_USED, PROFILE_AVAILABLE, PROFILE_SAVED
from autopilot_analysis.facts.source_names import CONFIGURATION_FILE_JSON
from autopilot_analysis.findings.looking import (
    PROFILE_KEPT,
    empty_answers,
    events_of,
    keys_of,
    marks_in,
    properties,
    registry,
)
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.beginning import never_deployed
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.marks import PROFILE_FILE, TEXT_READ

SOUGHT = "configuration_file_sought"
LIKE_IT = r"(?i)autopilotconfigurationfile[^\\/]*$"


@rule("CONFIGURATION-FILE-OTHER-TENANT", needs=f"mark={CONFIGURATION_FILE_USED}")
def of_another_tenant(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins turned away as another tenant's while the offline profile was in use, and no other.

    What the service sends comes before the file; a user who joined was of the tenant.
    """
    used = marks_in(trace, [CONFIGURATION_FILE_USED]).join(_acquitted(tables, trace), on="device", how="anti")
    attempts = used.group_by("device").agg(pl.col("attempt").max())
    away = marks_in(trace, ["sign_in_other_tenant"]).join(attempts.select("device"), on="device", how="semi")
    tenants = _tenants(tables)
    named = tenants.group_by("device", maintain_order=True).agg(item=pl.col("value").first())
    undated = [_unmatched(tables), tenants]
    frames = [away, used, *(rows.join(attempts, on="device") for rows in undated)]
    turned_away = pl.concat([rows.select("device") for rows in (away, frames[2])])
    met = [rows.join(turned_away, on="device", how="semi", maintain_order="left") for rows in frames]
    with_item = (rows.join(named, on="device", how="left", maintain_order="left") for rows in met)
    return all_proofs([proof(rows.drop("code", strict=False), item=pl.col("item")) for rows in with_item])


def _acquitted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the devices that had a profile of the service, or joined: the file kept nobody from it."""
    sent = events_of(tables, keys_of([PROFILE_SAVED], "downloaded")).select("device")
    joined = trace.stage_runs.filter(pl.col("stage") == "entra_join", pl.col("outcome") == "succeeded")
    return pl.concat([sent, joined.select("device")])


@rule("CONFIGURATION-FILE-SELF-DEPLOYING", needs="property=cloudassignedoobeconfig")
def asks_for_more_than_a_file_can(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Offline profiles that let the device prove and join itself, which only a registered device can."""
    files = tables.members.filter(pl.col("source") == CONFIGURATION_FILE_JSON).select("device", "member")
    asked = properties(tables, r"^cloudassignedoobeconfig$").join(files, on=["device", "member"], how="semi")
    bits = read_facts("oobe_bits").filter(pl.col("registered_only").is_not_null())
    number = pl.col("value").cast(pl.Int64, strict=False)
    has_all = [(number // int(bit)) % 2 == 1 for bit in bits["bit"]]
    wrong = asked.filter(pl.all_horizontal(has_all)).join(_acquitted(tables, trace), on="device", how="anti")
    return proof(wrong, item=pl.format("OOBE configuration {}", "value"))


def _unmatched(tables: Tables) -> pl.DataFrame:
    """Return the values by which Windows keeps that a user was of another tenant."""
    kept = registry(tables, PROFILE_KEPT, r"^tenantmatched$")
    return kept.filter(pl.col("value") == "0").with_columns(at=NEVER)


def _tenants(tables: Tables) -> pl.DataFrame:
    """Return where the tenant of the offline profile stands: in the file itself, else as Windows read it."""
    files = tables.members.filter(pl.col("source") == CONFIGURATION_FILE_JSON).select("device", "member")
    written = tables.properties.filter(pl.col("name") == "CloudAssignedTenantDomain").join(
        files, on=["device", "member"], how="semi"
    )
    data = pl.col("data").str
    read = events_of(tables, [f"ap:{TEXT_READ}"]).filter(data.contains('"CloudAssignedTenantDomain"'))
    read = read.with_columns(value=data.json_path_match("$.Message2")).filter(pl.col("value") != "")
    columns = ["device", "member", "record", "at", "value", "detail"]
    quoted = written.with_columns(at=NEVER, detail=pl.format("CloudAssignedTenantDomain: {}", "value"))
    return pl.concat([quoted.select(columns), read.select(columns)])


@rule("CONFIGURATION-FILE-MISNAMED", needs=f"mark={SOUGHT}")
def under_another_name(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Offline profiles under a name that Windows does not look for, where no profile came in any way."""
    files = tables.members.filter(
        pl.col("source") == CONFIGURATION_FILE_JSON, pl.col("member").str.contains(LIKE_IT)
    )
    right = files.filter(pl.col("member").str.contains(PROFILE_FILE)).select("device")
    came = marks_in(trace, [CONFIGURATION_FILE_USED, PROFILE_AVAILABLE]).select("device")
    waiting = never_deployed(tables, trace).join(pl.concat([right, came]), on="device", how="anti")
    empty = empty_answers(trace).join(waiting.select("device"), on="device", how="semi")
    attempts = empty.group_by("device").agg(pl.col("attempt").max())
    wrong = files.join(attempts, on="device")
    name = pl.col("member").str.extract(r"([^\\/]+)$")
    lying = wrong.with_columns(
        record=pl.lit(None, dtype=pl.Int64),
        at=NEVER,
        detail=pl.format("a profile file under the name {}", name),
    )
    item = lying.group_by("device", maintain_order=True).agg(item=name.first())
    sought = marks_in(trace, [SOUGHT]).join(attempts.select("device"), on="device", how="semi")
    frames = [rows.join(item, on="device", maintain_order="left") for rows in (sought, lying, empty)]
    return all_proofs([proof(rows.drop("code", strict=False), item=pl.col("item")) for rows in frames])
