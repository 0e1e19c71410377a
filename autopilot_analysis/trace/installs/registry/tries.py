r"""What the registry says about items: the agent's own state, the status page's lists, the CSPs' results.

Each reader returns claims: one row an item and place, with the outcome it states. A claim is a state at
collection, not a try; `installs` lets it finish or add a try, `conflicts` sets it beside the log.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts.guids import EMPTY_ID, GUID
from autopilot_analysis.tables.completing import where_distinct
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.installs.registry.claims import as_claims, no_claims, scaled
from autopilot_analysis.trace.installs.registry.lists import (
    read_expected,
    read_office,
    read_packages,
    read_stamped,
    read_stamped_apps,
    read_workloads,
)
from autopilot_analysis.trace.installs.registry.results import (
    read_remediations,
    read_retry_locks,
    read_script_results,
)

_UNMET = "3000"
"""The enforcement state of an app whose requirements are not met."""

PLACES = [
    "\\win32apps\\",
    "enrollmentstatustracking",
    "\\firstsync",
    "espwin32apps",
    "esptrackingwin32apps",
    "statusservicereports",
    "intunemanagementextension\\policies",
    "sidecarpolicies\\scripts",
    "enterprisedesktopappmanagement",
    "officecsp",
]
"""What stands in the keys that tell of items, in lower case; of no other key is anything read."""
STAMPED = "esptrackinginfo"
"""What stands in the keys of series of states, each under the instant at which it was written."""


@once_where_empty
def read_registry_claims(registry_values: pl.DataFrame) -> pl.DataFrame:
    """Return what the registry states about each item, the columns of `CLAIM`.

    Args:
        registry_values: The columns of tables.RegistryValue.
    """
    path = pl.col("key").str.to_lowercase()
    low = where_distinct(registry_values, "key", path.str.contains_any(PLACES)).with_columns(
        path=path, label=pl.col("name").str.to_lowercase()
    )
    if low.is_empty():
        return no_claims()
    parts = [*PLACES, STAMPED]
    there = set(low["path"].unique().str.extract_many(parts, overlapping=True).explode())
    claims = [as_claims(reader(low)) for reader, part in _readers().items() if part is None or part in there]
    return pl.concat([no_claims(), *claims])


def _readers() -> dict[Callable[[pl.DataFrame], pl.DataFrame], str | None]:
    """Return the readers, each with what all keys that it reads hold; None where they hold nothing alike."""
    return {
        _agent_state: "\\win32apps\\",
        _tracked: "enrollmentstatustracking",
        _registered: "esptrackingwin32apps",
        _reported: "statusservicereports",
        read_script_results: "intunemanagementextension\\policies",
        read_remediations: "sidecarpolicies\\scripts",
        read_retry_locks: "\\win32apps\\",
        read_packages: "enterprisedesktopappmanagement",
        read_office: "officecsp",
        read_stamped: STAMPED,
        read_stamped_apps: STAMPED,
        read_expected: "\\firstsync",
        read_workloads: None,
    }


def _phase_of(user: pl.Expr) -> pl.Expr:
    return pl.when(user.is_in([EMPTY_ID, "device"])).then(pl.lit("device")).otherwise(pl.lit("account"))


def _agent_state(low: pl.DataFrame) -> pl.DataFrame:
    """Read Win32Apps: the agent's enforcement and compliance state for each app and user."""
    path = rf"\\win32apps\\({GUID})\\({GUID})_(\d+)(?:\\[a-z]+)?$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("2").is_not_null())
    )
    if rows.is_empty():
        return rows
    keys = ["device", "member", "1", "2", "3"]
    state = pl.col("value").filter(pl.col("label") == "enforcementstatemessage").first()
    fit = pl.col("value").filter(pl.col("label") == "compliancestatemessage").first()
    exit_text = pl.col("value").filter(pl.col("label") == "exitcode").first()
    apps = rows.group_by(keys, maintain_order=True).agg(
        pl.col("record").first(), state=state, fit=fit, exit_code=exit_text.cast(pl.Int64, strict=False)
    )
    apps = apps.with_columns(
        written=pl.col("state").str.extract(r'"+EnforcementState"+ ?: ?"*(-?\d+)'),
        code=code_of(pl.col("state").str.extract(r'"+ErrorCode"+ ?: ?"*(-?\d+)'), "failure"),
        unfit=pl.col("fit").str.extract(r'"+Applicability"+ ?: ?"*(-?\d+)'),
    )
    whole = _with_fitness(apps)
    latest = whole.sort(pl.col("3").cast(pl.Int64, strict=False), maintain_order=True).unique(
        ["device", "member", "1", "2"], keep="last", maintain_order=True
    )
    return latest.with_columns(
        item="2", kind=pl.lit("win32"), phase=_phase_of(pl.col("1")), version="3", place=pl.lit("Win32Apps")
    ).with_columns(
        exit_code=_signed(pl.col("exit_code")),
        code=pl.when(pl.col("outcome") != "succeeded").then("code"),
    )


def _with_fitness(apps: pl.DataFrame) -> pl.DataFrame:
    """Return the apps with outcome and reason; a known requirement that is not met tells why one is skipped.

    Apps without an enforcement state, which were never taken up, are left out unless such a reason is known.
    """
    reasons = scaled(apps.select("record", "member", "device", written="unfit"), "applicability")
    known = reasons["outcome"] == "skipped"
    rows = scaled(apps, "enforcement").with_columns(
        why=pl.when(known).then(pl.concat_str(pl.lit("not applicable: "), reasons["reason"]))
    )
    untouched = pl.col("written").is_null() | (pl.col("written") == _UNMET)
    return rows.filter(pl.col("written").is_not_null() | pl.col("why").is_not_null()).with_columns(
        outcome=pl.when(untouched & pl.col("why").is_not_null()).then(pl.lit("skipped")).otherwise("outcome"),
        reason=pl.when(untouched).then(pl.coalesce("why", "reason")).otherwise("reason"),
    )


def _signed(number: pl.Expr) -> pl.Expr:
    return pl.when(number >= 2**31).then(number - 2**32).otherwise(number)


def _tracked(low: pl.DataFrame) -> pl.DataFrame:
    """Read EnrollmentStatusTracking: the apps the status page waits for."""
    app = rf"\\setup\\apps\\tracking\\sidecar\\win32app_({GUID})_?(\d*)$"
    path = r"\\enrollmentstatustracking\\(device|s-1-[0-9-]+)" + app
    rows = low.filter(pl.col("label") == "installationstate").with_columns(
        parts=pl.col("path").str.extract_groups(path), written="value"
    )
    rows = rows.unnest("parts").filter(pl.col("2").is_not_null()).with_columns(phase=_phase_of(pl.col("1")))
    if rows.is_empty():
        return rows
    rows = rows.join(_exits(low), on=["device", "member", "2", "phase"], how="left", maintain_order="left")
    return scaled(rows, "esp_app").with_columns(
        item="2",
        name=pl.lit(None, pl.String),
        kind=pl.lit("win32"),
        version=pl.when(pl.col("3") != "").then("3"),
        exit_code=pl.when(pl.col("outcome") == "failed").then("exit_code"),
        blocking=pl.lit(True),
        place=pl.lit("EnrollmentStatusTracking"),
    )


def _exits(low: pl.DataFrame) -> pl.DataFrame:
    """Return the exit code that the agent keeps of an app of which it keeps no enforcement state."""
    path = rf"\\win32apps\\({GUID})\\({GUID})_\d+$"
    keys = ["device", "member", "1", "2"]
    rows = low.with_columns(parts=pl.col("path").str.extract_groups(path)).unnest("parts").drop_nulls("2")
    apps = rows.group_by(keys, maintain_order=True).agg(
        named="label",
        exit_code=pl.col("value").filter(pl.col("label") == "exitcode").first().cast(pl.Int64, strict=False),
    )
    alone = apps.filter(~pl.col("named").list.contains("enforcementstatemessage")).drop_nulls("exit_code")
    own = alone.select(
        "device", "member", "2", phase=_phase_of(pl.col("1")), exit_code=_signed(pl.col("exit_code"))
    )
    return own.unique(["device", "member", "2", "phase"], keep="last", maintain_order=True)


def _registered(low: pl.DataFrame) -> pl.DataFrame:
    """Read EspTrackingWin32Apps: what the agent registered with the status page."""
    path = rf"\\esptrackingwin32apps\\({GUID})\\({GUID})_\d+$"
    rows = low.with_columns(parts=pl.col("path").str.extract_groups(path), written="value").unnest("parts")
    rows = rows.filter(pl.col("2").is_not_null()).unique(["device", "member", "1", "2"], maintain_order=True)
    return rows.with_columns(
        item="2",
        name=pl.lit(None, pl.String),
        kind=pl.lit("win32"),
        phase=_phase_of(pl.col("1")),
        blocking=pl.lit(True),
        place=pl.lit("EspTrackingWin32Apps"),
    )


def _reported(low: pl.DataFrame) -> pl.DataFrame:
    """Read StatusServiceReports: the state the status page shows for each app."""
    path = rf"\\statusservicereports\\({GUID})\\({GUID})$"
    rows = low.filter(pl.col("label") == "status").with_columns(
        parts=pl.col("path").str.extract_groups(path), written="value"
    )
    rows = rows.unnest("parts").filter(pl.col("2").is_not_null())
    if rows.is_empty():
        return rows
    skipped = pl.col("written").str.contains(r"^2\d{3}$")
    return scaled(rows, "status_service").with_columns(
        item="2",
        name=pl.lit(None, pl.String),
        kind=pl.lit("win32"),
        phase=_phase_of(pl.col("1")),
        outcome=pl.when(skipped).then(pl.lit("skipped")).otherwise("outcome"),
        place=pl.lit("StatusServiceReports"),
    )
