"""Installs as the agent's logs tell them: apps, scripts, remediations, and what never began."""

from __future__ import annotations

import json

import polars as pl

from autopilot_analysis.trace.app_stream import app_stream, number_tries
from autopilot_analysis.trace.installs_apps import CUT_OFF, build_skips, build_tries, build_waits
from autopilot_analysis.trace.installs_rows import no_rows, to_rows
from autopilot_analysis.trace.installs_scripts import build_remediations, build_scripts
from autopilot_analysis.trace.messages import find_messages
from autopilot_analysis.trace.stream import order_messages

_KEYS = ["device", "item"]


def read_installs_from_log(log_lines: pl.DataFrame) -> pl.DataFrame:
    """Return every try that the agent's logs show, in the columns of tables.Install.

    Args:
        log_lines: Records of any logs of any number of devices, the columns of tables.LogLine.
    """
    messages = find_messages(log_lines)
    if messages.is_empty():
        return no_rows()
    ordered = order_messages(messages)
    rows = [to_rows(frame) for frame in (_apps(ordered), build_scripts(ordered), build_remediations(ordered))]
    return pl.concat(rows)


def _apps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of Win32 and WinGet apps."""
    stream = number_tries(app_stream(ordered))
    tries, waits = _cut_off(build_tries(stream), ordered), build_waits(stream)
    begun = pl.concat([tries.select(_KEYS), waits.select(_KEYS)]).unique()
    skips = build_skips(stream, begun)
    wanted = _wanted(ordered)
    never = _never(wanted, pl.concat([begun, skips.select(_KEYS)]), ordered)
    rows = pl.concat([tries, waits, skips, never], how="diagonal_relaxed").sort("turn")
    facts = wanted.group_by(_KEYS).agg(
        required_at=pl.col("at").filter("required").min(),
        name=pl.col("name").drop_nulls().last(),
        blocking=pl.col("blocking").any(),
        packaged=pl.col("packaged").any(),
        links=pl.col("links").drop_nulls().last(),
    )
    name = pl.col("name").drop_nulls().last().str.strip_chars(" '\"")
    names = (
        ordered.filter(pl.col("id").is_not_null())
        .group_by(device="device", item=pl.col("id").str.to_lowercase())
        .agg(
            named=name,
            store=pl.col("pattern").is_in(["winget_app", "winget_execution", "winget_progress"]).any(),
        )
    )
    packaged = (
        pl.col("packaged").fill_null(False)
        | pl.col("store").fill_null(False)
        | pl.col("item").str.starts_with("package of")
    )
    return (
        rows.join(facts, on=_KEYS, how="left", maintain_order="left")
        .join(names, on=_KEYS, how="left", maintain_order="left")
        .with_columns(
            name=pl.coalesce("name", "named"),
            kind=pl.when(packaged).then(pl.lit("winget")).otherwise(pl.lit("win32")),
            phase="page",
            blocking=pl.when(pl.col("blocking")).then(True),
            try_number=pl.int_range(pl.len()).over(_KEYS) + 1,
        )
        .pipe(_with_links)
    )


def _cut_off(tries: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Say of tries that were cut off what ended their pass, where it was the agent's own end or start."""
    ends = ordered.filter(pl.col("role").is_in(["restart", "stop"])).select(
        "device", passage=pl.col("passage") - 1, by=pl.concat_str(pl.lit("cut off: "), "reason")
    )
    told = tries.join(ends, on=["device", "passage"], how="left", maintain_order="left")
    cut = pl.col("reason") == CUT_OFF
    return told.with_columns(reason=pl.when(cut).then(pl.coalesce("by", "reason")).otherwise("reason"))


def _wanted(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each time the log says that an app is wanted, and whether the page waits for it."""
    page = ordered.filter(pl.col("role") == "esp").with_columns(
        item=pl.col("id").str.to_lowercase(), blocking=pl.lit(True), required=pl.lit(True)
    )
    planned = ordered.filter(pl.col("role") == "planned", pl.col("state") == "RequiredInstall").with_columns(
        item=pl.col("id").str.to_lowercase(), name=pl.lit(None, pl.String), required=pl.lit(True)
    )
    listed = [
        _listed(row)
        for row in ordered.filter(pl.col("role").is_in(["policies", "esp_list"])).iter_rows(named=True)
    ]
    apps = [app for row in listed for app in row]
    asked = pl.DataFrame(
        apps,
        schema={
            "device": pl.String,
            "item": pl.String,
            "name": pl.String,
            "at": pl.Datetime("us", "UTC"),
            "member": pl.String,
            "record": pl.Int64,
            "turn": pl.UInt32,
            "page": pl.String,
            "blocking": pl.Boolean,
            "packaged": pl.Boolean,
            "required": pl.Boolean,
            "excluded": pl.Boolean,
            "links": pl.String,
        },
    )
    told = [
        frame.select(name for name in asked.columns if name in frame.columns) for frame in (page, planned)
    ]
    return pl.concat([*told, asked], how="diagonal_relaxed")


def _listed(row: dict[str, object]) -> list[dict[str, object]]:
    """Return the apps that one line lists: the agent's policies as JSON, or the page's apps as ids."""
    here = {name: row[name] for name in ("device", "at", "member", "record", "turn", "page")}
    payload = str(row["payload"] or "")
    if row["role"] == "esp_list":
        ids = pl.Series([payload]).str.extract_all(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")[0]
        return [here | {"item": found.lower(), "blocking": True, "required": True} for found in ids]
    return [here | _policy(app) for app in _decoded(payload) if isinstance(app, dict) and app.get("Id")]


def _decoded(payload: str) -> list[object]:
    for text in (payload, payload.replace('""', '"')):
        try:
            apps = json.loads(text)
        except ValueError:
            continue
        return apps if isinstance(apps, list) else []
    return []


def _policy(app: dict[str, object]) -> dict[str, object]:
    """Return what the agent's policy says of one app; `links` are its dependencies and supersedences."""
    links = app.get("FlatDependencies")
    told = [_link(link) for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    filtered = app.get(_FILTERED, app.get(_FILTERED.replace("Assginment", "Assignment")))
    return {
        "item": str(app["Id"]).lower(),
        "name": app.get("Name") if isinstance(app.get("Name"), str) else None,
        "blocking": None,
        "packaged": bool(app.get("InstallerData")),
        "required": app.get("Intent") == _REQUIRED,
        "excluded": filtered == _EXCLUDED,
        "links": json.dumps(told) if told else None,
    }


_REQUIRED = 3
"""The agent's number for the intent to install an app that is required."""

_NOT_AUTOMATIC, _DEPENDENCY = "2", "dependency not set to install by itself"
"""The agent's report of an app whose absent dependency may only be looked for (IntuneScriptLab: findings)."""

_FILTERED, _EXCLUDED = "AppApplicabilityStateDueToAssginmentFilters", 1010
"""The agent's own spelling, and the state of an app that an assignment filter leaves out."""


def _link(link: dict[str, object]) -> dict[str, object]:
    """Return one dependency or supersedence as the agent writes it, its action left a number."""
    names = {"AppId": "app", "ChildId": "child", "Action": "action", "Type": "type", "Level": "level"}
    return {short: link[name] for name, short in names.items() if name in link}


def _with_links(rows: pl.DataFrame) -> pl.DataFrame:
    """Put what an app depends on or supersedes into its detail."""
    merged = [
        json.dumps({**json.loads(detail or "{}"), "links": json.loads(links)}, ensure_ascii=False)
        if links
        else detail
        for detail, links in rows.select("detail", "links").iter_rows()
    ]
    return rows.with_columns(detail=pl.Series(merged, dtype=pl.String))


def _never(wanted: pl.DataFrame, begun: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each app that is wanted but neither tried, nor skipped, nor held back."""
    stopped = (
        ordered.filter(pl.col("role") == "restart_stop")
        .group_by("device")
        .agg(reason=pl.lit("waits for a restart"))
    )
    held = (
        ordered.filter(pl.col("role") == "report")
        .group_by("device", item=pl.col("id").str.to_lowercase(), maintain_order=True)
        .agg(why=pl.col("payload").str.extract(r'"+ConflictReason"+: ?(\d+)').last())
        .with_columns(why=pl.when(pl.col("why") == _NOT_AUTOMATIC).then(pl.lit(_DEPENDENCY)))
    )
    clocks = ordered.select("device", "member", "record", "clock").unique(["device", "member", "record"])
    done = (
        ordered.filter(pl.col("role") == "esp")
        .group_by("device", item=pl.col("id").str.to_lowercase())
        .agg(last=pl.col("state").last().str.to_lowercase())
    )
    completed = pl.col("last").is_in(["3", "completed"])
    failed = pl.col("last").is_in(["4", "error"])
    return (
        wanted.filter("required")
        .with_columns(excluded=pl.col("excluded").any().over(_KEYS))
        .join(begun, on=_KEYS, how="anti")
        .sort("turn")
        .unique(_KEYS, keep="first", maintain_order=True)
        .join(stopped, on="device", how="left", maintain_order="left")
        .join(held, on=_KEYS, how="left", maintain_order="left")
        .join(done, on=_KEYS, how="left", maintain_order="left")
        .join(clocks, on=["device", "member", "record"], how="left", maintain_order="left")
        .with_columns(
            outcome=pl.when("excluded")
            .then(pl.lit("skipped"))
            .when(completed)
            .then(pl.lit("succeeded"))
            .when(failed)
            .then(pl.lit("failed"))
            .when(pl.col("last").is_in(["2", "inprogress"]))
            .then(pl.lit("unfinished"))
            .otherwise(pl.lit("never_started")),
        )
        .with_columns(
            reason=pl.when("excluded")
            .then(pl.lit("excluded by an assignment filter"))
            .when(pl.col("outcome") == "never_started")
            .then(pl.coalesce("why", "reason"))
            .otherwise(pl.lit("only the status page's own list tells")),
        )
        .select("device", "item", "member", "record", "clock", "turn", "page", "outcome", "reason")
    )
