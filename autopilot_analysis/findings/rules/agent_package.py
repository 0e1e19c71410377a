"""The Intune agent's own package, by which all that the agent brings comes: not loaded, not installed."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.marks import PROVIDER_INSTALLED
from autopilot_analysis.findings.looking import known_exit, marks_in, once, unwell
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import OF_THE_DEVICE
from autopilot_analysis.trace.installs.rows import reason_of

AGENT_S_OWN = pl.col("name").fill_null("").str.contains(r"(?i)^IntuneWindowsAgent\.msi$")
"""Whether a package is the Intune agent's own, by which the other apps come."""
AS_PROVIDER = r"(?i)\bsidecar\b"
"""How a record of the page's providers names the agent."""
NOT_LOADED = pl.col("reason").eq_missing(reason_of("ContentDownloadFailed"))
"""Whether a package did not come, so that no installer of it ran."""
HOST = r"(?i)https?://([a-z0-9.-]+)"


@rule("AGENT-NOT-LOADED", needs="failed=device_preparation,device_setup; install=msi")
def not_loaded(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended without the agent, whose package could not be downloaded; its host is named."""
    lost = not_brought(trace).filter(NOT_LOADED)
    if lost.is_empty():
        return no_proof()
    place = ["device", "member", "record"]
    asked = tables.events.select(*place, host=pl.col("data").str.extract(HOST).str.to_lowercase())
    rows = lost.join(asked, on=place, how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("host").fill_null(pl.col("host").drop_nulls().first().over("device")))
    from_host = pl.concat_str(pl.lit(" from "), "host").fill_null("")
    return proof(rows, pl.concat_str("name", pl.lit(" could not be downloaded"), from_host), pl.col("host"))


@rule("AGENT-NOT-INSTALLED", needs="failed=device_preparation,device_setup; install=msi")
def not_installed(_: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended without the agent, whose package came and failed to install."""
    return proof(not_brought(trace).filter(~NOT_LOADED), pl.concat_str("name", pl.lit(": "), known_exit()))


@once
def not_brought(trace: Trace) -> pl.DataFrame:
    """Return the failed tries at the agent's package in attempts of the device that ended without the agent.

    What came in the end, by a later try or by the page's own record of its providers, ended nothing.
    """
    own = trace.installs.filter(pl.col("kind") == "msi", AGENT_S_OWN)
    ended = unwell(trace).filter(pl.col("failed_stage").is_in(OF_THE_DEVICE))
    tries = own.filter(pl.col("outcome") == "failed").join(ended, on=["device", "attempt"], how="semi")
    came = own.filter(pl.col("outcome") == "succeeded").select("device", "attempt")
    reported = marks_in(trace, [PROVIDER_INSTALLED]).filter(pl.col("detail").str.contains(AS_PROVIDER))
    there = pl.concat([came, reported.select("device", "attempt")])
    missing = tries.join(there, on=["device", "attempt"], how="anti", maintain_order="left")
    return missing.with_columns(at=pl.coalesce("ended_at", "started_at"))
