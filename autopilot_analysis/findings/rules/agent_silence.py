"""Why the Intune agent hears nothing: it has no certificate of management, or a proxy opens what it sends.

Both are said only where nothing of the agent's work shows that anything got through since.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.findings.rule import rule
from autopilot_analysis.findings.rules.agent import UNAUTHORIZED, counted_proofs, health_lines
from autopilot_analysis.tables import Tables, Trace

REQUESTS_REFUSED = 3
"""So many refusals are no slip of one moment,"""
REQUESTS_REFUSED_OVER = timedelta(hours=1)
"""nor are those that span so long: the agent repeats one request within minutes."""
REFUSALS = ["web_error", "web_status", "request_refused"]
OWN_HOSTS = r"(?i)//[^/:]*\.(?:microsoft|windows|azure|msftauth|msauth)\.(?:com|net|us|cn)"
"""What stands for the proxy where there is none: the address of the service itself."""
BROUGHT = ["win32", "winget", "script", "remediation", "detection", "requirement"]
"""Kinds of items that come through the agent alone."""


@rule("AGENT-NO-CERTIFICATE", needs="line")
def no_certificate(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent finds no certificate of management time and again, and is refused with 401."""
    health = health_lines(tables)
    number = pl.col("number").cast(pl.Int64, strict=False)
    counts = health.filter(pl.col("role") == "mdm_certificates")
    found = counts.filter(number > 0)
    missing = _since(counts.filter(number == 0), found)
    word = pl.coalesce("state", "number").str.to_lowercase()
    refused = _since(health.filter(pl.col("role").is_in(REFUSALS), word.is_in(UNAUTHORIZED)), found)
    turned_away = missing.join(refused.select("device").unique(), on="device", how="semi")
    return _lasting(turned_away, tables, trace, pl.lit("0 MDM certificates found in the computer's store"))


@rule("AGENT-TLS-INTERCEPTED", needs="line")
def tls_intercepted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent meets a certificate that it does not trust, again and again, through a proxy."""
    on_the_way = pl.when(pl.col("role") == "request_proxy").then("payload")
    health = health_lines(tables).with_columns(proxy=on_the_way.forward_fill().over("device"))
    distrusted = health.filter(pl.col("role") == "tls_refused", pl.col("proxy").is_not_null())
    named = distrusted.filter(~pl.col("proxy").str.contains(OWN_HOSTS))
    words = pl.format("no trust relationship for the TLS channel, through {}", "proxy")
    return _lasting(named, tables, trace, words, item=pl.col("proxy").str.strip_chars_end("/"))


def _since(rows: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that stand behind the last of `ends` on their device."""
    last = ends.group_by("device", maintain_order=True).last().select("device", ended="moment")
    joined = rows.join(last, on="device", how="left", maintain_order="left")
    return joined.filter((pl.col("moment") > pl.col("ended")).fill_null(value=True)).drop("ended")


def _lasting(
    rows: pl.DataFrame, tables: Tables, trace: Trace, words: pl.Expr, item: pl.Expr | None = None
) -> pl.DataFrame:
    """Return as proofs the rows that came again over an hour, and behind which nothing got through."""
    span = pl.col("moment").max().over("device") - pl.col("moment").min().over("device")
    again = rows.filter(pl.len().over("device") >= REQUESTS_REFUSED, span >= REQUESTS_REFUSED_OVER)
    return counted_proofs(_unheard(again, tables, trace), words, item)


def _unheard(rows: pl.DataFrame, tables: Tables, trace: Trace) -> pl.DataFrame:
    """Drop the rows of devices on which something got through after the first: a report, or any item."""
    sent = health_lines(tables).filter(pl.col("pattern") == "heartbeat_sent").select("device", "moment")
    written = (pl.col("detail").str.json_path_match(f"$.{name}_written") for name in ("started", "ended"))
    items = trace.installs.filter(pl.col("kind").cast(pl.String).is_in(BROUGHT)).select(
        "device",
        moment=pl.coalesce(
            pl.col("started_at", "ended_at").dt.replace_time_zone(None),
            *(text.str.to_datetime(time_unit="us", strict=False) for text in written),
        ),
    )
    heard = pl.concat([sent, items]).drop_nulls().group_by("device").agg(heard=pl.col("moment").max())
    first = rows.with_columns(first=pl.col("moment").min().over("device"))
    later = first.join(heard, on="device", how="left", maintain_order="left")
    return later.filter((pl.col("heard") < pl.col("first")).fill_null(value=True)).drop("heard", "first")
