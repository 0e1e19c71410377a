"""A policy restarts Windows in the middle of a deployment, and OOBE then meets the enrolment of its own."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts.marks import REBOOT_REQUIRED_BY_POLICY
from autopilot_analysis.findings.looking import (
    AN_ENROLMENT,
    RECORD,
    boots,
    events_of,
    failed_runs,
    in_attempts,
    marks_in,
    registry,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.findings.rules.restarts import named_policies
from autopilot_analysis.findings.rules.waiting import INTUNE
from autopilot_analysis.readers.device.enrollment import ALREADY_ENROLLED, OWNED_BY
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import RENAME

OWN_WITHIN = timedelta(hours=4)
"""An enrolment that is older than this belongs to an earlier deployment."""
CLIENT = r"(?i)\\omadmclient\.exe"
"""The client of device management, which restarts Windows for a policy."""
OWNERS = r"\\(?:enrollments|clouddomainjoin)\\"
RENAMED, UNNAMED = "the new name of the computer", "a policy that no record names"


def _before(trace: Trace, refused: pl.DataFrame) -> pl.DataFrame:
    """Return the refusals with the device's own enrolment shortly before: enrolled_at."""
    marks = trace.marks.filter(pl.col("mark").is_in(["enrolled", "unenrolled"])).drop_nulls("at")
    earlier = marks.select("device", "mark", enrolled_at="at").join(refused, on="device")
    last = earlier.filter(pl.col("enrolled_at") < pl.col("at")).sort("enrolled_at")
    stands = last.unique(ATTEMPT, keep="last", maintain_order=True).filter(pl.col("mark") == "enrolled")
    return stands.filter(pl.col("at") - pl.col("enrolled_at") <= OWN_WITHIN).drop("mark")


def _restarted(trace: Trace, refused: pl.DataFrame) -> pl.DataFrame:
    """Return the first start of Windows between enrolment and refusal: device, attempt, since, boot_at."""
    between = pl.col("boot_at").is_between("enrolled_at", "at")
    starts = refused.join(boots(trace), on="device").filter(between).sort("boot_at")
    first = starts.unique(ATTEMPT, keep="first", maintain_order=True)
    return first.select(*ATTEMPT, "boot_at", "at", since="enrolled_at")


def _up_to(rows: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Return what happened between the enrolment and the start, under the attempt of the refusal."""
    spans = starts.select(*ATTEMPT, "since", "boot_at")
    dated = rows.drop("attempt", strict=False).join(spans, on="device", maintain_order="left")
    return dated.filter(pl.col("at").is_between("since", "boot_at")).drop("since", "boot_at")


def _of_others(tables: Tables) -> pl.DataFrame:
    """Return the devices whose registry holds an enrolment or a join of another user or another service."""
    names = registry(tables, OWNERS, "^(?:upn|useremail)$").filter(pl.col("value").str.contains("@"))
    users = names.group_by("device").agg(n=pl.col("value").str.to_lowercase().n_unique())
    kept = registry(tables, AN_ENROLMENT, rf"^(?:providerid|{'|'.join(OWNED_BY)})$").with_columns(
        name=pl.col("name").str.to_lowercase()
    )
    real = kept.filter(pl.col("name") != "providerid", pl.col("value") != "").select("device", "key").unique()
    services = kept.filter(pl.col("name") == "providerid", ~pl.col("value").is_in(["", INTUNE]))
    others = services.join(real, on=["device", "key"], how="semi")
    return pl.concat([users.filter(pl.col("n") > 1).select("device"), others.select("device")]).unique()


@rule("MDM-ENROLLED-BEFORE-RESTART", needs="failed=mdm_enrollment; step=boot", limits={"within": OWN_WITHIN})
def met_its_own_enrollment(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Enrolments turned away as one too many because a policy's restart made OOBE begin anew."""
    failures = failed_runs(trace, ["mdm_enrollment"]).filter(pl.col("code") == ALREADY_ENROLLED)
    refused = _before(trace, failures.join(_of_others(tables), on="device", how="anti"))
    starts = _restarted(trace, refused)
    if starts.is_empty():
        return no_proof()
    asked = _up_to(marks_in(trace, [REBOOT_REQUIRED_BY_POLICY]), starts)
    restarts = events_of(tables, ["user32:1074"]).filter(pl.col("detail").str.contains(CLIENT))
    by_client = _up_to(in_attempts(restarts, trace), starts)
    renames = trace.steps.filter(pl.col("kind") == RENAME).select(*RECORD, "at", "detail")
    renamed = _up_to(renames, starts.with_columns(boot_at="at"))
    by_policy = pl.concat([asked.select(ATTEMPT), by_client.select(ATTEMPT)]).unique()
    named = starts.join(by_policy, on=ATTEMPT).join(named_policies(asked), on=ATTEMPT, how="left")
    of_name = named.join(
        renamed.select(ATTEMPT).unique().with_columns(name=pl.lit(RENAMED)), on=ATTEMPT, how="left"
    )
    items = of_name.select(*ATTEMPT, item=pl.coalesce("item", "name", pl.lit(UNNAMED)))
    parts = [asked, by_client, renamed, refused]
    kept = [part.drop("code", strict=False).join(items, on=ATTEMPT, maintain_order="left") for part in parts]
    return all_proofs([proof(part, item=pl.col("item")) for part in kept])
