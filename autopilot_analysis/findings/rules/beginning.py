"""Why a deployment never began, or stands where it stands: no failed attempt is needed to say it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import empty_answers, events_of, in_attempts, marks_in, properties
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace

HOME = r"^(?:Core|CoreN|CoreSingleLanguage|CoreCountrySpecific)$"
TPM_NOT_READY = r"(?i)^(?:ready ?for ?attestation|tpm ?ready|istpmready|attestation ?capable)$"
NEEDS_TPM = ["self_deploying", "pre_provisioning", "pre_provisioning_technician"]
PAGE_LEFT_FOR = timedelta(minutes=30)
"""A page that was shown for less may have had a person before it when the records were taken."""
CAME = ["profile_available", "configuration_file_used"]
BEYOND = ["joined", "enrollment_began", "enrolled", "device_enrollment_began"]
"""Marks of a device that went on from the pages of OOBE."""
SERVICE_ANSWERS = r"^0x8018|^0x801C00(?:0[0-9A-F]|25|3A)|^0x801C03|^0x8019"
"""Codes with which the services of enrolment, registration and the web answer."""
NOT_ANSWERED = r"^0x8018001[02]|^0x801C000C"
"""Codes among them that say that no service was reached."""
ONE_FAILURE = timedelta(minutes=1)
"""A page's message and the code of its error page so close together are one failure."""


def _never_deployed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the devices that are not enrolled and on which no attempt came as far as joining."""
    far = trace.stage_runs.filter(
        pl.col("stage").is_in(["entra_join", "mdm_enrollment", "device_setup"]),
        pl.col("outcome") != "skipped",
    )
    fresh = tables.devices.filter(~pl.col("enrolled").fill_null(value=False)).select("device", "edition")
    return fresh.join(far, on="device", how="anti")


@rule("WINDOWS-HOME")
def windows_home(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of edition Home that never got as far as joining."""
    home = _never_deployed(tables, trace).filter(pl.col("edition").fill_null("").str.contains(HOME))
    editions = properties(tables, r"edition", HOME).select("device", "member", "record", "detail")
    values = tables.registry_values.filter(
        pl.col("name").str.to_lowercase().str.contains("edition"),
        pl.col("value").fill_null("").str.contains(HOME),
    ).select("device", "member", "record", detail=pl.concat_str("name", pl.lit(" = "), "value"))
    beside = tables.members.unique("device", keep="first", maintain_order=True).select(
        "device", "member", record=pl.lit(None, dtype=pl.Int64), detail=pl.lit("edition of the device")
    )
    rows = pl.concat([editions, values, beside]).unique("device", keep="first", maintain_order=True)
    return proof(rows.join(home, on="device"), item=pl.col("edition"))


@rule("TPM-WITHOUT-CERTIFICATE")
def tpm_without_certificate(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that need their TPM, never got as far as joining, and whose TPM cannot prove them."""
    need = tables.devices.filter(pl.col("scenario").is_in(NEEDS_TPM)).select("device")
    fresh = _never_deployed(tables, trace).join(need, on="device", how="semi")
    not_ready = properties(tables, TPM_NOT_READY, r"(?i)^(?:no|false)$")
    missing = events_of(tables, ["ap:209"])
    return all_proofs([proof(rows.join(fresh, on="device", how="semi")) for rows in (not_ready, missing)])


@rule("OOBE-LEFT", needs="screen")
def left_on_a_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that stood on a page of OOBE for long until the records end, before anything was joined."""
    shown = trace.screens.filter(pl.col("visible_at").is_not_null()).sort("visible_at")
    last = shown.group_by("device", maintain_order=True).last()
    still = last.filter(pl.col("ended_at").is_null(), pl.col("error").is_null())
    ends = (
        pl.concat(
            [
                tables.devices.select("device", until="collected_at"),
                tables.events.group_by("device").agg(until=pl.col("at").max()),
            ]
        )
        .group_by("device")
        .agg(pl.col("until").max())
    )
    stood = still.join(ends, on="device").filter(pl.col("until") - pl.col("visible_at") >= PAGE_LEFT_FOR)
    rows = stood.join(_never_deployed(tables, trace), on="device", how="semi")
    return proof(
        rows, pl.concat_str(pl.lit("page "), "screen", pl.lit(" was shown and not left")), pl.col("title")
    )


def _last_pages(trace: Trace) -> pl.DataFrame:
    """Return the page on which each device's last sitting stands open; none where OOBE went on."""
    last = (
        trace.screens.sort("sitting", "at", nulls_last=False).group_by("device", maintain_order=True).last()
    )
    stands = last.filter(pl.col("ended_at").is_null(), pl.col("error").is_null())
    beyond = trace.marks.filter(pl.col("mark").is_in(BEYOND)).group_by("device").agg(on_at=pl.col("at").max())
    onward = pl.col("on_at") >= pl.col("at")
    return stands.join(beyond, on="device", how="left").filter(~onward.fill_null(value=False)).drop("on_at")


@rule("PROFILE-NEVER-CAME", needs="mark=profile_empty,profile_not_provisioned; screen")
def no_profile_came(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that stand in OOBE after nothing but empty answers to the question for a profile."""
    came = trace.marks.filter(pl.col("mark").is_in(CAME)).select("device")
    known = tables.devices.filter(pl.col("registered").is_not_null()).select("device")
    waiting = _last_pages(trace).select("device", item="title")
    empty = empty_answers(trace).join(pl.concat([came, known]).unique(), on="device", how="anti")
    return proof(empty.join(waiting, on="device", maintain_order="left"))


def _page_codes(trace: Trace) -> pl.DataFrame:
    """Return error codes of the page that signs in and joins, where no other log tells of a failure."""
    silent = trace.attempts.filter(pl.col("outcome") == "unfinished").select("device", "attempt")
    shown = marks_in(trace, ["sign_in_page_error"]).filter(pl.col("code").is_not_null())
    answer = pl.col("code").str.contains(SERVICE_ANSWERS) & ~pl.col("code").str.contains(NOT_ANSWERED)
    return shown.join(silent, on=["device", "attempt"], how="semi").with_columns(answered=answer)


def _page_messages(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return what pages of OOBE themselves wrote of a failure: their message and its code."""
    reports = in_attempts(events_of(tables, ["shell:62407"]), trace)
    value = pl.col("data").str.json_path_match("$.Value")
    written = reports.with_columns(
        item=value.str.json_path_match("$.message").str.strip_chars(),
        code=code_of(value.str.json_path_match("$.errorCode"), "failure"),
    )
    return written.filter(pl.col("item") != "", pl.col("code").is_not_null())


@rule("SIGN-IN-PAGE-REFUSED", needs="mark=sign_in_page_error")
def refused_on_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Answers of a service on the page of sign-in, join and enrolment, where no other log tells of them."""
    return proof(_page_codes(trace).filter("answered"))


@rule("SIGN-IN-PAGE-FAILED", needs="mark=sign_in_page_error")
def failed_on_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failures of the page of sign-in, join and enrolment itself, with the message that the page wrote."""
    shown = _page_codes(trace).filter(~pl.col("answered"))
    alike = ["device", "attempt", "code"]
    beside = _page_messages(tables, trace).join(shown.select(*alike, shown_at="at"), on=alike)
    near = (pl.col("shown_at") - pl.col("at")).is_between(-ONE_FAILURE, ONE_FAILURE)
    messages = beside.filter(near).unique(["device", "member", "record"], maintain_order=True)
    first = messages.group_by("device", "code", maintain_order=True).agg(pl.col("item").first())
    named = [
        rows.drop("item", strict=False).join(first, on=["device", "code"], how="left", maintain_order="left")
        for rows in (messages, shown)
    ]
    return all_proofs([proof(rows, item=pl.col("item")) for rows in named])
