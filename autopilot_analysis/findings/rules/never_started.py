"""Why a deployment never began, or stands where it stands: no failed attempt is needed to say it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import marks_in
from autopilot_analysis.findings.rule import PROOF, proof, rule
from autopilot_analysis.tables import Tables, Trace

HOME = r"(?i)^Core(?:N|SingleLanguage|CountrySpecific)?$"
"""EditionID of the editions that are sold as Windows Home; they can join no Entra tenant."""
EDITION = r"(?i)^edition ?id$"
EMPTY = ["profile_empty", "profile_not_provisioned"]
CAME = ["profile_available", "configuration_file_used"]
BEYOND = ["joined", "enrollment_began", "enrolled", "device_enrollment_began"]
"""Marks of a device that went on from the pages of OOBE."""
NEVER = pl.lit(None, dtype=PROOF["at"])


def _last_pages(trace: Trace) -> pl.DataFrame:
    """Return the page on which each device's last sitting stands open; none where OOBE went on."""
    last = (
        trace.screens.sort("sitting", "at", nulls_last=False).group_by("device", maintain_order=True).last()
    )
    stands = last.filter(pl.col("ended_at").is_null(), pl.col("error").is_null())
    beyond = trace.marks.filter(pl.col("mark").is_in(BEYOND)).group_by("device").agg(on_at=pl.col("at").max())
    onward = pl.col("on_at") >= pl.col("at")
    return stands.join(beyond, on="device", how="left").filter(~onward.fill_null(value=False)).drop("on_at")


@rule("PROFILE-NEVER-CAME")
def no_profile_came(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that stand in OOBE after nothing but empty answers to the question for a profile."""
    came = trace.marks.filter(pl.col("mark").is_in(CAME)).select("device")
    known = tables.devices.filter(pl.col("registered").is_not_null()).select("device")
    waiting = _last_pages(trace).select("device", item="title")
    empty = marks_in(trace, EMPTY).join(pl.concat([came, known]).unique(), on="device", how="anti")
    return proof(empty.join(waiting, on="device", maintain_order="left"))


@rule("SIGN-IN-PAGE-REFUSED")
def refused_on_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Error codes on the page of sign-in, join and enrolment, where no other log tells of a failure."""
    silent = trace.attempts.filter(pl.col("outcome") == "unfinished").select("device", "attempt")
    shown = marks_in(trace, ["sign_in_page_error"]).filter(pl.col("code").is_not_null())
    return proof(shown.join(silent, on=["device", "attempt"], how="semi"))
