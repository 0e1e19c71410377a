"""SCEP and PFX certificates from the event log of device management, each request a try.

A request runs through 306 (the CSP takes it up and names it), 36 (made), 37 (sent), 38 (answered), 39
(installed); 32, 301 to 305, 307 and 308 are its failures, 310 is a PFX certificate. Only 306 and the failures
name the certificate (Microsoft: Windows event manifests, DeviceManagement-Enterprise-Diagnostics-Provider).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from autopilot_analysis.readers.event_log.event_fields import DEVICE_MANAGEMENT
from autopilot_analysis.trace.installs.rows import no_rows, to_detail, to_rows

TAKEN, MADE, INSTALLED, PFX = 306, 36, 39, 310
STEPS = {306: "taken up", 36: "made", 37: "sent", 38: "answered", 39: "installed"}
LOGGED, REFUSED, FAILED = 307, 32, [32, 301, 302, 303, 304, 305, 307, 308]
ONE_FAILURE = timedelta(seconds=5)
"""So soon after an event that says where a request broke, 32 says of the same request that it failed."""
_SERVER = r"(https?://[^\s'\"\\()]{4,300})"
_AUTHORITY = r"(?i)\bthumbprint\W{1,4}([0-9a-f]{40})\b"
_WORDS = r"Result: \(([^()]{1,200}?)\.?\)"
"""Where messages and fields of these events name the server, the authority and the result in words."""
_UNLIKE_A_NAME = r"^$|^[0-9.;, ]+$"
"""Message1 of 36 is the extended key usage, object identifiers, unless a build prints the name there;
that of 307 is what the client wrote of its error."""


def read_certificates(events: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Return every try at a certificate that the event log shows, in the columns of tables.Install.

    Args:
        events: The columns of tables.Event.
        expected: Columns device, item, kind: what the registry says the status page expects. It names
            requests that the events leave unnamed, where only one certificate can be meant.
    """
    ours = events.filter(
        pl.col("provider").str.to_lowercase() == DEVICE_MANAGEMENT,
        pl.col("event_id").is_in([*STEPS, *FAILED, PFX]),
    ).sort("device", "member", "record")
    if ours.is_empty():
        return no_rows()
    first = pl.col("data").str.json_path_match("$.Message1")
    now, before = pl.col("event_id"), pl.col("event_id").shift().over("device", "member")
    at_once = (pl.col("at").diff().over("device", "member") <= ONE_FAILURE).fill_null(value=True)
    same = (now == REFUSED) & (before != REFUSED) & at_once
    begins = (
        before.is_null()
        | now.is_in([TAKEN, PFX])
        | ((now == MADE) & (before != TAKEN))
        | before.is_in([INSTALLED, PFX])
        | (before.is_in(FAILED) & ~same)
    )
    numbered = ours.with_columns(
        name=pl.when(now != LOGGED, ~first.str.contains(_UNLIKE_A_NAME)).then(first),
        run=begins.cast(pl.Int64).cum_sum().over("device", "member"),
    )
    data = pl.col("data").fill_null("")
    made = data.filter(now == MADE).str.json_path_match("$.Message2")
    named = data.filter(now.is_in([MADE, *FAILED])).str.extract(_SERVER)
    code = pl.col("code").filter(now.is_in([PFX, *FAILED])).drop_nulls().last()
    failed = data.filter(now.is_in(FAILED))
    authority = failed.str.extract(_AUTHORITY).drop_nulls().first()
    words = failed.str.extract(_WORDS).drop_nulls().last()
    ended_at = pl.col("at").filter(now.is_in([INSTALLED, PFX, *FAILED])).last()
    runs = numbered.group_by("device", "member", "run", maintain_order=True).agg(
        pl.col("record", "clock").first(),
        unique=pl.col("name").drop_nulls().first(),
        started_at=pl.col("at").first(),
        ended_at=ended_at,
        code=code,
        last=now.last(),
        server=made.first(),
        named=named.drop_nulls().first(),
        authority=authority,
        words=words,
    )
    runs = runs.with_columns(server=pl.coalesce("server", "named"))
    return to_rows(_numbered(_named(runs, expected)))


def _named(runs: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Give each request its item: the expected LocURI that ends in its name, or the only one left."""
    wanted: dict[str, list[str]] = {}
    for device, item in (
        expected.filter(pl.col("kind") == "certificate").select("device", "item").unique().rows()
    ):
        wanted.setdefault(device, []).append(item)
    found = [_uri(row, wanted.get(row["device"], [])) for row in runs.iter_rows(named=True)]
    return runs.with_columns(item=pl.Series(found, dtype=pl.String))


def _uri(request: dict[str, Any], uris: list[str]) -> str:
    """Return the item of a request; one without a name is known by the server that it was made to."""
    unique = request["unique"]
    if unique is None:
        host = urlsplit(request["server"] or "").hostname
        nameless = f"certificate of {host}" if host else f"certificate request of event {request['record']}"
        return uris[0] if len(uris) == 1 else nameless
    ends = sorted(uri for uri in uris if unique.lower() in uri.lower().split("/"))
    return ends[0] if ends else unique


def _numbered(runs: pl.DataFrame) -> pl.DataFrame:
    failed = pl.col("last").is_in(FAILED) | ((pl.col("last") == PFX) & pl.col("code").is_not_null())
    stopped = pl.col("last").replace_strict(STEPS, default=None, return_dtype=pl.String)
    rows = runs.with_columns(
        kind=pl.lit("certificate"),
        try_number=pl.int_range(pl.len()).over("device", "item") + 1,
        outcome=pl.when(failed)
        .then(pl.lit("failed"))
        .when(pl.col("last").is_in([INSTALLED, PFX]))
        .then(pl.lit("succeeded"))
        .otherwise(pl.lit("unfinished")),
    )
    reason = pl.when(pl.col("outcome") == "unfinished").then(
        pl.concat_str(pl.lit("the request was "), stopped, pl.lit(", nothing came after"))
    )
    known = rows.select("server", "authority", "words").iter_rows(named=True)
    detail = [to_detail({name: value or None for name, value in row.items()}) for row in known]
    return rows.with_columns(reason=reason, detail=pl.Series(detail, dtype=pl.String))
