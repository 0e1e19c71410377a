"""What happened on a device: marks, stage runs, attempts, installs."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from autopilot_analysis.clock.provenance import CLOCKS
from autopilot_analysis.tables.outcomes import CACHED
from autopilot_analysis.tables.personal import personal
from autopilot_analysis.wording import words

STAGES = [
    "network",
    "profile_download",
    "user_authentication",
    "entra_join",
    "mdm_enrollment",
    "device_preparation",
    "device_setup",
    "account_setup",
    "desktop",
]
OF_DEVICE, OF_ACCOUNT = "device", "account"
"""The values of `phase`: the part of the status page that waits for an item."""
STAGE_OF_PHASE = {OF_DEVICE: "device_setup", OF_ACCOUNT: "account_setup"}
"""Phase of an item -> the stage that waits for it."""
PHASES = list(STAGE_OF_PHASE.values())
"""Stages that the status page waits in, by items."""
ON_THE_PAGE = ("device_preparation", *PHASES)
"""Stages whose time the page, and reports, measure."""
OF_THE_DEVICE = ["device_preparation", "device_setup"]
"""Those of them that ran before anybody signed in."""
SELF_DEPLOYING, PRE_PROVISIONING = "self_deploying", "pre_provisioning"
PRE_PROVISIONING_TECHNICIAN = "pre_provisioning_technician"
"""Scenarios that several modules ask for: without a user, for a later one, the technician's part of that."""
UNATTRIBUTED = "unattributed"
"""What stands in the place of a stage, or of what a phase waited for, for time that nothing accounts for."""
AS_SYSTEM, AS_USER = "system", "user"
"""Accounts that an installer or a script runs as: the values of `context`."""
CONTINUED, TRIED_AGAIN, RESET = "continued", "tried_again", "reset"
"""What was done once an attempt had failed: the values of `afterwards`."""
OUTCOMES = ["succeeded", "failed", "skipped", "unfinished", "unknown"]
KINDS = [
    "win32",
    "winget",
    "msi",
    "office",
    "modern",
    "script",
    "detection",
    "requirement",
    "remediation",
    "compliance",
    "certificate",
    "policy",
    "network",
]
APPS = ("win32", "winget", "msi", "office", "modern")
"""Kinds of installs that people call apps."""


BOOT, SHUTDOWN, RENAME, CLOCK_STEP, SLEEP = "boot", "shutdown", "rename", "clock_step", "sleep"
STEPS = [
    BOOT,
    SHUTDOWN,
    RENAME,
    CLOCK_STEP,
    SLEEP,
    "agent_start",
    "power_source",
    "battery",
    "disk_space",
]


def in_words(ids: pl.Expr) -> pl.Expr:
    """Return ids of ours (stages, outcomes, scenarios) as words within a sentence.

    Args:
        ids: A column of them, as text or as an Enum.
    """
    return ids.cast(pl.String).map_elements(words, return_dtype=pl.String)


class Mark(dy.Schema):
    """One observed fact about progress."""

    device = dy.String(metadata=personal("device"))
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    clock = dy.Enum(list(CLOCKS))
    mark = dy.String(description="What was seen, a name of facts/stages.csv")
    stage = dy.Enum(STAGES, nullable=True)
    code = dy.String(nullable=True)
    detail = dy.String(nullable=True, metadata=personal("text"))
    member = dy.String()
    record = dy.Int64()


class StageRun(dy.Schema):
    """One stage in one attempt."""

    device = dy.String(metadata=personal("device"))
    attempt = dy.Int64(description="From 1, in order of time")
    stage = dy.Enum(STAGES)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    waited = dy.Duration(nullable=True, description="Null unless both ends were seen")
    outcome = dy.Enum(OUTCOMES)
    code = dy.String(nullable=True)
    started_member = dy.String(nullable=True)
    started_record = dy.Int64(nullable=True)
    ended_member = dy.String(nullable=True)
    ended_record = dy.Int64(nullable=True)


class Attempt(dy.Schema):
    """One run at enrolment."""

    device = dy.String(metadata=personal("device"))
    attempt = dy.Int64()
    scenario = dy.String(nullable=True)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    waited = dy.Duration(nullable=True)
    outcome = dy.Enum(OUTCOMES)
    failed_stage = dy.Enum(STAGES, nullable=True)
    code = dy.String(nullable=True)
    afterwards = dy.Enum(
        [CONTINUED, TRIED_AGAIN, RESET], nullable=True, description="What was done once it had failed"
    )
    begun = dy.Bool(
        nullable=True,
        description="Whether a record shows its beginning; where none does, it began before `started_at`",
    )


class Install(dy.Schema):
    """One try at one item: app, script, policy, certificate or network profile."""

    device = dy.String(metadata=personal("device"))
    attempt = dy.Int64(nullable=True)
    item = dy.String(
        description="The item's id: app GUID, product code, script id, LocURI; 'detection of' an app's GUID"
    )
    name = dy.String(nullable=True)
    kind = dy.Enum(KINDS)
    phase = dy.Enum([OF_DEVICE, OF_ACCOUNT], nullable=True)
    blocking = dy.Bool(nullable=True, description="In the ESP's blocking set; null when nothing tells")
    try_number = dy.Int64(description="From 1")
    downloaded_bytes = dy.Int64(nullable=True)
    download_started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    download_ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    waited = dy.Duration(nullable=True)
    outcome = dy.String(
        description="succeeded, failed, skipped, waiting, never_started, unfinished, not_detected, unknown"
    )
    exit_code = dy.Int64(nullable=True)
    code = dy.String(nullable=True)
    member = dy.String()
    record = dy.Int64()
    required_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    detected = dy.Bool(nullable=True, description="What detection said after this try")
    exit_class = dy.String(nullable=True, description="Success, SoftReboot, HardReboot, Retry, Failed")
    reason = dy.String(nullable=True, description="Why it was skipped, waits or failed")
    version = dy.String(nullable=True, description="Of the app or policy, as its log or policy numbers it")
    detection_rule = dy.String(
        nullable=True, description="Digest of the rule that finds the app: another one, another rule"
    )
    context = dy.String(nullable=True, description=f"The account it runs as: {AS_SYSTEM} or {AS_USER}")
    detected_before = dy.Bool(nullable=True, description="What detection found before this try")
    detected_after = dy.Bool(nullable=True, description="What detection found after it")
    next_retry_at = dy.Datetime(
        time_zone="UTC", time_unit="us", nullable=True, description="When the agent's retry lock ends"
    )
    detail = dy.String(
        nullable=True,
        metadata=personal("text"),
        description="Output, peers and cache bytes, and the like, as JSON",
    )
    clock = dy.Enum(list(CLOCKS))
    download_outcome = dy.Enum(
        ["succeeded", "failed", "unfinished", CACHED],
        nullable=True,
        description=f"Of the download alone; {CACHED}: its content lay on the device; null: none is known",
    )
    download_code = dy.String(nullable=True, description="Why the download failed, like 0x80D02002")
    download_size = dy.Int64(nullable=True, description="Bytes there were to download")
    peer_bytes = dy.Int64(nullable=True, description="Bytes that came from other devices")
    cache_bytes = dy.Int64(nullable=True, description="Bytes that came from a Connected Cache server")
    cdn_bytes = dy.Int64(nullable=True, description="Bytes that came from the service's own servers")
    download_rate = dy.Float64(nullable=True, description="Bytes a second while it downloaded")
    stalls = dy.Int64(nullable=True, description="How often its download stood still")
    cause = dy.String(
        nullable=True,
        metadata=personal("text"),
        description="The line of the installer's own log that explains its end",
    )
    cause_member = dy.String(nullable=True, description="Member that holds that line")
    cause_record = dy.Int64(nullable=True, description="Its line in it")
    stalled = dy.Duration(nullable=True, description="How long no byte came, over all its stalls")


class Screen(dy.Schema):
    """One sitting of a person before one page of OOBE, or one step of OOBE that ran unseen."""

    device = dy.String(metadata=personal("device"))
    attempt = dy.Int64(nullable=True)
    sitting = dy.Int64(description="From 1: one run of OOBE, from a start of the device to the next")
    screen = dy.String(description="Microsoft's id of the page")
    title = dy.String(description="The page in plain words, facts/screens.csv; its id where nobody knows it")
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    visible_at = dy.Datetime(
        time_zone="UTC", time_unit="us", nullable=True, description="Null when it ran unseen"
    )
    ended_at = dy.Datetime(
        time_zone="UTC",
        time_unit="us",
        nullable=True,
        description="Null when it was open as the device restarted or the capture was made",
    )
    waited = dy.Duration(nullable=True, description="From at to ended_at")
    result = dy.String(nullable=True, description="As the page gave it back; fail is no error by itself")
    error = dy.String(nullable=True, metadata=personal("text"), description="What its error page was for")
    code = dy.String(nullable=True)
    choices = dy.String(nullable=True, description="What was pressed, in order, each once")
    clock = dy.Enum(list(CLOCKS))
    member = dy.String()
    record = dy.Int64()
    error_at = dy.Datetime(
        time_zone="UTC", time_unit="us", nullable=True, description="When its error page came up"
    )
    error_waited = dy.Duration(nullable=True, description="How long its error page stood there")


class TlsCheck(dy.Schema):
    """One check of a server's certificate while a TLS connection was made."""

    device = dy.String(metadata=personal("device"))
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    clock = dy.Enum(list(CLOCKS))
    host = dy.String(nullable=True, metadata=personal("host"), description="The server that was asked for")
    process = dy.String(nullable=True, description="The program that asked")
    chain = dy.String(nullable=True, description="Subjects of the chain, the server first, the root last")
    root = dy.String(nullable=True, description="Subject of its root: a private one intercepts")
    code = dy.String(nullable=True, description="Why the check failed; null when it passed")
    member = dy.String()
    record = dy.Int64()


class Step(dy.Schema):
    """One change of the device that frames everything else: a start, a rename, a clock step, its power."""

    device = dy.String(metadata=personal("device"))
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    kind = dy.Enum(STEPS)
    detail = dy.String(nullable=True, metadata=personal("text"))
    amount = dy.Duration(
        nullable=True, description="Of a clock step: new time minus old; of a sleep: how long"
    )
    member = dy.String()
    record = dy.Int64()
