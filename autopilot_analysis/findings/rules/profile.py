"""The profile: was there one, did it come, was a blank one kept?"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import (
    CONFIGURATION_FILE_USED,
    PROFILE_AVAILABLE,
    PROFILE_DOWNLOAD_FAILED,
    PROFILE_DOWNLOAD_RETRIED,
    PROFILE_EMPTY,
    PROFILE_SERVICE_ANSWERED,
)
from autopilot_analysis.facts.source_names import CONFIGURATION_FILE_JSON
from autopilot_analysis.findings.looking import (
    PROFILE_KEPT,
    RECORD,
    empty_answers,
    events_of,
    failed_runs,
    marks_in,
    properties,
    registry,
)
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.tables import STAGES, Tables, Trace
from autopilot_analysis.tables.verdict import INFO, WARNING
from autopilot_analysis.trace.numbering import LONGEST_ATTEMPT

ANSWERS = [PROFILE_DOWNLOAD_FAILED, PROFILE_DOWNLOAD_RETRIED, PROFILE_SERVICE_ANSWERED]
ASKED = f"mark={','.join(ANSWERS)} | property=errorcode"
"""Needs of a rule that looks for a code of the registration service."""
BEHIND_ENROLMENT = STAGES[STAGES.index("mdm_enrollment") + 1 :]
UNICODE = {"utf-16": "Unicode (UTF-16)", "utf-8-bom": "Unicode (UTF-8 with a byte order mark)"}
"""Ways to store a profile file in which Windows cannot read its first character."""
OWN_MEANING = 28000
"""The first build (Windows 11 26H1) in which the service's numbers are also ids of other events."""


def _blank(trace: Trace) -> pl.DataFrame:
    """Marks of an empty answer, in attempts where no profile came."""
    marks = empty_answers(trace)
    came = marks_in(trace, [PROFILE_AVAILABLE]).select("device", "attempt").unique()
    return marks.join(came, on=["device", "attempt"], how="anti", nulls_equal=True)


def _during_oobe(empty: pl.DataFrame) -> pl.DataFrame:
    """Return empty answers without those of a device in use, which asks again at each start.

    Such a device has them outside attempts, over a longer time than any attempt lasts.
    """
    outside = (
        empty.filter(pl.col("attempt").is_null())
        .group_by("device")
        .agg(over=pl.col("at").max() - pl.col("at").min())
    )
    in_use = outside.filter(pl.col("over") > LONGEST_ATTEMPT).select("device")
    return empty.join(in_use, on="device", how="anti")


@rule("PROFILE-BLANK-CACHED", needs="mark=profile_empty; mark=profile_available")
def blank_then_profile(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Starts that got an empty profile on a device that got a real one within the length of an attempt."""
    came = marks_in(trace, [PROFILE_AVAILABLE]).select("device", came_at="at")
    blank = _blank(trace).filter(pl.col("mark") == PROFILE_EMPTY).join(came, on="device")
    soon = (pl.col("came_at") > pl.col("at")) & (pl.col("came_at") - pl.col("at") <= LONGEST_ATTEMPT)
    return proof(blank.filter(soon).unique(["member", "record"], keep="first", maintain_order=True))


@rule(
    "PROFILE-NOT-ASSIGNED",
    needs=f"{ASKED} | event=ap:809,ap:815 | mark=profile_empty,profile_not_provisioned",
)
def registered_but_nothing_assigned(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that the service said have no profile, or registered ones whose every answer was empty."""
    unknown_device = _service_code(tables, trace, ["809", "815"])
    registered = tables.devices.filter(pl.col("registered").fill_null(value=False)).select("device")
    never = marks_in(trace, [PROFILE_AVAILABLE, CONFIGURATION_FILE_USED]).select("device").unique()
    went_on = trace.stage_runs.filter(pl.col("stage") == "mdm_enrollment").select("device")
    prepared = trace.attempts.filter(pl.col("scenario") == "device_preparation").select("device")
    ever_enrolled = pl.concat([went_on, prepared]).unique()  # device preparation needs no profile
    answers = _during_oobe(_blank(trace))
    empty = answers.join(registered, on="device", how="semi").join(never, on="device", how="anti")
    silent = empty.join(ever_enrolled, on="device", how="anti").join(
        unknown_device.select("device"), on="device", how="anti"
    )
    return all_proofs([quiet_where_it_went_on(unknown_device, trace), proof(silent)])


@rule("PROFILE-EMPTY", needs="mark=profile_empty")
def only_empty_answers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of unknown registration that got nothing but empty answers and never enrolled.

    Device preparation needs no profile, a device that is enrolled went on without one, and one that shows
    nothing of Autopilot wants none.
    """
    without = pl.col("scenario").is_in(["device_preparation", "not_autopilot"])
    done = pl.col("enrolled").fill_null(value=False) | without.fill_null(value=False)
    unknown = tables.devices.filter(pl.col("registered").is_null(), ~done).select("device")
    came = marks_in(trace, [PROFILE_AVAILABLE, CONFIGURATION_FILE_USED]).select("device")
    went_on = trace.stage_runs.filter(pl.col("stage") == "mdm_enrollment").select("device")
    answers = _during_oobe(_blank(trace).filter(pl.col("mark") == PROFILE_EMPTY))
    empty = answers.join(unknown, on="device", how="semi")
    return proof(empty.join(pl.concat([came, went_on]).unique(), on="device", how="anti"))


@rule("PROFILE-DOWNLOAD-FAILED", needs="failed=profile_download")
def download_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose profile download ended in an error."""
    runs = failed_runs(trace, ["profile_download"])
    failed = proof(runs.filter((pl.col("mark") != "configuration_file_failed").fill_null(value=True)))
    return quiet_where_it_went_on(failed, trace)


def quiet_where_it_went_on(proofs: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return proofs that no profile came, at `info` where the device went on without one.

    Device preparation needs neither profile nor registration. A device that was enrolled all the same and
    failed in a later stage did not fail for want of them.

    Args:
        proofs: What a rule proves, the columns of PROOF.
        trace: What `build_trace` returned.
    """
    enrolled = trace.stage_runs.filter(
        pl.col("stage") == "mdm_enrollment", pl.col("outcome") == "succeeded"
    ).select("device", "attempt", enrolled=pl.lit(value=True))
    known = trace.attempts.join(enrolled, on=["device", "attempt"], how="left")
    later = pl.col("enrolled").fill_null(value=False) & pl.col("failed_stage").is_in(BEHIND_ENROLMENT)
    prepared = (pl.col("scenario") == "device_preparation").fill_null(value=False)
    went_on = known.select("device", "attempt", went_on=prepared | later.fill_null(value=False))
    last = went_on.group_by("device", maintain_order=True).agg(last=pl.col("attempt").max())
    placed = proofs.join(last, on="device", how="left", maintain_order="left").with_columns(
        lies_in=pl.coalesce("attempt", "last")
    )
    met = placed.join(
        went_on.rename({"attempt": "lies_in"}), on=["device", "lies_in"], how="left", maintain_order="left"
    )
    quiet = pl.col("went_on").fill_null(value=False).all().over("device")
    return met.with_columns(severity=pl.when(quiet).then(pl.lit(INFO)).otherwise("severity")).select(
        proofs.columns
    )


def _service_code(tables: Tables, trace: Trace, answers: list[str]) -> pl.DataFrame:
    """Proofs that the registration service answered with one of these codes.

    The numbers are service codes in the text or JSON of the download events and in the profile file; behind a
    dot they are a step of the correlation vector. As ids of the
    Autopilot channel they count only before build `OWN_MEANING`, whose manifests give them no other meaning,
    or where the name of the answer stands in the event.
    """
    numbers = "|".join(answers)
    names = "|".join(read_facts("service_codes").filter(pl.col("code").is_in(answers))["name"].drop_nulls())
    answered = marks_in(trace, ANSWERS).filter(
        pl.col("detail").str.contains(rf"(?:^|[^.\w])(?:{numbers})\b")
        | pl.col("detail").str.contains(names or r"\A\z")
    )
    stored = tables.properties.filter(
        pl.col("name").str.to_lowercase() == "errorcode",
        pl.col("value").str.contains(rf"^(?:{numbers})$"),
        pl.col("member").str.to_lowercase().str.contains("ddsztd", literal=True),
    )
    quoted = stored.with_columns(detail=pl.concat_str(pl.lit("ErrorCode "), "value"))
    by_name = _named_ids(tables, trace, answers, names)
    numbered = _as_ids(tables, answers).join(by_name, on=RECORD, how="anti")
    return all_proofs([proof(answered), proof(quoted), proof(numbered), proof(by_name)])


def _named_ids(tables: Tables, trace: Trace, answers: list[str], names: str) -> pl.DataFrame:
    """Events of the Autopilot provider with a service code as their id and the answer's name in their text.

    One after which a profile came is history, and weighs no more than `info`.
    """
    found = events_of(tables, [f"ap:{answer}" for answer in answers])
    if found.is_empty() or not names:
        return found.with_columns(severity=pl.lit(None, dtype=pl.String)).clear()
    named = found.filter(pl.col("data").fill_null("").str.contains(rf"\b(?:{names})\b"))
    came = marks_in(trace, ["profile_available"]).group_by("device").agg(came_at=pl.col("at").max())
    dated = named.join(came, on="device", how="left", maintain_order="left")
    later = (pl.col("came_at") > pl.col("at")).fill_null(value=False)
    return dated.with_columns(
        code=pl.lit(None, dtype=pl.String), severity=pl.when(later).then(pl.lit(INFO))
    ).drop("came_at")


def _as_ids(tables: Tables, answers: list[str]) -> pl.DataFrame:
    """Events of the Autopilot channel with a service code as their id, as Microsoft's FAQ lists them."""
    build = pl.col("build").str.extract(r"^(\d+)").cast(pl.Int64, strict=False)
    old = tables.devices.filter(build < OWN_MEANING).select("device")
    found = events_of(tables, [f"ap:{answer}" for answer in answers])
    in_channel = pl.col("channel").fill_null("").str.to_lowercase().str.ends_with("/autopilot")
    return (
        found.filter(in_channel)
        .join(old, on="device", how="semi")
        .with_columns(code=pl.lit(None, dtype=pl.String))
    )


@rule("DEVICE-NOT-REGISTERED", needs=f"{ASKED} | event=ap:807")
def not_registered(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The service said that it does not know the device."""
    return quiet_where_it_went_on(_service_code(tables, trace, ["807"]), trace)


@rule("HARDWARE-MISMATCH", needs=f"{ASKED} | event=ap:908")
def hardware_mismatch(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The service said that the hardware is not the one that was registered."""
    return quiet_where_it_went_on(_service_code(tables, trace, ["908"]), trace)


@rule("DEVICE-IN-OTHER-TENANT", needs=f"{ASKED} | event=ap:808")
def registered_elsewhere(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The service said that the hardware is registered in another tenant."""
    return quiet_where_it_went_on(_service_code(tables, trace, ["808"]), trace)


@rule("PROFILE-CACHE-LOST", needs="registry=profileavailable")
def cache_lost(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose profile cache says that there is none although the device shows one in use."""
    used = registry(tables, PROFILE_KEPT, r"^cloudassignedtenantdomain$")
    used = used.filter(pl.col("value").fill_null("") != "")
    lost = registry(tables, r"provisioning\\autopilotpolicycache$", r"^profileavailable$").filter(
        pl.col("value") == "0"
    )
    both = pl.concat(
        [lost.join(used, on="device", how="semi"), used.join(lost, on="device", how="semi")]
    ).with_columns(at=NEVER, about=pl.lit("profile_download"))
    return proof(weigh(both, trace))


@rule("CONFIGURATION-FILE-SEVERAL", needs="property=cloudassignedtenantid")
def several_profiles_in_one_file(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Profile files that hold more than one profile; a warning, with their names, without an attempt."""
    written = tables.members.filter(pl.col("source") == CONFIGURATION_FILE_JSON).select("device", "member")
    tenants = properties(tables, r"^cloudassignedtenantid$")
    profiles = tenants.filter(pl.col("section").str.starts_with("object ")).join(
        written, on=["device", "member"], how="semi"
    )
    if profiles.is_empty():
        return no_proof()
    failed = _unusable_file(trace)
    attempts = failed.group_by("device").agg(pl.col("attempt", "at").max())
    comments = properties(tables, r"^comment_file$", r"\w").select(
        *("device", "member"), words=pl.col("value").str.replace("(?i)^Profile ", "").str.strip_chars()
    )
    names = comments.group_by("device", "member", maintain_order=True).agg(
        item=pl.col("words").str.join("; ")
    )
    unread = profiles.join(trace.attempts, on="device", how="anti").with_columns(severity=pl.lit(WARNING))
    unread = unread.join(names, on=["device", "member"], how="left", maintain_order="left")
    return all_proofs(
        [
            proof(failed.join(profiles, on="device", how="semi")),
            proof(profiles.drop("at", strict=False).join(attempts, on="device")),
            proof(unread),
        ]
    )


def _unusable_file(trace: Trace) -> pl.DataFrame:
    """Return the runs that ended because the profile file could not be used."""
    return failed_runs(trace, ["profile_download"]).filter(pl.col("mark") == "configuration_file_failed")


@rule("CONFIGURATION-FILE-UNICODE", needs="failed=profile_download; property=encoding")
def file_not_ansi(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose profile file could not be read and, as it lies in the export, is stored as Unicode."""
    written = tables.members.filter(pl.col("source") == CONFIGURATION_FILE_JSON).select("device", "member")
    stored = properties(tables, "^encoding$").join(written, on=["device", "member"], how="semi")
    spelt = stored.with_columns(item=pl.col("value").replace_strict(UNICODE, default=None))
    plain = spelt.filter(pl.col("item").is_null()).select("device")
    unicode = spelt.join(plain, on="device", how="anti")
    failed = _unusable_file(trace).join(unicode.select("device"), on="device", how="semi")
    attempts = failed.group_by("device").agg(pl.col("attempt", "at").max())
    named = unicode.group_by("device", maintain_order=True).agg(pl.col("item").last())
    both = [failed, unicode.drop("item", "at", strict=False).join(attempts, on="device")]
    return all_proofs(
        [
            proof(
                rows.join(named, on="device", maintain_order="left"), item=pl.format("stored as {}", "item")
            )
            for rows in both
        ]
    )


@rule("CONFIGURATION-FILE-UNUSABLE", needs="failed=profile_download")
def file_unusable(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose profile file was there and could not be used."""
    return proof(_unusable_file(trace))
