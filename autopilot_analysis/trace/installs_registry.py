r"""What the registry says about items: the agent's own state, the status page's lists, the CSPs' results.

Each reader returns claims: one row an item and place, with the outcome it states. A claim is a state at
collection, not a try; `installs` lets it finish or add a try, `conflicts` sets it beside the log.
"""

from __future__ import annotations

import json

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.trace.installs_rows import hex_code

CLAIM: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "item": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "phase": pl.String,
    "blocking": pl.Boolean,
    "outcome": pl.String,
    "reason": pl.String,
    "code": pl.String,
    "exit_code": pl.Int64,
    "required_at": pl.Datetime("us", "UTC"),
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
    "place": pl.String,
    "said": pl.String,
    "member": pl.String,
    "record": pl.Int64,
}
"""Columns of a claim; `place` names the registry area, `said` is the value as it stands there."""

_GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NOBODY = "00000000-0000-0000-0000-000000000000"
_LISTS = {
    "expectedpolicies": "policy",
    "expectednetworkprofiles": "network",
    "expectedmsiapppackages": "msi",
    "expectedmodernapppackages": "modern",
    "expectedpfxcerts": "certificate",
    "expectedscepcerts": "certificate",
    "expectedcertificateprofiles": "certificate",
}
_SEPARATOR = "\uf000"


def read_registry_claims(registry_values: pl.DataFrame) -> pl.DataFrame:
    """Return what the registry states about each item, the columns of `CLAIM`.

    Args:
        registry_values: The columns of tables.RegistryValue.
    """
    interesting = [
        "\\win32apps\\",
        "enrollmentstatustracking",
        "\\firstsync",
        "espwin32apps",
        "esptrackingwin32apps",
        "statusservicereports",
        "intunemanagementextension\\policies",
        "enterprisedesktopappmanagement",
        "officecsp",
    ]
    low = registry_values.with_columns(
        path=pl.col("key").str.to_lowercase(), label=pl.col("name").str.to_lowercase()
    )
    low = low.filter(pl.col("path").str.contains_any(interesting))
    readers = (
        _agent_state,
        _tracked,
        _registered,
        _reported,
        _scripts,
        _packages,
        _office,
        _stamped,
        _expected,
        _workloads,
    )
    claims = [_as_claims(reader(low)) for reader in readers]
    return pl.concat([pl.DataFrame(schema=CLAIM), *claims])


def _as_claims(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        (pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name))
        for name, kind in CLAIM.items()
    )


def _scaled(rows: pl.DataFrame, scale: str) -> pl.DataFrame:
    """Add outcome and reason from a scale of facts/install_states.csv; an unlisted number stays unknown."""
    facts = read_facts("install_states").filter(pl.col("scale") == scale)
    facts = facts.select(plain=pl.col("value").str.to_lowercase(), outcome="outcome", reason="reason")
    plain = pl.col("said").str.to_lowercase()
    joined = (
        rows.with_columns(plain=plain)
        .join(facts, on="plain", how="left", maintain_order="left")
        .drop("plain")
    )
    return joined.with_columns(outcome=pl.col("outcome").fill_null("unknown"))


def _phase_of(user: pl.Expr) -> pl.Expr:
    return pl.when(user.is_in([_NOBODY, "device"])).then(pl.lit("device")).otherwise(pl.lit("account"))


def _agent_state(low: pl.DataFrame) -> pl.DataFrame:
    """Read Win32Apps: the agent's enforcement and compliance state for each app and user."""
    path = rf"\\win32apps\\({_GUID})\\({_GUID})_(\d+)(?:\\[a-z]+)?$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("2").is_not_null())
    )
    keys = ["device", "member", "1", "2", "3"]
    state = pl.col("value").filter(pl.col("label") == "enforcementstatemessage").first()
    exit_text = pl.col("value").filter(pl.col("label") == "exitcode").first()
    apps = rows.group_by(keys, maintain_order=True).agg(
        pl.col("record").first(), state=state, exit_code=exit_text.cast(pl.Int64, strict=False)
    )
    apps = apps.with_columns(
        said=pl.col("state").str.extract(r'"+EnforcementState"+ ?: ?"*(-?\d+)'),
        code=hex_code(pl.col("state").str.extract(r'"+ErrorCode"+ ?: ?"*(-?\d+)')),
    ).filter(pl.col("said").is_not_null())
    latest = apps.sort(pl.col("3").cast(pl.Int64), maintain_order=True).unique(
        ["device", "member", "1", "2"], keep="last", maintain_order=True
    )
    return (
        _scaled(latest, "enforcement")
        .with_columns(item="2", kind=pl.lit("win32"), phase=_phase_of(pl.col("1")), place=pl.lit("Win32Apps"))
        .with_columns(
            exit_code=_signed(pl.col("exit_code")),
            code=pl.when(pl.col("outcome") != "succeeded").then("code"),
        )
    )


def _signed(number: pl.Expr) -> pl.Expr:
    return pl.when(number >= 2**31).then(number - 2**32).otherwise(number)


def _tracked(low: pl.DataFrame) -> pl.DataFrame:
    """Read EnrollmentStatusTracking: the apps the status page waits for."""
    app = rf"\\setup\\apps\\tracking\\sidecar\\win32app_({_GUID})_?\d*$"
    path = r"\\enrollmentstatustracking\\(device|s-1-[0-9-]+)" + app
    rows = low.filter(pl.col("label") == "installationstate").with_columns(
        parts=pl.col("path").str.extract_groups(path), said="value"
    )
    rows = rows.unnest("parts").filter(pl.col("2").is_not_null())
    return _scaled(rows, "esp_app").with_columns(
        item="2",
        name=pl.lit(None, pl.String),
        kind=pl.lit("win32"),
        phase=_phase_of(pl.col("1")),
        blocking=pl.lit(True),
        place=pl.lit("EnrollmentStatusTracking"),
    )


def _registered(low: pl.DataFrame) -> pl.DataFrame:
    """Read EspTrackingWin32Apps: what the agent registered with the status page."""
    path = rf"\\esptrackingwin32apps\\({_GUID})\\({_GUID})_\d+$"
    rows = low.with_columns(parts=pl.col("path").str.extract_groups(path), said="value").unnest("parts")
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
    path = rf"\\statusservicereports\\({_GUID})\\({_GUID})$"
    rows = low.filter(pl.col("label") == "status").with_columns(
        parts=pl.col("path").str.extract_groups(path), said="value"
    )
    rows = rows.unnest("parts").filter(pl.col("2").is_not_null())
    skipped = pl.col("said").str.contains(r"^2\d{3}$")
    return _scaled(rows, "status_service").with_columns(
        item="2",
        name=pl.lit(None, pl.String),
        kind=pl.lit("win32"),
        phase=_phase_of(pl.col("1")),
        outcome=pl.when(skipped).then(pl.lit("skipped")).otherwise("outcome"),
        place=pl.lit("StatusServiceReports"),
    )


def _scripts(low: pl.DataFrame) -> pl.DataFrame:
    """Read Policies: the results of platform scripts."""
    path = rf"intunemanagementextension\\policies\\({_GUID})\\({_GUID})$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("2").is_not_null())
    )
    keys = ["device", "member", "1", "2"]
    told = rows.group_by(keys, maintain_order=True).agg(
        pl.col("record").first(),
        said=_named("result"),
        code=_named("errorcode"),
        when=_named("lastupdatedtimeutc"),
    )
    return _scaled(told.filter(pl.col("said").is_not_null()), "script_result").with_columns(
        item="2",
        kind=pl.lit("script"),
        phase=pl.lit(None, pl.String),
        code=hex_code(pl.col("code")),
        ended_at=_instant(pl.col("when")),
        place=pl.lit("Policies"),
    )


def _named(label: str) -> pl.Expr:
    return pl.col("value").filter(pl.col("label") == label).first()


def _instant(text: pl.Expr) -> pl.Expr:
    """Return ISO or US-style UTC text as an instant, null where it is neither."""
    formats = ("%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
    return pl.coalesce(
        text.str.to_datetime(f, time_unit="us", strict=False) for f in formats
    ).dt.replace_time_zone("UTC")


def _packages(low: pl.DataFrame) -> pl.DataFrame:
    """Read EnterpriseDesktopAppManagement: line-of-business MSI packages and the agent's own MSI."""
    path = r"enterprisedesktopappmanagement\\(s-[0-9-]+)\\msi\\([^\\]+)$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("2").is_not_null())
    )
    told = rows.group_by("device", "member", "1", "2", maintain_order=True).agg(
        pl.col("record").first(),
        said=_named("status"),
        code=_named("lasterror"),
        url=_named("currentdownloadurl"),
    )
    file = pl.col("url").str.extract(r"(?i)([^/\\?]+\.msi)")
    user = pl.col("1").str.starts_with("s-1-")
    return _scaled(told.filter(pl.col("said").is_not_null()), "csp").with_columns(
        item="2",
        name=file,
        kind=pl.lit("msi"),
        code=hex_code(pl.col("code")),
        phase=pl.when(user).then(pl.lit("account")).otherwise(pl.lit("device")),
        place=pl.lit("EnterpriseDesktopAppManagement"),
    )


def _office(low: pl.DataFrame) -> pl.DataFrame:
    """Read OfficeCSP: Microsoft 365 Apps."""
    rows = low.with_columns(item=pl.col("path").str.extract(r"officecsp\\([^\\]+)$")).filter(
        pl.col("item").is_not_null()
    )
    told = rows.group_by("device", "member", "item", maintain_order=True).agg(
        pl.col("record").first(), said=pl.coalesce(_named("finalstatus"), _named("status"))
    )
    return _scaled(told.filter(pl.col("said").is_not_null()), "csp").with_columns(
        kind=pl.lit("office"), name=pl.lit("Microsoft 365 Apps"), place=pl.lit("OfficeCSP")
    )


def _stamped(low: pl.DataFrame) -> pl.DataFrame:
    """Read ESPTrackingInfo: a stamped series of 0 and 1 for each expected item; the first 1 is its end."""
    path = r"esptrackinginfo\\diagnostics\\(?:(s-[0-9-]+)\\)?(expected[a-z]+)\\([^\\]+)$"
    rows = low.with_columns(parts=pl.col("path").str.extract_groups(path)).unnest("parts")
    rows = rows.filter(
        pl.col("2").is_in(list(_LISTS)),
        pl.col("label") != "lastloggedstate",
        pl.col("value").is_in(["0", "1"]),
    )
    rows = rows.with_columns(stamp=_instant(pl.col("3").str.to_uppercase())).sort(
        "stamp", "3", nulls_last=True
    )
    told = rows.group_by("device", "member", "1", "2", "name", maintain_order=True).agg(
        pl.col("record").last(),
        said=pl.col("value").max(),
        required_at=pl.col("stamp").min(),
        ended_at=pl.col("stamp").filter(pl.col("value") == "1").min(),
    )
    return _listed(_scaled(told, "expected"), "ESPTrackingInfo")


def _expected(low: pl.DataFrame) -> pl.DataFrame:
    """Read FirstSync: the lists of items the status page was told to expect."""
    rows = low.filter(pl.col("path").str.ends_with("\\firstsync"), pl.col("label").is_in(list(_LISTS)))
    told = rows.with_columns(name=pl.col("value").str.split(_SEPARATOR)).explode("name")
    told = told.with_columns(
        name=pl.col("name").str.extract(r"^([^;]+)"), said=pl.lit(None, pl.String)
    ).drop_nulls("name")
    told = told.rename({"label": "2"}).with_columns(
        pl.lit(None, pl.String).alias("1"), outcome=pl.lit(None, pl.String)
    )
    return _listed(told, "FirstSync")


def _listed(rows: pl.DataFrame, place: str) -> pl.DataFrame:
    """Turn LocURIs into items: product codes, package family names, or the LocURI itself."""
    segments = pl.col("name").str.replace(r"^\./", "").str.split("/")
    kind = pl.col("2").replace_strict(_LISTS, default=None, return_dtype=pl.String)
    code = (
        pl.col("name")
        .str.extract(r"(?i)/MSI/([^/]+)")
        .str.replace_all("%7B", "{", literal=True)
        .str.replace_all("%7D", "}", literal=True)
    )
    office = pl.col("name").str.extract(r"(?i)Vendor/MSFT/Office/Installation/([^/]+)")
    family = segments.list.get(6, null_on_oob=True)
    user = pl.col("1").is_not_null() | pl.col("name").str.to_lowercase().str.starts_with("./user/")
    return rows.with_columns(
        item=pl.when(kind == "msi")
        .then(pl.coalesce(office, code, "name"))
        .when(kind == "modern")
        .then(pl.coalesce(family, "name"))
        .otherwise("name")
        .str.strip_chars(),
        kind=pl.when(office.is_not_null()).then(pl.lit("office")).otherwise(kind),
        name=pl.when(kind == "modern").then(family),
        phase=pl.when(user).then(pl.lit("account")).otherwise(pl.lit("device")),
        blocking=pl.lit(True),
        place=pl.lit(place),
    ).with_columns(
        item=pl.when(pl.col("kind").is_in(["msi", "office"]))
        .then(pl.col("item").str.to_lowercase())
        .otherwise("item")
    )


def _workloads(low: pl.DataFrame) -> pl.DataFrame:
    """Read ProvisioningProgress: the workloads of device preparation, with their ends."""
    rows = low.filter(pl.col("label") == "provisioningprogress", pl.col("value").is_not_null())
    found = [work for row in rows.iter_rows(named=True) for work in _decoded(row)]
    schema = {
        "device": pl.String,
        "item": pl.String,
        "name": pl.String,
        "said": pl.String,
        "code": pl.String,
        "began": pl.Int64,
        "done": pl.Int64,
        "member": pl.String,
        "record": pl.Int64,
        "script": pl.Boolean,
    }
    frame = pl.DataFrame(found, schema=schema)
    return _scaled(frame, "device_preparation").with_columns(
        kind=pl.when("script").then(pl.lit("script")).otherwise(pl.lit("win32")),
        phase=pl.lit("device"),
        blocking=pl.lit(True),
        code=hex_code(pl.col("code")),
        started_at=pl.from_epoch("began", "ms").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
        ended_at=pl.from_epoch("done", "ms").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
        place=pl.lit("ProvisioningProgress"),
    )


def _decoded(row: dict[str, object]) -> list[dict[str, object]]:
    try:
        told = json.loads(str(row["value"]))
    except ValueError:
        return []
    works = told.get("Workloads") if isinstance(told, dict) else None
    here = {name: row[name] for name in ("device", "member", "record")}
    return [here | _work(work) for work in works or [] if isinstance(work, dict) and work.get("WorkloadId")]


def _work(work: dict[str, object]) -> dict[str, object]:
    name = work.get("FriendlyName")
    return {
        "item": str(work["WorkloadId"]).lower(),
        "name": str(name) if name else None,
        "said": str(work.get("WorkloadState")),
        "code": str(work.get("ErrorCode")),
        "began": _milliseconds(work.get("StartTime")),
        "done": _milliseconds(work.get("EndTime")),
        "script": "script" in str(work.get("WorkloadType", "")).lower(),
    }


def _milliseconds(text: object) -> int | None:
    """Return the milliseconds of "/Date(1700000000000)/"; a date before 1980 says that there is none."""
    digits = "".join(
        sign
        for sign in str(text or "").partition("(")[2].partition(")")[0].partition("+")[0]
        if sign.isdigit()
    )
    number = int(digits[:15]) if digits else 0
    return number if number > 315_532_800_000 else None
