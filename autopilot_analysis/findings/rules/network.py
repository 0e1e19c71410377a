"""The network: could the device reach the services at all, and what looks blocked?"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.configuration import unmet
from autopilot_analysis.tables import Tables, Trace


@rule("NETWORK-NO-INTERNET")
def no_internet(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001 - every rule has one signature
    """Attempts that gave Autopilot up without ever having seen the internet."""
    return proof(failed_runs(trace, ["network"]))


@rule("NETWORK-SIGNS")
def signs_of_blocking(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every sign of facts/network_signs.csv that holds."""
    return unmet(tables, trace, "network_signs", "rule_sign", "NETWORK-")
