"""Why a deployment never began, or stands where it stands: no failed attempt is needed to say it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import marks_in, properties, registry, unwell
from autopilot_analysis.findings.rule import PROOF, all_proofs, proof, rule
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


@rule("EDITION-HOME")
def windows_home(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices in OOBE whose edition is Windows Home, with the record that names it."""
    home = tables.devices.filter(
        pl.col("edition").str.contains(HOME), ~pl.col("enrolled").fill_null(value=False)
    )
    waiting = home.join(_last_pages(trace), on="device", how="semi").select("device", item="edition")
    value = pl.col("value").str.contains(HOME)
    named = all_proofs([
        proof(registry(tables, "currentversion$", EDITION.lower()).filter(value).with_columns(at=NEVER)),
        proof(properties(tables, EDITION.lower(), HOME).with_columns(at=NEVER)),
    ])  # fmt: skip
    return proof(named.drop("item").join(waiting, on="device", maintain_order="left"), pl.col("quote"))


@rule("TPM-NO-EK-CERTIFICATE")
def no_endorsement_certificate(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts that failed as a device proved itself, finding no certificate of its TPM's key."""
    failed = unwell(trace).filter(pl.col("failed_stage").is_in(["device_preparation", "entra_join"]))
    missing = marks_in(trace, ["tpm_certificate_missing"])
    return proof(missing.join(failed.select("device", "attempt"), on=["device", "attempt"], how="semi"))


@rule("PROFILE-NEVER-CAME")
def no_profile_came(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that stand in OOBE after nothing but empty answers to the question for a profile."""
    came = trace.marks.filter(pl.col("mark").is_in(CAME)).select("device")
    known = tables.devices.filter(pl.col("registered").is_not_null()).select("device")
    waiting = _last_pages(trace).select("device", item="title")
    empty = marks_in(trace, EMPTY).join(pl.concat([came, known]).unique(), on="device", how="anti")
    return proof(empty.join(waiting, on="device", maintain_order="left"))


@rule("OOBE-LEFT-ON-PAGE")
def left_on_a_page(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts with no end in which nothing failed and OOBE stands on a page that waits for a person."""
    open_ended = trace.attempts.filter(pl.col("outcome") == "unfinished", pl.col("code").is_null())
    last = open_ended.group_by("device").agg(pl.col("attempt").max())
    pages = _last_pages(trace).drop("attempt").join(last, on="device")
    return proof(pages.with_columns(detail="screen", item="title"))


@rule("SIGN-IN-PAGE-REFUSED")
def refused_on_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Error codes on the page of sign-in, join and enrolment, where no other log tells of a failure."""
    silent = trace.attempts.filter(pl.col("outcome") == "unfinished").select("device", "attempt")
    shown = marks_in(trace, ["sign_in_page_error"]).filter(pl.col("code").is_not_null())
    return proof(shown.join(silent, on=["device", "attempt"], how="semi"))
