"""Hybrid join: a user who is assigned where none may be, and a domain that nobody can sign in to."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import OFFLINE_JOIN_APPLIED, OFFLINE_JOIN_TIMED_OUT, SIGN_IN_PAGE_ERROR
from autopilot_analysis.findings.looking import (
    IN_SESSION,
    NO_CONTROLLER,
    events_of,
    marks_in,
    registry,
    unwell,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.join_state import JOINED
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace

HYBRID = "hybrid_join"
ASSIGNED = r'(?i)CloudAssignedTenantUpn\W{1,12}(?:"?Message2"?\W{1,8})?[\w.+-]+@'
"""The assigned user in the profile, wherever that is kept: a value, JSON in JSON, fields of an event."""
DIALLED, CONNECTED, NO_LOGON_SERVER = "ras:20227", "ras:20225", "netlogon:5719"
"""A connection (VPN) failed; one came about; Netlogon found no domain controller."""
OF_DEVICE = r"(?i)\bsyst[eè]me?\b"
"""The account that dials before anybody signs in: the tunnel is the device's."""
LEAST = 3
"""So many records in vain, and none that went well since, are no passing hitch."""
OTHER = "HYBRID-TUNNEL-FAILED"


def _profile(tables: Tables) -> pl.DataFrame:
    """Return the places of the profile that name an assigned user: registry, the service's file, events."""
    kept = registry(tables, "autopilot", "^(?:cloudassignedtenantupn|policyjsoncache)$")
    files = tables.properties.filter(pl.col("value").fill_null("").str.contains("@"))
    shown = files.with_columns(detail=pl.concat_str("name", pl.lit(": "), "value"))
    events = events_of(tables, ["ap:103"])
    columns = ["device", "member", "record", "detail"]
    rows = pl.concat([part.select(columns) for part in (kept, shown, events)])
    return rows.filter(pl.col("detail").str.contains(ASSIGNED))


@rule("HYBRID-ASSIGNED-USER", needs="failed=entra_join; mark=offline_join_timed_out")
def assigned_user(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid attempts that waited for their domain join in vain, whose profile names an assigned user."""
    applied = marks_in(trace, [OFFLINE_JOIN_APPLIED]).select(ATTEMPT)
    waited = marks_in(trace, [OFFLINE_JOIN_TIMED_OUT]).join(applied, on=ATTEMPT, how="anti")
    hybrid = unwell(trace).filter(pl.col("scenario") == HYBRID).select(ATTEMPT)
    tries = waited.join(hybrid, on=ATTEMPT, how="semi", maintain_order="left")
    profile = _profile(tables).join(tries.select(ATTEMPT).unique(), on="device", maintain_order="left")
    if profile.is_empty():
        return no_proof()
    met = tries.join(profile, on="device", how="semi", maintain_order="left")
    joined = marks_in(trace, JOINED).join(met, on=ATTEMPT, how="semi", maintain_order="left")
    pages = marks_in(trace, [SIGN_IN_PAGE_ERROR]).join(met, on=ATTEMPT, how="semi", maintain_order="left")
    firsts = [rows.unique(ATTEMPT, keep="first", maintain_order=True) for rows in (profile, joined)]
    by_itself = firsts[1].with_columns(detail=pl.lit("the device joined Entra ID itself"))
    rows = [firsts[0], by_itself.drop("code"), pages, met.drop("code")]
    return all_proofs([proof(part) for part in rows])


def _nobody_in(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the hybrid attempts whose device's part is done, and in which nobody signed in since."""
    last = trace.attempts.sort("attempt").group_by("device", maintain_order=True).last()
    hybrid = last.filter(pl.col("scenario") == HYBRID, (pl.col("outcome") != "failed").fill_null(value=True))
    runs = trace.stage_runs.join(hybrid, on=ATTEMPT, how="semi").filter(pl.col("outcome") != "skipped")
    done = runs.filter(pl.col("stage") == "device_setup", pl.col("outcome") == "succeeded")
    in_use = runs.filter(pl.col("stage").is_in(["account_setup", "desktop"]))
    stands = done.select(*ATTEMPT, done_at="ended_at").join(in_use, on=ATTEMPT, how="anti")
    sessions = events_of(tables, IN_SESSION).select("device", in_at="at").join(stands, on="device")
    return stands.join(sessions.filter(pl.col("in_at") > pl.col("done_at")), on="device", how="anti")


def _in_vain(tables: Tables, stands: pl.DataFrame, event: str, good: str | None = None) -> pl.DataFrame:
    """Return the records of an event on devices where it came again and again, with no good one since."""
    records = events_of(tables, [event]).join(stands, on="device", maintain_order="left").drop("code")
    well = events_of(tables, [good] if good else []).group_by("device").agg(good_at=pl.col("at").max())
    since = records.join(well, on="device", how="left", maintain_order="left").filter(
        (pl.col("at") > pl.col("good_at")).fill_null(value=True)
    )
    return since.filter(
        pl.len().over("device") >= LEAST, (pl.col("at").max() > pl.col("done_at")).over("device")
    )


@rule(
    "HYBRID-DOMAIN-OUT-OF-SIGHT", needs=f"attempt={HYBRID}; event={DIALLED},{NO_CONTROLLER},{NO_LOGON_SERVER}"
)
def domain_out_of_sight(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose part is done and to which nobody can sign in, because no domain controller is in sight.

    Where the device's own tunnel (VPN) fails, that is why, under the rule of its last error.
    """
    stands = _nobody_in(tables, trace)
    unseen = [_in_vain(tables, stands, event) for event in (NO_CONTROLLER, NO_LOGON_SERVER)]
    lost = pl.concat([part.filter(pl.int_range(pl.len()).over("device") < 2) for part in unseen])
    dials = _in_vain(tables, stands, DIALLED, CONNECTED)
    own = dials.filter(pl.col("detail").str.contains(OF_DEVICE)).with_columns(
        error=pl.col("detail").str.extract(r"\b(\d{3,5})\D*$"),
        name=pl.col("detail").str.json_path_match("$.Data[2]"),
    )
    facts = read_facts("tunnel_errors")
    known, means = (dict(facts.select("error", name).iter_rows()) for name in ("rule", "means"))
    last = own.group_by("device", maintain_order=True).agg(pl.col("error", "name").last(), n=pl.len())
    named = last.select(
        "device",
        rule=pl.col("error").replace_strict(known, default=OTHER, return_dtype=pl.String),
        item=pl.concat_str(
            pl.format("{}, ", "name").fill_null(""),
            pl.format("error {}", "error"),
            pl.format(
                " ({})", pl.col("error").replace_strict(means, default=None, return_dtype=pl.String)
            ).fill_null(""),
            pl.format(", {} times", "n"),
        ),
    )
    shown = own.filter(pl.int_range(pl.len()).over("device") < 2)
    parts = [part.join(named, on="device", maintain_order="left") for part in (shown, lost)]
    tunnel = pl.concat([part.select(*_COLUMNS) for part in parts]).drop_nulls("rule")
    plain = lost.join(named, on="device", how="anti", maintain_order="left")
    tunnels = proof(tunnel, item=pl.col("item")).with_columns(rule=tunnel["rule"])
    return all_proofs([tunnels, proof(plain).with_columns(rule=pl.lit("HYBRID-DOMAIN-OUT-OF-SIGHT"))])


_COLUMNS = [*ATTEMPT, "member", "record", "at", "detail", "rule", "item"]
