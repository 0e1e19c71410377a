"""What traces show of OOBE: error pages, another tenant, a registration that went, a server not trusted."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.marks import PROFILE_AVAILABLE, PROFILE_NOT_PROVISIONED, RESET_CHOSEN
from autopilot_analysis.findings.looking import in_attempts, marks_in, unwell
from autopilot_analysis.findings.on_screen import on_company_pages
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.profile import quiet_where_it_went_on
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO
from autopilot_analysis.wording import END_OPEN

FOUND = ["profile_state_available", PROFILE_AVAILABLE]
GONE = ["profile_state_not_provisioned", PROFILE_NOT_PROVISIONED]
EARLY = ["network", "profile_download", "user_authentication", "entra_join"]
"""Stages up to the join: a user of another tenant gets no further."""


def _weighed(rows: pl.DataFrame, trace: Trace, stages: list[str] | None = None) -> pl.DataFrame:
    """Return rows with a severity: what the rule's words say where it fits the failure, else info.

    A row outside every attempt keeps its weight on a device that never succeeded.

    Args:
        rows: Rows with device and attempt.
        trace: What `build_trace` returned.
        stages: Failed stages that fit; an attempt whose stage is not known fits as well. None means all.
    """
    ill = unwell(trace).with_columns(
        fits=pl.lit(value=True)
        if stages is None
        else pl.col("failed_stage").is_null() | pl.col("failed_stage").is_in(stages)
    )
    well = trace.attempts.filter(pl.col("outcome") == "succeeded").select("device", well=pl.lit(value=True))
    weighed = rows.join(ill.select("device", "attempt", "fits"), on=["device", "attempt"], how="left").join(
        well.unique(), on="device", how="left"
    )
    heavy = pl.col("fits").fill_null(pl.col("attempt").is_null() & pl.col("well").is_null())
    return weighed.with_columns(severity=pl.when(~heavy).then(pl.lit(INFO))).drop("fits", "well")


@rule("SIGN-IN-OTHER-TENANT", needs="mark=sign_in_other_tenant")
def other_tenant(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins whose page said that the user belongs to another tenant; heavy where nothing came of them."""
    rows = marks_in(trace, ["sign_in_other_tenant"]).drop("code")
    return proof(_weighed(rows, trace, EARLY))


@rule("REGISTRATION-LOST", needs=f"mark={','.join(GONE)}")
def registration_lost(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that failed, and whose last answer was no profile after one that was."""
    found = marks_in(trace, FOUND).group_by("device").agg(found_at=pl.col("at").max())
    bad = unwell(trace).select("device").unique()
    gone = marks_in(trace, GONE).join(found, on="device").join(bad, on="device", how="semi")
    lost = proof(gone.filter(pl.col("at") > pl.col("found_at")).drop("code"))
    return quiet_where_it_went_on(lost, trace)


@rule("PRE-PROVISIONING-UNREGISTERED", needs="mark=pre_provisioning_unregistered")
def pre_provisioning_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Pre-provisioning that a person chose and the page refused for want of a registration."""
    return proof(_weighed(marks_in(trace, ["pre_provisioning_unregistered"]), trace))


@rule("NETWORK-CAPTIVE-PORTAL", needs="mark=captive_portal")
def captive_portal(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Networks behind a portal; heavy where the device got no further than the join."""
    return proof(_weighed(marks_in(trace, ["captive_portal"]), trace, EARLY))


@rule("OOBE-ERROR-PAGE", needs="screen")
def error_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Error pages that stood before a person, each with what it said and for how long."""
    shown = trace.screens.filter(pl.col("error_at").is_not_null()).with_columns(at="error_at")
    seconds = pl.col("error_waited").dt.total_milliseconds() / 1000
    error = pl.when(pl.col("error") != pl.col("title")).then(pl.format(": {}", "error")).fill_null("")
    what = pl.concat_str("title", error)
    quote = pl.concat_str(what, pl.coalesce(pl.format(", for {} s", seconds), pl.lit(f", {END_OPEN}")))
    return proof(_weighed(shown, trace), quote, item=what)


@rule("SIGN-IN-PAGE-GENERIC", needs="mark=sign_in_page_generic")
def generic_sign_in(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-in pages without branding on devices that run Autopilot."""
    runs = tables.devices.filter(pl.col("scenario").fill_null("not_autopilot") != "not_autopilot")
    rows = marks_in(trace, ["sign_in_page_generic"]).join(runs.select("device"), on="device", how="semi")
    return proof(on_company_pages(rows, trace))


@rule("RESET-CHOSEN", needs="mark=reset_chosen")
def reset_chosen(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Resets that a person chose on an error page."""
    return proof(marks_in(trace, [RESET_CHOSEN]))


@rule("NETWORK-TLS-CHECK-FAILED")
def tls_check_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Servers whose certificate did not pass, one finding a host, with the root that was offered."""
    checks = trace.tls_checks.filter(pl.col("code").is_not_null())
    if checks.is_empty():
        return no_proof()
    failed = in_attempts(checks, trace)
    root = pl.coalesce(pl.format(", root {}", "root"), pl.lit(""))
    quote = pl.concat_str(pl.col("host").fill_null("a server"), root)
    return proof(_weighed(failed, trace), quote, item=pl.col("host"))
