r"""What the registry says about packages, Office, expected items and the workloads of device preparation."""

from __future__ import annotations

import json
import re

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.tables.story import OF_ACCOUNT, OF_DEVICE
from autopilot_analysis.trace.installs.registry.claims import named, of_filetime, scaled, to_instant

_LISTS = {
    "expectedpolicies": "policy",
    "expectednetworkprofiles": "network",
    "expectedmsiapppackages": "msi",
    "expectedmodernapppackages": "modern",
    "expectedpfxcerts": "certificate",
    "expectedscepcerts": "certificate",
    "expectedcertificateprofiles": "certificate",
}
_PENDING, _AT_WORK, _FAILED = "997", "50", "60"
"""What Office's own setup leaves while it runs (ERROR_IO_PENDING), and the states of the CSP for that and
for a setup that failed."""
_SEPARATOR = "\uf000"
_DATE = re.compile(r"\((-?\d{1,15})(?!\d)")


def read_packages(low: pl.DataFrame) -> pl.DataFrame:
    """Read EnterpriseDesktopAppManagement: line-of-business MSI packages and the agent's own MSI.

    A package was asked for when its key was created; the last of its tries began when enforcement did.
    """
    path = r"enterprisedesktopappmanagement\\(s-[0-9-]+)\\msi\\([^\\]+)$"
    rows = (
        low.with_columns(parts=pl.col("path").str.extract_groups(path))
        .unnest("parts")
        .filter(pl.col("2").is_not_null())
    )
    listed = rows.group_by("device", "member", "1", "2", maintain_order=True).agg(
        pl.col("record").first(),
        written=named("status"),
        code=named("lasterror"),
        url=named("currentdownloadurl"),
        version=named("productversion"),
        required_at=of_filetime(named("creationtime")),
        started_at=of_filetime(named("enforcementstarttime")),
    )
    file = pl.col("url").str.extract(r"(?i)([^/\\?]+\.msi)")
    user = pl.col("1").str.starts_with("s-1-")
    return scaled(listed.filter(pl.col("written").is_not_null()), "csp").with_columns(
        item="2",
        name=file,
        kind=pl.lit("msi"),
        code=code_of(pl.col("code"), "failure"),
        phase=pl.when(user).then(pl.lit(OF_ACCOUNT)).otherwise(pl.lit(OF_DEVICE)),
        place=pl.lit("EnterpriseDesktopAppManagement"),
    )


def read_office(low: pl.DataFrame) -> pl.DataFrame:
    """Read OfficeCSP: Microsoft 365 Apps; beside a final status, the status is what setup ended with.

    A final status may be the number that setup itself ended with; 997 says that setup is still at work, and
    the status then says at what.
    """
    rows = low.with_columns(item=pl.col("path").str.extract(r"officecsp\\([^\\]+)$")).filter(
        pl.col("item").is_not_null()
    )
    listed = rows.group_by("device", "member", "item", maintain_order=True).agg(
        pl.col("record").first(), status=named("status"), final=named("finalstatus")
    )
    states = read_facts("install_states").filter(pl.col("scale") == "csp")["value"].to_list()
    own = ~pl.col("final").is_in(states)
    at_work = pl.when(pl.col("status").is_in(states)).then("status").otherwise(pl.lit(_AT_WORK))
    written = (
        pl.when(pl.col("final") == _PENDING)
        .then(at_work)
        .when(own & (pl.col("final").cast(pl.Int64, strict=False) > 0))
        .then(pl.lit(_FAILED))
        .otherwise(pl.coalesce("final", "status"))
    )
    ended = pl.when(own).then("final").when(pl.col("final").is_not_null()).then("status")
    listed = listed.with_columns(written=written, ended=ended.cast(pl.Int64, strict=False))
    stated = scaled(listed.filter(pl.col("written").is_not_null()), "csp")
    exit_code = pl.when(pl.col("outcome") == "failed", pl.col("ended") > 0).then("ended")
    return stated.with_columns(
        kind=pl.lit("office"),
        name=pl.lit("Microsoft 365 Apps"),
        place=pl.lit("OfficeCSP"),
        exit_code=exit_code,
        code=code_of(exit_code, "exit"),
    )


def read_stamped(low: pl.DataFrame) -> pl.DataFrame:
    """Read ESPTrackingInfo: a stamped series of 0 and 1 for each expected item; the first 1 is its end."""
    path = r"esptrackinginfo\\diagnostics\\(?:(s-[0-9-]+)\\)?(expected[a-z]+)\\([^\\]+)$"
    rows = low.with_columns(parts=pl.col("path").str.extract_groups(path)).unnest("parts")
    rows = rows.filter(
        pl.col("2").is_in(list(_LISTS)),
        pl.col("label") != "lastloggedstate",
        pl.col("value").is_in(["0", "1"]),
    )
    if rows.is_empty():
        return rows
    rows = rows.with_columns(stamp=to_instant(pl.col("3").str.to_uppercase())).sort(
        "stamp", "3", nulls_last=True
    )
    listed = rows.group_by("device", "member", "1", "2", "name", maintain_order=True).agg(
        pl.col("record").last(),
        written=pl.col("value").max(),
        required_at=pl.col("stamp").min(),
        ended_at=pl.col("stamp").filter(pl.col("value") == "1").min(),
    )
    return _listed(scaled(listed, "expected"), "ESPTrackingInfo")


def read_stamped_apps(low: pl.DataFrame) -> pl.DataFrame:
    """Read ESPTrackingInfo of the agent: a stamped series of states for each app that the page waits for.

    Its last state counts; where that is an end, it ended when the app first stood in it without leaving it.
    """
    path = r"esptrackinginfo\\diagnostics\\(?:(s-[0-9-]+)\\)?sidecar\\([^\\]+)$"
    rows = low.with_columns(parts=pl.col("path").str.extract_groups(path)).unnest("parts")
    rows = rows.filter(pl.col("2").is_not_null())
    if rows.is_empty():
        return rows
    rows = rows.with_columns(
        item=pl.col("label").str.extract(rf"/tracking/sidecar/win32app_({GUID})_?\d*$"),
        user=pl.col("1").is_not_null() | pl.col("label").str.starts_with("./user/"),
        stamp=to_instant(pl.col("2").str.to_uppercase()),
    )
    apps = ["device", "member", "item", "user"]
    dated = rows.drop_nulls(["item", "stamp"]).sort("stamp", maintain_order=True)
    first = pl.col("stamp").min().over(apps)
    entered = pl.col("value").ne_missing(pl.col("value").shift().over(apps))
    changes = dated.with_columns(required_at=first).filter(entered)
    last = changes.unique(apps, keep="last", maintain_order=True)
    listed = scaled(last.rename({"value": "written"}), "esp_app")
    return listed.with_columns(
        name=pl.lit(None, pl.String),
        kind=pl.lit("win32"),
        phase=pl.when("user").then(pl.lit(OF_ACCOUNT)).otherwise(pl.lit(OF_DEVICE)),
        blocking=pl.lit(True),
        ended_at=pl.when(pl.col("outcome").is_in(["succeeded", "failed"])).then("stamp"),
        place=pl.lit("ESPTrackingInfo"),
    )


def read_expected(low: pl.DataFrame) -> pl.DataFrame:
    """Read FirstSync: the lists of items the status page was told to expect."""
    rows = low.filter(pl.col("path").str.ends_with("\\firstsync"), pl.col("label").is_in(list(_LISTS)))
    if rows.is_empty():
        return rows
    listed = rows.with_columns(name=pl.col("value").str.split(_SEPARATOR)).explode("name")
    listed = listed.with_columns(
        name=pl.col("name").str.extract(r"^([^;]+)"), written=pl.lit(None, pl.String)
    ).drop_nulls("name")
    listed = listed.rename({"label": "2"}).with_columns(
        pl.lit(None, pl.String).alias("1"), outcome=pl.lit(None, pl.String)
    )
    return _listed(listed, "FirstSync")


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
    item = (
        pl.when(kind == "msi")
        .then(pl.coalesce(office, code, "name"))
        .when(kind == "modern")
        .then(pl.coalesce(family, "name"))
        .otherwise("name")
    )
    listed = rows.with_columns(
        item=item.str.strip_chars(),
        kind=pl.when(office.is_not_null()).then(pl.lit("office")).otherwise(kind),
        name=pl.when(kind == "modern").then(family),
        phase=pl.when(user).then(pl.lit(OF_ACCOUNT)).otherwise(pl.lit(OF_DEVICE)),
        blocking=pl.lit(True),
        place=pl.lit(place),
    )
    by_code = pl.col("kind").is_in(["msi", "office"])
    return listed.with_columns(
        item=pl.when(by_code).then(pl.col("item").str.to_lowercase()).otherwise("item")
    )


def read_workloads(low: pl.DataFrame) -> pl.DataFrame:
    """Read ProvisioningProgress: the workloads of device preparation, with their ends."""
    rows = low.filter(pl.col("label") == "provisioningprogress", pl.col("value").is_not_null())
    found = [work for row in rows.iter_rows(named=True) for work in _decoded(row)]
    schema = {
        "device": pl.String,
        "item": pl.String,
        "name": pl.String,
        "written": pl.String,
        "code": pl.String,
        "began": pl.Int64,
        "done": pl.Int64,
        "member": pl.String,
        "record": pl.Int64,
        "script": pl.Boolean,
    }
    frame = pl.DataFrame(found, schema=schema)
    began, done = (
        pl.from_epoch(name, "ms").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
        for name in ("began", "done")
    )
    return scaled(frame, "device_preparation").with_columns(
        kind=pl.when("script").then(pl.lit("script")).otherwise(pl.lit("win32")),
        phase=pl.lit(OF_DEVICE),
        blocking=pl.lit(True),
        code=code_of(pl.col("code"), "failure"),
        started_at=began,
        ended_at=done,
        place=pl.lit("ProvisioningProgress"),
    )


def _decoded(row: dict[str, object]) -> list[dict[str, object]]:
    try:
        parsed = json.loads(str(row["value"]))
    except ValueError:
        return []
    works = parsed.get("Workloads") if isinstance(parsed, dict) else None
    here = {name: row[name] for name in ("device", "member", "record")}
    return [here | _work(work) for work in works or [] if isinstance(work, dict) and work.get("WorkloadId")]


def _work(work: dict[str, object]) -> dict[str, object]:
    name = work.get("FriendlyName")
    return {
        "item": str(work["WorkloadId"]).lower(),
        "name": str(name) if name else None,
        "written": str(work.get("WorkloadState")),
        "code": str(work.get("ErrorCode")),
        "began": _milliseconds(work.get("StartTime")),
        "done": _milliseconds(work.get("EndTime")),
        "script": "script" in str(work.get("WorkloadType", "")).lower(),
    }


def _milliseconds(text: object) -> int | None:
    """Return the milliseconds of "/Date(1700000000000)/"; a date before 1980 says that there is none."""
    written = _DATE.search(str(text or ""))
    number = int(written[1]) if written else 0
    return number if number > 315_532_800_000 else None
