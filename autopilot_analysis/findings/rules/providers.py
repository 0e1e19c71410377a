"""Policy providers that the status page waits for first: the Intune agent, the client of ConfigMgr."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import failed_runs, once, registry, unwell
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import OF_THE_DEVICE

KEPT = r"\\enrollmentstatustracking\\device\\devicepreparation\\policyproviders\\([^\\]+)$"
"""Where the page keeps how the installation of a provider stands."""
STATE, ERROR = "installationstate", "lasterror"
NAMES = rf"^(?:{STATE}|{ERROR}|installduration|timeout)$"
FAILED = "4"
"""InstallationState of a provider that ended with an error."""
NOT_INSTALLED = ["provider_install_failed", "policies_not_counted"]
"""Marks of a device preparation that ended since the agent was not installed, or named nothing."""
AGENT, CONFIGMGR = "sidecar", "configmgr"
"""Providers, without regard to capitals, as the page names them."""


@rule("PROVIDER-INSTALL-FAILED", needs="failed=device_preparation,device_setup")
def agent_not_installed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended because the Intune agent was not installed or its list did not come.

    What the registry keeps counts where no event tells of it.
    """
    runs = failed_runs(trace, ["device_preparation"])
    ended = runs.filter(pl.col("mark").is_in(NOT_INSTALLED))
    kept = _ended_with_error(tables, trace, AGENT)
    return all_proofs([proof(ended), proof(kept.join(ended, on="device", how="anti"))])


@rule("CONFIGMGR-CLIENT-FAILED", needs="registry=installationstate")
def client_not_installed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended because the client of Configuration Manager was not installed in its time.

    Where no attempt was seen, what the registry keeps says so alone.
    """
    alone = _ended(tables, CONFIGMGR).join(trace.attempts, on="device", how="anti", maintain_order="left")
    return all_proofs([proof(_ended_with_error(tables, trace, CONFIGMGR)), proof(alone)])


def _ended_with_error(tables: Tables, trace: Trace, name: str) -> pl.DataFrame:
    """Return what the registry keeps of a provider that ended with an error, where an attempt failed."""
    ended = _ended(tables, name)
    if ended.is_empty():
        return ended
    last = unwell(trace).group_by("device").agg(pl.col("attempt", "failed_stage").last())
    stopped = last.filter(pl.col("failed_stage").is_in(OF_THE_DEVICE))
    return ended.join(stopped, on="device")


@once
def _kept(tables: Tables) -> pl.DataFrame:
    """Return what the registry keeps of the status page's providers, with `provider` and `field`."""
    return registry(tables, KEPT, NAMES).with_columns(
        provider=pl.col("key").str.to_lowercase().str.extract(KEPT), field=pl.col("name").str.to_lowercase()
    )


def _ended(tables: Tables, name: str) -> pl.DataFrame:
    """Return what the registry keeps of a provider that ended with an error."""
    own = _kept(tables).filter(pl.col("provider") == name)
    ended = own.filter(pl.col("field") == STATE, pl.col("value") == FAILED).select("device", "member")
    if ended.is_empty():
        return own.clear()
    codes = own.filter(pl.col("field") == ERROR).select(
        "device", "member", code=code_of(pl.col("value"), "failure")
    )
    met = own.join(ended, on=["device", "member"], how="semi")
    return met.join(codes, on=["device", "member"], how="left").with_columns(at=NEVER)
