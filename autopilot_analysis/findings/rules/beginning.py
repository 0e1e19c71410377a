"""Why a deployment never began, or stands where it stands: no failed attempt is needed to say it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import (
    CONFIGURATION_FILE_USED,
    DEVICE_ENROLLMENT_BEGAN,
    PROFILE_AVAILABLE,
    SIGN_IN_PAGE_ERROR,
)
from autopilot_analysis.facts.source_names import EVENTS_USER_DEVICE_REGISTRATION, REGISTRY_DUMP
from autopilot_analysis.findings.looking import (
    PAGE_SAID,
    SIGNED_IN,
    empty_answers,
    events_of,
    in_attempts,
    keys_of,
    marks_in,
    properties,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.readers.texts.answer_file import THERE
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.capture import ABSENT
from autopilot_analysis.tables.completing import where_distinct
from autopilot_analysis.tables.story import PRE_PROVISIONING, PRE_PROVISIONING_TECHNICIAN, SELF_DEPLOYING
from autopilot_analysis.trace.marks import ONE_FAILURE

HOME = r"^(?:Core|CoreN|CoreSingleLanguage|CoreCountrySpecific)$"
TPM_NOT_READY = r"(?i)^(?:ready ?for ?attestation|tpm ?ready|istpmready|attestation ?capable)$"
NEEDS_TPM = [SELF_DEPLOYING, PRE_PROVISIONING, PRE_PROVISIONING_TECHNICIAN]
PAGE_LEFT_FOR = timedelta(minutes=30)
"""A page that was shown for less may have had a person before it when the records were taken."""
CAME = [PROFILE_AVAILABLE, CONFIGURATION_FILE_USED]
BEYOND = ["joined", "enrollment_began", "enrolled", DEVICE_ENROLLMENT_BEGAN]
"""Marks of a device that went on from the pages of OOBE."""
SERVICE_ANSWERS = r"^0x8018|^0x801C00(?:0[0-9A-F]|25|3A)|^0x801C03|^0x8019"
"""Codes with which the services of enrolment, registration and the web answer."""
NOT_ANSWERED = r"^0x8018001[02]|^0x801C000C"
"""Codes among them that say that no service was reached."""

ANSWER_FILE = "answer_file"
SIGN_IN = ["user_authentication", "entra_join"]
TELLS_OF_JOINS = [EVENTS_USER_DEVICE_REGISTRATION, REGISTRY_DUMP, "dsregcmd"]
"""Sources in which a join would be seen."""
LOCAL_USER = r"S-1-5-21-[0-9-]+-1(?:00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})\b"
"""A local account that somebody made; the one of OOBE itself is number 1000."""


def never_deployed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the devices that are not enrolled and on which no attempt came as far as joining.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        device, edition and registered.
    """
    far = trace.stage_runs.filter(
        pl.col("stage").is_in(["entra_join", "mdm_enrollment", "device_setup"]),
        pl.col("outcome") != "skipped",
    )
    fresh = tables.devices.filter(~pl.col("enrolled").fill_null(value=False)).select(
        "device", "edition", "registered"
    )
    return fresh.join(far, on="device", how="anti")


@rule("WINDOWS-HOME")
def windows_home(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of edition Home that never got as far as joining."""
    home = never_deployed(tables, trace).filter(pl.col("edition").fill_null("").str.contains(HOME))
    if home.is_empty():
        return no_proof()
    editions = properties(tables, r"edition", HOME).select("device", "member", "record", "detail")
    named = where_distinct(tables.registry_values, "name", pl.col("name").str.contains("(?i)edition"))
    values = named.filter(pl.col("value").fill_null("").str.contains(HOME)).select(
        "device", "member", "record", detail=pl.concat_str("name", pl.lit(" = "), "value")
    )
    beside = tables.members.unique("device", keep="first", maintain_order=True).select(
        "device", "member", record=pl.lit(None, dtype=pl.Int64), detail=pl.lit("edition of the device")
    )
    rows = pl.concat([editions, values, beside]).unique("device", keep="first", maintain_order=True)
    return proof(rows.join(home, on="device"), item=pl.col("edition"))


@rule("TPM-WITHOUT-CERTIFICATE")
def tpm_without_certificate(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that need their TPM, never got as far as joining, and whose TPM cannot prove them."""
    need = tables.devices.filter(pl.col("scenario").is_in(NEEDS_TPM)).select("device")
    if need.is_empty():
        return no_proof()
    fresh = never_deployed(tables, trace).join(need, on="device", how="semi")
    not_ready = properties(tables, TPM_NOT_READY, r"(?i)^(?:no|false)$")
    missing = events_of(tables, keys_of(["tpm_certificate_missing"]))
    return all_proofs([proof(rows.join(fresh, on="device", how="semi")) for rows in (not_ready, missing)])


def without_place(column: str) -> pl.Expr:
    """Return the settings of an answer file by their own names, without the part of the file."""
    return pl.col(column).str.replace(r"^(?:OOBE|UserAccounts/\w+)/", "")


def answered_by_file(tables: Tables, steps: list[str]) -> pl.DataFrame:
    """Return what answer files say that goes round some steps, with item: all such settings of the device."""
    known = read_facts("answer_file_settings").filter(pl.col("step").is_in(steps))
    files = tables.members.filter(pl.col("source") == ANSWER_FILE).select("device", "member")
    given = tables.properties.join(files, on=["device", "member"], how="semi").join(
        known.select(name="setting", asked=pl.col("value").fill_null(THERE)), on="name"
    )
    set_so = given.filter((pl.col("value") == pl.col("asked")).fill_null(value=False))
    short = without_place("name").unique(maintain_order=True)
    items = set_so.group_by("device", maintain_order=True).agg(item=short.str.join(", "))
    path = pl.concat_str("section", "name", separator="/")
    quoted = set_so.with_columns(detail=pl.concat_str(path, "value", separator=" = "))
    return quoted.join(items, on="device", maintain_order="left")


@rule("ANSWER-FILE-SKIPS-SIGN-IN", needs=f"mark=profile_available; source={ANSWER_FILE}")
def sign_in_skipped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices for which a profile came and that went round its sign-in, as the image's answer file says."""
    local = events_of(tables, [SIGNED_IN]).filter(pl.col("detail").str.contains(LOCAL_USER))
    fresh = never_deployed(tables, trace).join(_would_show(tables, local), on="device", how="semi")
    settings = answered_by_file(tables, SIGN_IN).join(fresh.select("device"), on="device", how="semi")
    items = settings.select("device", "item").unique()
    came = marks_in(trace, [PROFILE_AVAILABLE]).join(items, on="device").drop("code")
    attempts = came.group_by("device").agg(pl.col("attempt").max())
    local = local.join(items, on="device").join(attempts, on="device").drop("code")
    frames = (settings.join(attempts, on="device"), came, local)
    return all_proofs([proof(rows, item=pl.col("item")) for rows in frames])


@rule("ANSWER-FILE-HIDES-WI-FI", needs=f"failed=network; source={ANSWER_FILE}")
def wi_fi_hidden(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that never reached the internet, and whose answer file hides the page of Wi-Fi."""
    offline = trace.stage_runs.filter(pl.col("stage") == "network", pl.col("outcome") == "failed")
    attempts = offline.group_by("device").agg(pl.col("attempt").max())
    return proof(answered_by_file(tables, ["network"]).join(attempts, on="device"), item=pl.col("item"))


def _would_show(tables: Tables, local: pl.DataFrame) -> pl.DataFrame:
    """Return the devices whose export would show a join, or shows that another account signed in."""
    covered = tables.coverage.filter(pl.col("source").is_in(TELLS_OF_JOINS), pl.col("presence") != ABSENT)
    return pl.concat([covered.select("device"), local.select("device")]).unique()


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
    rows = stood.join(never_deployed(tables, trace), on="device", how="semi")
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
    shown = marks_in(trace, [SIGN_IN_PAGE_ERROR]).filter(pl.col("code").is_not_null())
    answer = pl.col("code").str.contains(SERVICE_ANSWERS) & ~pl.col("code").str.contains(NOT_ANSWERED)
    return shown.join(silent, on=["device", "attempt"], how="semi").with_columns(answered=answer)


def _page_messages(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return what pages of OOBE themselves wrote of a failure: their message and its code."""
    reports = in_attempts(events_of(tables, [PAGE_SAID]), trace)
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
