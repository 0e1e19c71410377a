"""OOBE that was left without a network, for a local account, so that the profile came when it was over."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import INTERNET_AVAILABLE
from autopilot_analysis.findings.looking import events_of, marks_in, registry
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.beginning import CAME, LOCAL_USER, never_deployed
from autopilot_analysis.tables import Tables, Trace

LOCAL_PAGE = "OobeLocal"
"""The page of OOBE that makes a local account; a device that knows its profile never comes to it."""
ONLINE, OFFLINE = [INTERNET_AVAILABLE], ["internet_missing"]
BYPASSED = "BypassNRO = 1"
"""How the registry keeps that OOBE was to ask for no network."""
NOT_THERE = "no internet was there"


@rule("OOBE-WITHOUT-NETWORK", needs="mark=profile_available,configuration_file_used")
def gone_round(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that nobody joined, and whose profile came first when OOBE had been left for a local account.

    Before that no internet is on record: it was missed, or the registry keeps that none was to be asked for.
    """
    local = _local(tables, trace)
    if local.is_empty():
        return no_proof()
    bypass = registry(tables, r"\\currentversion\\oobe$", "^bypassnro$").filter(pl.col("value") == "1")
    came = _first(marks_in(trace, CAME))
    late = _late(local, came, trace).join(never_deployed(tables, trace), on="device", how="semi")
    missing = marks_in(trace, OFFLINE).join(late, on="device").filter(pl.col("at") < pl.col("out_at"))
    ways = {BYPASSED: bypass, NOT_THERE: missing}
    each = pl.concat([rows.select("device", way=pl.lit(way)) for way, rows in ways.items()])
    ways_out = late.join(
        each.unique("device", keep="first", maintain_order=True), on="device", maintain_order="left"
    )
    spans = pl.Series(
        [wording.span(one) for one in ways_out["came_at"] - ways_out["out_at"]], dtype=pl.String
    )
    about = ways_out.select(
        "device", "attempt", item=pl.format("{}, the profile came {} later", "way", spans)
    )
    waited = _first(missing).with_columns(detail=pl.lit("waiting for the internet"))
    frames = (bypass.with_columns(at=NEVER), waited, local, came)
    bare = [rows.drop("attempt", "code", "item", strict=False).join(about, on="device") for rows in frames]
    return all_proofs([proof(rows, item=pl.col("item")) for rows in bare])


def _first(rows: pl.DataFrame, key: str = "device") -> pl.DataFrame:
    """Return the earliest row of each device, or of each member."""
    return rows.sort("at", nulls_last=False).unique(["device", key], keep="first", maintain_order=True)


def _local(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the first records of a local account as the way out of OOBE: a sign-in, a page that was left."""
    signed_in = events_of(tables, ["winlogon:7001"]).filter(pl.col("detail").str.contains(LOCAL_USER))
    page = trace.screens.filter(pl.col("screen") == LOCAL_PAGE, pl.col("ended_at").is_not_null())
    left = page.with_columns(at="ended_at", detail=pl.format("page left: {}", "title"))
    columns = ["device", "member", "record", "at", "detail"]
    return _first(pl.concat([signed_in.select(columns), left.select(columns)]), "member")


def _late(local: pl.DataFrame, came: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return the devices whose profile came after OOBE and that met no internet in it.

    The columns are device, attempt, out_at and came_at.
    """
    out = local.group_by("device").agg(out_at=pl.col("at").min()).drop_nulls()
    both = came.select("device", "attempt", came_at="at").join(out, on="device")
    online = marks_in(trace, ONLINE).join(out, on="device").filter(pl.col("at") < pl.col("out_at"))
    return both.filter(pl.col("came_at") > pl.col("out_at")).join(online, on="device", how="anti")
