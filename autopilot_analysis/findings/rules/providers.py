"""Policy providers that the status page waits for first: the Intune agent, the client of ConfigMgr."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts.marks import PROVIDER_INSTALLED
from autopilot_analysis.findings.looking import failed_runs, marks_in, once, registry, unwell
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import OF_THE_DEVICE

KEPT = r"\\enrollmentstatustracking\\device\\devicepreparation\\policyproviders\\([^\\]+)$"
"""Where the page keeps how the installation of a provider stands."""
STATE, ERROR = "installationstate", "lasterror"
NAMES = rf"^(?:{STATE}|{ERROR}|installduration|timeout)$"
NOT_YET, DONE, FAILED = "1", "3", "4"
"""InstallationState of a provider: not installed yet, installed, ended with an error."""
NOTHING_NAMED = "policies_not_counted"
NOT_INSTALLED = ["provider_install_failed", NOTHING_NAMED]
"""Marks of a device preparation that ended since the agent was not installed, or named nothing."""
AGENT, CONFIGMGR = "sidecar", "configmgr"
"""Providers, without regard to capitals, as the page names them."""
NAMED = r'"Message1":\s*"([^"]+)"'
KNOWN = rf"(?i)\b({AGENT}|{CONFIGMGR})\b"
"""Where a record names its provider: in its first field, or in a message of any language."""
OF_ONE = [*ATTEMPT, "provider"]
"""What tells one provider of an attempt from every other."""


@rule("PROVIDER-INSTALL-FAILED", needs="failed=device_preparation,device_setup")
def agent_not_installed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended because the Intune agent was not installed or its list did not come.

    A record that names another provider is none of the agent's, nor is one that names none where the agent
    came. What the registry keeps counts where no event tells of it.
    """
    ended = _refused(tables, trace, AGENT)
    kept = _ended_with_error(tables, trace, AGENT)
    return all_proofs([proof(ended), proof(kept.join(ended, on="device", how="anti"))])


@rule("CONFIGMGR-CLIENT-FAILED", needs="registry=installationstate | failed=device_preparation")
def client_not_installed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended because the client of Configuration Manager was not installed in its time.

    Where no attempt was seen, what the registry keeps says so alone.
    """
    alone = _ended(tables, CONFIGMGR).join(trace.attempts, on="device", how="anti", maintain_order="left")
    kept = [proof(_ended_with_error(tables, trace, CONFIGMGR)), proof(alone)]
    return all_proofs([proof(_refused(tables, trace, CONFIGMGR)), *kept, proof(_open(tables, trace))])


@rule("POLICY-PROVIDER-FAILED", needs="failed=device_preparation")
def other_not_installed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that ended because another policy provider failed, or a known one after it was installed."""
    ended = _refused(tables, trace, None)
    return proof(ended, item=pl.col("named").fill_null(pl.lit("not named")))


def _refused(tables: Tables, trace: Trace, whose: str | None) -> pl.DataFrame:
    """Return the records of failed attempts by which a provider was not installed, or named nothing.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        whose: The agent or the client; None for what is the failure of neither's installation.
    """
    marks = _named_marks(trace)
    came = marks.filter(pl.col("mark") == PROVIDER_INSTALLED).select(*OF_ONE, came_at="at")
    last = came.group_by(OF_ONE).agg(pl.col("came_at").max(), came=pl.lit(value=True))
    both = marks.join(last, on=OF_ONE, how="left", nulls_equal=True, maintain_order="left")
    later = (pl.col("came_at") > pl.col("at")).fill_null(value=False)
    stands = both.filter(
        (pl.col("mark") == NOTHING_NAMED) | ((pl.col("mark") != PROVIDER_INSTALLED) & ~later)
    )
    agent_came = pl.col("device").is_in(_agents(tables, came).implode())
    known = pl.coalesce("provider", pl.when(~agent_came).then(pl.lit(AGENT)))
    named_nothing = (pl.col("mark") == NOTHING_NAMED) & pl.col("came").fill_null(value=False)
    owner = pl.when(known.is_in([AGENT, CONFIGMGR]) & ~named_nothing).then(known)
    return stands.filter(owner.eq_missing(pl.lit(whose, pl.String)))


def _named_marks(trace: Trace) -> pl.DataFrame:
    """Return what records tell of providers in attempts whose device preparation failed, with their names."""
    runs = failed_runs(trace, ["device_preparation"]).select(ATTEMPT).unique()
    marks = marks_in(trace, [*NOT_INSTALLED, PROVIDER_INSTALLED]).join(
        runs, on=ATTEMPT, how="semi", nulls_equal=True
    )
    named = pl.coalesce(pl.col("detail").str.extract(NAMED), pl.col("detail").str.extract(KNOWN))
    return marks.with_columns(named=named, provider=named.str.to_lowercase())


def _agents(tables: Tables, came: pl.DataFrame) -> pl.Series:
    """Return the devices on which the agent was installed, by a record or by what the registry keeps."""
    by_record = came.filter(pl.col("provider") == AGENT)["device"]
    return pl.concat([by_record, _in_state(tables, AGENT, [DONE])["device"]]).unique()


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


def _open(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return what the registry keeps of a client that never came, where the agent did and the page failed."""
    runs = failed_runs(trace, ["device_preparation"]).filter(
        ~pl.col("mark").is_in(NOT_INSTALLED).fill_null(value=False)
    )
    here = _in_state(tables, AGENT, [DONE]).join(runs, on="device", how="semi")
    return _in_state(tables, CONFIGMGR, [NOT_YET]).join(here, on="device", how="semi", maintain_order="left")


def _ended(tables: Tables, name: str) -> pl.DataFrame:
    """Return what the registry keeps of a provider that ended with an error."""
    return _in_state(tables, name, [FAILED])


def _in_state(tables: Tables, name: str, states: list[str]) -> pl.DataFrame:
    """Return what the registry keeps of a provider whose installation is in one of some states."""
    own = _kept(tables).filter(pl.col("provider") == name)
    ended = own.filter(pl.col("field") == STATE, pl.col("value").is_in(states)).select("device", "member")
    codes = own.filter(pl.col("field") == ERROR).select(
        "device", "member", code=code_of(pl.col("value"), "failure")
    )
    met = own.join(ended, on=["device", "member"], how="semi")
    return met.join(codes, on=["device", "member"], how="left").with_columns(at=NEVER)
