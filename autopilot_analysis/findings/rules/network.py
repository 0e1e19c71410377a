"""The network: could the device reach the services at all?"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace


@rule("NETWORK-NO-INTERNET")
def no_internet(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001 - every rule has one signature
    """Attempts that gave Autopilot up without ever having seen the internet."""
    return proof(failed_runs(trace, ["network"]))
