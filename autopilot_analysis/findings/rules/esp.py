"""The Enrollment Status Page: what it waited for, and what stopped it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs, marks_in
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

PHASES = ["device_setup", "account_setup"]
NOT_DETECTED = "0x87D1041C"
SIDECAR = r"(?i)\\enrollmentstatustracking\\(?:device|s-1-[0-9-]+)\\setup\\apps\\policyproviders\\([^\\]+)$"


@rule("ESP-TIMEOUT")
def timed_out(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Phases that the status page's timer ended."""
    ended = failed_runs(trace, PHASES).select("device", "attempt", "member", "record")
    return proof(
        marks_in(trace, ["esp_timed_out"]).join(
            ended, on=["device", "attempt", "member", "record"], how="semi"
        )
    )


def _blamed(trace: Trace, outcomes: list[str]) -> pl.DataFrame:
    """Installs that ended badly in an attempt whose status page failed; device first, no later success."""
    ended = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    good = trace.installs.filter(pl.col("outcome") == "succeeded").select(
        "device", "item", good_at="ended_at"
    )
    good = good.group_by("device", "item").agg(pl.col("good_at").max())
    bad = (
        trace.installs.filter(pl.col("outcome").is_in(outcomes), pl.col("blocking").fill_null(value=True))
        .join(good, on=["device", "item"], how="left")
        .filter(pl.col("good_at").is_null() | (pl.col("ended_at") > pl.col("good_at")))
    )
    known = bad.join(ended.select("device", "attempt").unique(), on=["device", "attempt"], how="semi")
    return known.with_columns(at=pl.coalesce("ended_at", "started_at"))


def _quote() -> pl.Expr:
    why = pl.concat_str(
        pl.lit("outcome "),
        "outcome",
        pl.lit(", exit code "),
        pl.col("exit_code").cast(pl.String).fill_null("unknown"),
    )
    return pl.concat_str(
        why,
        pl.when(pl.col("reason").is_not_null())
        .then(pl.concat_str(pl.lit(": "), "reason"))
        .otherwise(pl.lit("")),
    )


@rule("ESP-APP-NOT-DETECTED")
def installed_yet_not_detected(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Apps whose installer succeeded, whose detection rule then did not find them, and the page failed."""
    blamed = _blamed(trace, ["not_detected", "failed"]).filter(
        (pl.col("outcome") == "not_detected") | (pl.col("code") == NOT_DETECTED)
    )
    return proof(blamed.with_columns(code=pl.lit(NOT_DETECTED)), _quote(), pl.coalesce("name", "item"))


@rule("ESP-APP-FAILED")
def app_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Apps whose installer failed in an attempt whose status page failed."""
    blamed = _blamed(trace, ["failed"]).filter((pl.col("code") != NOT_DETECTED).fill_null(value=True))
    return proof(blamed, _quote(), pl.coalesce("name", "item"))


@rule("ESP-APP-HUNG")
def app_hung(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Apps that were still installing when the status page's timer ended."""
    timed = marks_in(trace, ["esp_timed_out"]).select("device", "attempt").unique()
    hung = _blamed(trace, ["unfinished", "waiting"]).join(timed, on=["device", "attempt"], how="semi")
    return proof(hung, _quote(), pl.coalesce("name", "item"))


@rule("ESP-APPS-FAILED")
def apps_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Phases that the status page ended because an app failed."""
    ended = failed_runs(trace, PHASES).select("device", "attempt", "member", "record")
    failing = marks_in(trace, ["esp_apps_failed", "esp_failed"])
    return proof(failing.join(ended, on=["device", "attempt", "member", "record"], how="semi"))


@rule("ESP-PROVIDER-STALLED")
def provider_stalled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose status page waits for a policy provider that never named its apps."""
    stopped = (
        trace.attempts.filter(pl.col("outcome").is_in(["failed", "unfinished"])).select("device").unique()
    )
    created = tables.registry_values.filter(
        pl.col("name").str.to_lowercase() == "trackingpoliciescreated", pl.col("value") == "0"
    ).with_columns(provider=pl.col("key").str.extract(SIDECAR))
    stalled = created.filter(pl.col("provider").is_not_null()).join(stopped, on="device", how="semi")
    return proof(stalled, pl.concat_str("name", pl.lit(" = "), "value"), pl.col("provider"))


@rule("ESP-REBOOT")
def rebooted_by_policy(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Restarts inside the status page after a policy had asked for one."""
    phase = trace.stage_runs.filter(pl.col("stage").is_in(PHASES)).select(
        "device", "attempt", "started_at", until=pl.col("ended_at")
    )
    boots = trace.steps.filter(pl.col("kind") == "boot").select("device", boot_at="at")
    rebooted = phase.join(boots, on="device").filter(
        pl.col("boot_at") > pl.col("started_at"), pl.col("boot_at") < pl.col("until")
    )
    asked = marks_in(trace, ["reboot_required_by_policy"]).join(rebooted, on=["device", "attempt"])
    return proof(asked.filter(pl.col("at") >= pl.col("started_at"), pl.col("at") <= pl.col("boot_at")))
