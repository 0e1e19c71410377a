"""The device's own firewall where it lets nothing out by default, and what reached no server for that."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import in_attempts, properties
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.enrollment import FORBIDDEN
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.findings.rules.proxies import unreached
from autopilot_analysis.tables import Tables, Trace

POLICY, STATE = "^firewall policy$", "^firewall state$"
OUT_CLOSED = r"(?i),\s*BlockOutbound$"
SWITCHED_OFF = r"(?i)^(?:off|aus)$"
"""A profile that is off closes nothing."""
REFUSED_HERE = f"(?i){FORBIDDEN}"
"""How Windows Sockets says that the device itself, not the network, refused a connection (WSAEACCES)."""
NO_WAY_OUT = "^0x80072E(?:E2|E7|FD|FE)$"
"""Codes of connections that did not come about: a name, a connection or an answer in vain."""


@rule("FIREWALL-BLOCKS-OUTBOUND", needs="property=firewall policy; attempt=failed,unfinished")
def closed_way_out(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts in which servers were not reached, on devices whose firewall blocks what goes out by default.

    Which profile was in use is not in that output: where another of them lets traffic out, only a connection
    that the device itself refused says that this one was. It shows the end, hence the last attempt counts.
    """
    closed = _closed(tables)
    failed = unreached(tables, trace).filter(pl.col("code").str.contains(NO_WAY_OUT))
    last = failed.filter(pl.col("attempt") == pl.col("attempt").max().over("device"))
    once = last.unique([*ATTEMPT, "member", "record"], maintain_order=True)
    met = once.join(closed.select("device", "profiles", "whole").unique(), on="device", maintain_order="left")
    refused = _refused_here(tables, trace).select(ATTEMPT).unique().with_columns(here=True)
    judged = met.join(refused, on=ATTEMPT, how="left", maintain_order="left")
    sure = judged.filter(pl.col("whole") | pl.col("here").fill_null(value=False))
    attempts = sure.select(*ATTEMPT, "code").unique(ATTEMPT, keep="first", maintain_order=True)
    shown = closed.join(attempts, on="device", maintain_order="left").with_columns(at=NEVER)
    return all_proofs([proof(rows, item=pl.col("profiles")) for rows in (shown, sure)])


def _refused_here(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the lines that say that the device itself refused a connection, each with its attempt."""
    lines = tables.log_lines.filter(pl.col("message").str.contains(REFUSED_HERE))
    return in_attempts(lines.drop_nulls("at"), trace)


def _closed(tables: Tables) -> pl.DataFrame:
    """Return the profiles that block what goes out, with the names of all of a device and whether all do."""
    place = ["device", "member", "section"]
    off = properties(tables, STATE, SWITCHED_OFF)
    policies = properties(tables, POLICY).join(off, on=place, how="anti", maintain_order="left")
    shut = pl.col("value").str.contains(OUT_CLOSED)
    marked = policies.with_columns(whole=shut.all().over("device"))
    bare = pl.col("section").str.strip_suffix(" Settings")
    names = bare.unique(maintain_order=True).str.join(", ").over("device")
    return marked.filter(shut).with_columns(profiles=names, detail=pl.format("{}: {}", "section", "value"))
