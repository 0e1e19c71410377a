"""The key activities of troubleshooting as a checklist: pass, fail or unknown, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.source_names import (
    EVENTS_AUTOPILOT,
    EVENTS_MDM_ADMIN,
    EVENTS_MDM_ENROLLMENT,
    EVENTS_SHELL_CORE,
    EVENTS_USER_DEVICE_REGISTRATION,
    REGISTRY_DUMP,
)
from autopilot_analysis.findings.on_screen import ON_SCREEN, Answered
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.capture import ABSENT, HELD
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.verdict import INFO

CHECKLIST: dict[str, pl.DataType] = {
    "device": pl.String(),
    "activity": pl.String(),
    "result": pl.String(),
    "member": pl.String(),
    "record": pl.Int64(),
    "why": pl.String(),
}


@dataclass(frozen=True)
class Activity:
    """One key activity: what fails it, which stages pass it, and which sources could tell.

    Attributes:
        name: As an analyst says it.
        stages: Stages whose success passes it.
        rules: Beginnings of the rules whose findings above info fail it.
        sources: Sources without any of which nothing can be said.
    """

    name: str
    stages: tuple[str, ...]
    rules: tuple[str, ...]
    sources: tuple[str, ...]


ACTIVITIES = (
    Activity(
        "configuration",
        (),
        (
            "CHECK-",
            "CONFLICT-",
            "MDM-NOT-CONFIGURED",
            "PROFILE-NOT-ASSIGNED",
            "DEVICE-NOT-REGISTERED",
            "DEVICE-IN-OTHER-TENANT",
            "TENANT-MISMATCH",
            "JOINED-IN-OTHER-TENANT",
        ),
        (REGISTRY_DUMP, "dsregcmd", EVENTS_AUTOPILOT),
    ),
    Activity(
        "network", ("network",), ("NETWORK-",), (EVENTS_AUTOPILOT, "events_network_profile", "events_ncsi")
    ),
    Activity(
        "oobe",
        ("profile_download",),
        ("PROFILE-", "CONFIGURATION-FILE", "HARDWARE-", "DEVICE-NOT-REG", "DEVICE-IN-"),
        (EVENTS_AUTOPILOT, "events_provisioning_autopilot"),
    ),
    Activity("expected_screens", (), (), ("etl_oobe", EVENTS_SHELL_CORE)),
    Activity("sign_in_page", (), (), ("etl_oobe", EVENTS_SHELL_CORE)),
    Activity(
        "entra_join",
        ("entra_join",),
        ("ENTRA-", "HYBRID-", "JOIN-", "SIGN-IN", "TENANT-"),
        (EVENTS_USER_DEVICE_REGISTRATION, "dsregcmd"),
    ),
    Activity("mdm_enrollment", ("mdm_enrollment",), ("MDM-",), (EVENTS_MDM_ADMIN, EVENTS_MDM_ENROLLMENT)),
    Activity("collected_logs", (), ("EVIDENCE-",), ()),
)
"""In the order of Microsoft's overview; what it asks of OOBE has three lines."""


def _recorded(tables: Tables, device: str, sources: tuple[str, ...]) -> bool:
    rows = tables.coverage.filter(
        pl.col("device") == device,
        pl.col("source").is_in(sources),
        pl.col("presence").is_in(HELD),
    )
    return not rows.filter(pl.col("records") > 0).is_empty()


def _finding(findings: Findings, device: str, rules: tuple[str, ...]) -> Answered | None:
    """Return a failure when a finding above info belongs to the activity."""
    begins = pl.any_horizontal(pl.col("rule").str.starts_with(start) for start in rules)
    bad = findings.findings.filter(pl.col("device") == device, pl.col("severity") != INFO, begins)
    if bad.is_empty():
        return None
    first = bad.row(0, named=True)
    proof = findings.evidence.filter(pl.col("device") == device, pl.col("rule") == first["rule"])
    member, record = (proof["member"][0], proof["record"][0]) if proof.height else (None, None)
    return "fail", first["title"], member, record


def _run(trace: Trace, device: str, stages: tuple[str, ...]) -> Answered | None:
    """Return pass or fail by how the activity's stage ended last."""
    runs = trace.stage_runs.filter(pl.col("device") == device, pl.col("stage").is_in(stages)).sort("attempt")
    ended = runs.filter(pl.col("outcome").is_in(FINISHED))
    if ended.is_empty():
        return None
    last = ended.row(-1, named=True)
    result = "pass" if last["outcome"] == "succeeded" else "fail"
    why = f"{wording.words(last['stage'])} {wording.words(last['outcome'])} in attempt {last['attempt']}"
    return result, why, last["ended_member"], last["ended_record"]


def _logs(tables: Tables, device: str) -> Answered:
    """Whether the logs that decide are there and whole."""
    mine = tables.members.filter(pl.col("device") == device)
    hurt = mine.filter(pl.col("state") == "damaged")
    if hurt.height:
        return "fail", f"{hurt.height} of {mine.height} members are damaged", hurt["member"][0], None
    read = mine.filter(pl.col("state").is_in(["read", "partial"]))
    if read.is_empty():
        return "fail", "nothing could be read", None, None
    absent = tables.coverage.filter(
        pl.col("device") == device,
        pl.col("presence") == ABSENT,
        pl.col("source").str.starts_with("events_"),
    )
    if not _recorded(tables, device, (EVENTS_AUTOPILOT, EVENTS_MDM_ADMIN, EVENTS_MDM_ENROLLMENT)):
        return "unknown", "neither the Autopilot nor the MDM event log is there", read["member"][0], None
    note = f", {absent.height} event logs absent" if absent.height else ""
    return "pass", f"{read.height} of {mine.height} members read{note}", read["member"][0], None


def _configuration(trace: Trace, device: str) -> Answered | None:
    """A configuration is right when it let the device enrol."""
    return _run(trace, device, ("mdm_enrollment",))


def check_activities(tables: Tables, trace: Trace, findings: Findings) -> pl.DataFrame:
    """Return the checklist of the key activities on each device.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.

    Returns:
        device, activity, result (pass, fail or unknown), member and record of the proof (null when there is
        none) and why. What no source could have shown is unknown, never passed. Page: Microsoft, Windows
        Autopilot troubleshooting overview.
    """
    rows = []
    for device in tables.devices["device"]:  # a few lines a device
        for activity in ACTIVITIES:
            result, why, member, record = _answer(tables, trace, findings, device, activity)
            rows.append((device, activity.name, result, member, record, why))
    return pl.DataFrame(rows, schema=CHECKLIST, orient="row")


def _answer(tables: Tables, trace: Trace, findings: Findings, device: str, activity: Activity) -> Answered:
    if activity.name == "collected_logs":
        return _logs(tables, device)
    if activity.name in ON_SCREEN:
        shown = ON_SCREEN[activity.name](tables, trace, device)
        return shown or _missing(tables, device, activity)
    asked: tuple[Callable[[], Answered | None], ...] = (
        lambda: _ended_well(trace, device, activity),
        lambda: _finding(findings, device, activity.rules),
        lambda: _configuration(trace, device) if activity.name == "configuration" else None,
        lambda: _run(trace, device, activity.stages),
    )
    for ask in asked:
        answer = ask()
        if answer is not None:
            return answer
    return _missing(tables, device, activity)


def _missing(tables: Tables, device: str, activity: Activity) -> Answered:
    if not _recorded(tables, device, activity.sources):
        return "unknown", f"not looked at: none of {', '.join(activity.sources)} is there", None, None
    return "unknown", "no record of it", None, None


def _ended_well(trace: Trace, device: str, activity: Activity) -> Answered | None:
    """A stage that succeeded in the last attempt that reached it passes, whatever failed before."""
    run = _run(trace, device, activity.stages) if activity.stages else None
    return run if run is not None and run[0] == "pass" else None
