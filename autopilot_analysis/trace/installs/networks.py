"""Wi-Fi profiles from the event log of device management, each time one is set a try.

1502 adds a node of the WiFi CSP and names its URI, 1506 sets the value of one and gives the result, 1507 says
with which error Windows refused the profile; 1506 and 1507 name no profile (Microsoft: message table of
dmenterprisediagnostics.dll; Troubleshooting Wi-Fi device configuration profiles in Intune).
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.readers.event_log.event_fields import DEVICE_MANAGEMENT
from autopilot_analysis.trace.installs.rows import no_rows, to_rows

ADDED, SET, NOT_SET = 1502, 1506, 1507
_WRITER = ["device", "member", "process_id", "thread_id"]
_RUN = ["device", "member", "uri", "run"]


def read_networks(events: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Return every try at a Wi-Fi profile that the event log shows, in the columns of tables.Install.

    Setting a profile sets several nodes, each of a type of its own: a type that comes again is another try.

    Args:
        events: The columns of tables.Event.
        expected: Columns device, item, kind: what the registry says the status page expects. It names the
            profile where only one can be meant.
    """
    ours = events.filter(
        pl.col("provider").str.to_lowercase() == DEVICE_MANAGEMENT,
        pl.col("event_id").is_in([ADDED, SET, NOT_SET]),
    ).sort("device", "member", "record")
    if ours.is_empty():
        return no_rows()
    now = pl.col("event_id")
    result = code_of(pl.col("data").str.json_path_match("$.HRESULT"), "failure")
    node = pl.when(now == ADDED).then(pl.col("data").str.json_path_match("$.Message1"))
    kind = pl.when(now == SET).then(pl.col("data").str.json_path_match("$.UInt1"))
    rows = ours.with_columns(
        uri=node.str.extract(r"(?i)^(.*?/WiFi/Profile/[^/]+)").forward_fill().over(_WRITER),
        type=kind.backward_fill().over(_WRITER),
        code=pl.coalesce("code", result),
    ).filter(now != ADDED)
    rows = rows.with_columns(
        run=(now == SET).cast(pl.Int64).cum_sum().over("device", "member", "uri", "type")
        + (now == NOT_SET).cast(pl.Int64)
    )
    tries = rows.group_by(_RUN, maintain_order=True).agg(
        pl.col("record", "clock").first(),
        started_at=pl.col("at").first(),
        ended_at=pl.col("at").last(),
        code=pl.col("code").drop_nulls().last(),
        refused=(now == NOT_SET).any(),
        error=pl.col("data").filter(now == NOT_SET).str.json_path_match("$.UInt1").last(),
    )
    return to_rows(_judged(_named(tries, expected)))


def _named(tries: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Give each try its item: the expected LocURI under its URI, the URI, or the only profile expected."""
    networks = expected.filter(pl.col("kind") == "network").select("device", "item").unique()
    only = networks.group_by("device").agg(only=pl.when(pl.len() == 1).then(pl.col("item").first()))
    matches = (
        tries.select("device", "uri")
        .unique()
        .join(networks, on="device")
        .filter(pl.col("item").str.to_lowercase().str.starts_with(pl.col("uri").str.to_lowercase() + "/"))
        .unique(["device", "uri"], keep="first")
        .rename({"item": "listed"})
    )
    unnamed = pl.concat_str(pl.lit("Wi-Fi profile of event "), "record")
    return (
        tries.join(only, on="device", how="left", maintain_order="left")
        .join(matches, on=["device", "uri"], how="left", maintain_order="left")
        .with_columns(item=pl.coalesce("listed", "uri", "only", unnamed))
    )


def _judged(tries: pl.DataFrame) -> pl.DataFrame:
    failed = pl.col("refused") | pl.col("code").is_not_null()
    wlan_error = pl.concat_str(pl.lit('{"wlan_error": '), "error", pl.lit("}"))
    outcome = pl.when(failed).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
    return tries.with_columns(
        kind=pl.lit("network"),
        name=pl.col("uri").str.extract(r"(?i)/Profile/([^/]+)$"),
        try_number=pl.int_range(pl.len()).over("device", "item") + 1,
        outcome=outcome,
        reason=pl.when("refused").then(pl.lit("Windows did not take the profile")),
        detail=pl.when(pl.col("error").is_not_null()).then(wlan_error),
    )
