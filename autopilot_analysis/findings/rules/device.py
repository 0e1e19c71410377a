"""The device itself: restarts and their cause, sleep, updates, an old build, a lost provider."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.event_lists import RENDERED
from autopilot_analysis.facts.source_names import EVENTS_AUTOPILOT, EVENTS_SHELL_CORE, REGISTRY_DUMP
from autopilot_analysis.findings.looking import (
    events_of,
    failed_devices,
    failed_runs,
    in_attempts,
    properties,
)
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.capture import PRESENT
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.story import SLEEP
from autopilot_analysis.tables.verdict import INFO, WARNING

LONG_SLEEP = timedelta(minutes=5)
OLD_BUILD = 22621
"""Windows 11 22H2 and everything before it is out of support for most editions."""
WINDOWS_10 = 19045
"""The last Windows 10, which extended updates may still reach."""
SHOWS_THE_END = [EVENTS_SHELL_CORE, EVENTS_AUTOPILOT, REGISTRY_DUMP]
"""Sources in which an attempt's end stands: with one of them gone or cut, silence about it means little."""
UPDATE_DONE, UPDATE_FAILED = "wu:19", "wu:20"
UPDATE_NAMES = ["updateGuid", "updateTitle"]
"""Fields of their records that name the update."""
AT_THE_END = r"^.*:\s+(\S.*?)\.?\s*$"
"""Where the message names it, in every language."""
PROCESS = r'(?i)"(?:param1|data|)":\s*\[?"(?:[^"]*\\)?([^"\\]+?\.exe)'


def _inside(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Keep rows that lie between the start and the end of an attempt."""
    ends = trace.attempts.select("device", "attempt", "started_at", "ended_at")
    placed = in_attempts(rows, trace).join(ends, on=["device", "attempt"])
    return placed.filter((pl.col("at") <= pl.col("ended_at")).fill_null(value=True))


def _weighted(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Give rows of failed attempts the severity warning, others info."""
    failed = trace.attempts.filter(pl.col("outcome") == "failed").select(
        "device", "attempt", bad=pl.lit(value=True)
    )
    joined = rows.join(failed, on=["device", "attempt"], how="left", nulls_equal=False)
    return joined.with_columns(
        severity=pl.when(pl.col("bad").fill_null(value=False)).then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    )


@rule("REBOOT-CAUSE", needs="event=user32:1074")
def restart_asked_for(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Restarts inside an attempt, with the process that asked for them."""
    asked = _inside(events_of(tables, ["user32:1074"]), trace)
    process = pl.col("detail").str.replace_all(r"\\\\", "\\").str.extract(PROCESS)
    return proof(_weighted(asked, trace), item=process)


@rule("DEVICE-SLEPT", needs="step=sleep")
def slept(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Long sleep inside an attempt."""
    sleeps = trace.steps.filter(pl.col("kind") == SLEEP, pl.col("amount") >= LONG_SLEEP)
    return proof(_inside(sleeps, trace))


@rule("UPDATE-IN-OOBE", needs="event=wu:19")
def updated(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Windows updates that were installed inside an attempt."""
    return proof(_inside(events_of(tables, [UPDATE_DONE]), trace))


@rule("UPDATE-FAILED-IN-OOBE", needs="event=wu:20")
def update_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Windows updates that failed inside an attempt, and were not installed later."""
    failed = _inside(events_of(tables, [UPDATE_FAILED]), trace).with_columns(update=_update())
    return proof(_weighted(_not_installed_later(failed, tables), trace))


def _update() -> pl.Expr:
    """Return which update a record tells of: its id, its title, or what its message ends with."""
    data = pl.col("data")
    ending = data.str.json_path_match(f"$.{RENDERED}").str.extract(AT_THE_END)
    return pl.coalesce(*(data.str.json_path_match(f"$.{name}") for name in UPDATE_NAMES), ending)


def _not_installed_later(failed: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return failures without those whose very update went well later; undated ones by what they say."""
    if failed["update"].is_null().all():
        return failed
    good = events_of(tables, [UPDATE_DONE]).select(
        "device", update=_update(), good_at="at", good_recorded_at="recorded_at"
    )
    rows = failed.with_row_index("row")
    dated, recorded = pl.col("good_at") > pl.col("at"), pl.col("good_recorded_at") > pl.col("recorded_at")
    mended = rows.join(good, on=["device", "update"]).filter(pl.coalesce(dated, recorded))
    return rows.join(mended, on="row", how="anti", maintain_order="left").drop("row")


@rule("BUILD-OLD")
def old_build(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Builds that Windows Update no longer serves for most editions."""
    number = pl.col("build").str.split(".").list.first().cast(pl.Int64, strict=False)
    old = tables.devices.filter(number <= OLD_BUILD, number != WINDOWS_10).select("device", "build")
    if old.is_empty():
        return no_proof()
    builds = properties(tables, r"^(?:currentbuild(?:number)?|osversion|os version)$")
    return proof(
        builds.join(old, on="device").unique("device", keep="first", maintain_order=True),
        item=pl.col("build"),
    )


@rule("AUTO-LOGON-PASSWORD", needs="registry=defaultpassword")
def password_in_the_registry(tables: Tables, trace: Trace) -> pl.DataFrame:
    """A password for automatic sign-in that stands in the registry in clear text; the value is not quoted."""
    rows = tables.registry_values.filter(
        pl.col("name").str.to_lowercase() == "defaultpassword",
        pl.col("key").str.to_lowercase().str.ends_with(r"\winlogon"),
        pl.col("value").fill_null("") != "",
    )
    return proof(rows, pl.lit("DefaultPassword is set"))


@rule("SECURE-BOOT-OFF", needs="property=secure boot state")
def secure_boot_off(tables: Tables, trace: Trace) -> pl.DataFrame:
    """UEFI devices whose Secure Boot is switched off."""
    return proof(properties(tables, r"^secure boot state$", r"(?i)^off$"))


@rule("STAGE-FAILED", needs="failed")
def some_stage_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Any stage that failed: kept only where no other finding speaks for it."""
    runs = failed_runs(trace, trace.stage_runs["stage"].cast(pl.String).unique().to_list())
    return proof(runs, item=_words("stage"))


def _words(column: str) -> pl.Expr:
    """Return the names of a column in words."""
    return pl.col(column).cast(pl.String).map_elements(wording.words, return_dtype=pl.String)


def _open_apps(trace: Trace) -> pl.DataFrame:
    """Return device, attempt, stage and the names of the apps of that phase that were begun and not ended."""
    begun = pl.col("started_at").is_not_null() | pl.col("download_started_at").is_not_null()
    still = trace.installs.filter(pl.col("outcome") == "unfinished", pl.col("blocking"), begun)
    stage = pl.concat_str(pl.col("phase").cast(pl.String), pl.lit("_setup")).cast(
        trace.stage_runs.schema["stage"], strict=False
    )
    named = still.with_columns(stage=stage, app=CALLED).drop_nulls("stage")
    keys = ["device", "attempt", "stage"]
    return named.group_by(keys).agg(apps=pl.col("app").unique(maintain_order=True).str.join(", "))


@rule("ATTEMPT-UNFINISHED", needs="attempt=unfinished")
def unfinished(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts of which no end was seen; at info where a log that would show the end is absent or cut."""
    open_runs = trace.stage_runs.filter(pl.col("outcome") == "unfinished").join(
        trace.attempts.filter(pl.col("outcome") == "unfinished"), on=["device", "attempt"], how="semi"
    )
    rows = open_runs.select(
        "device", "attempt", "stage", at="started_at", member="started_member", record="started_record"
    )
    there = tables.coverage.filter(pl.col("presence") == PRESENT, pl.col("source").is_in(SHOWS_THE_END))
    held = there.group_by("device").agg(sources=pl.col("source").n_unique())
    whole = pl.col("sources").fill_null(0) == len(SHOWS_THE_END)
    rows = rows.join(held, on="device", how="left").with_columns(
        severity=pl.when(whole).then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    )
    named = _words("stage")
    rows = rows.join(_open_apps(trace), on=["device", "attempt", "stage"], how="left", maintain_order="left")
    left = pl.concat_str(named, pl.lit(", "), pl.col("apps"), pl.lit(f" {wording.NOT_FINISHED}"))
    return proof(
        rows,
        pl.concat_str(named, pl.lit(" began")),
        left.fill_null(named),
    )


@rule("ATTEMPTS-RECOVERED", needs="attempt=succeeded; attempt=failed")
def recovered(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that failed and then succeeded."""
    good = (
        trace.attempts.filter(pl.col("outcome") == "succeeded")
        .group_by("device")
        .agg(last=pl.col("attempt").max())
    )
    runs = failed_runs(trace, trace.stage_runs["stage"].cast(pl.String).unique().to_list())
    ended = runs.join(good, on="device").filter(pl.col("attempt") < pl.col("last"))
    return proof(ended.join(failed_devices(trace), on="device", how="semi").drop("code", "stage"))
