"""Apps that the agent's log says are wanted, and what its policies say of each."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.patterns import late
from autopilot_analysis.tables.story import AS_SYSTEM, AS_USER

_KEYS = ["device", "item"]
_DUE = {"required": pl.lit(True), "planned": pl.lit(True)}
"""What a line says that takes an app up: its policy alone says only that it is required."""


def read_wanted(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each time the log says that an app is wanted, and whether the page waits for it."""
    page = ordered.filter(pl.col("role") == "esp").with_columns(
        item=pl.col("id").str.to_lowercase(),
        blocking=pl.lit(True),
        required=pl.lit(True),
        planned=pl.lit(True),
    )
    planned = ordered.filter(pl.col("role") == "planned", pl.col("state") == "RequiredInstall").with_columns(
        item=pl.col("id").str.to_lowercase(),
        name=pl.lit(None, pl.String),
        required=pl.lit(True),
        planned=pl.lit(True),
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
            "planned": pl.Boolean,
            "excluded": pl.Boolean,
            "offered": pl.Boolean,
            "links": pl.String,
            "version": pl.String,
            "context": pl.String,
            "products": pl.List(pl.String),
            "logs": pl.List(pl.String),
            "command": pl.String,
            "detection_rule": pl.String,
        },
    )
    parts = [
        frame.select(name for name in asked.columns if name in frame.columns) for frame in (page, planned)
    ]
    return pl.concat([*parts, asked], how="diagonal_relaxed")


def _listed(row: dict[str, object]) -> list[dict[str, object]]:
    """Return the apps that one line lists: the agent's policies as JSON, or the page's apps as ids."""
    here = {name: row[name] for name in ("device", "at", "member", "record", "turn", "page")}
    payload = str(row["payload"] or "")
    if row["role"] == "esp_list":
        ids = pl.Series([payload]).str.extract_all(GUID)[0]
        return [
            here | {"item": found.lower(), "blocking": True, "required": True, "planned": True}
            for found in ids
        ]
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
    parsed = [_link(link) for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    filtered = app.get(_FILTERED, app.get(_FILTERED.replace("Assginment", "Assignment")))
    name, version, command = (app.get(key) for key in ("Name", "Version", "InstallCommandLine"))
    intent, rule = app.get("Intent"), app.get("DetectionRule")
    return {
        "item": str(app["Id"]).lower(),
        "name": name if isinstance(name, str) else None,
        "blocking": None,
        "packaged": bool(app.get("InstallerData")),
        "required": intent == _REQUIRED,
        "excluded": filtered == _EXCLUDED,
        "offered": intent == _OFFERED,
        "links": json.dumps(parsed) if parsed else None,
        "version": None if version is None else str(version),
        "context": _CONTEXTS.get(_inner(app.get("InstallEx")).get("RunAs")),
        "products": _found(_PRODUCT, rule, command),
        "logs": _found(_LOG, command),
        "command": _bare(command),
        "detection_rule": _digest(rule),
    }


DIGEST = 8
"""Digits by which one detection rule is told from another."""


def _digest(rule: object) -> str | None:
    """Return a short digest of a detection rule, however its JSON is spaced; None without one."""
    try:
        plain = json.loads(rule) if isinstance(rule, str) else rule
    except ValueError:
        plain = rule
    if not plain:
        return None
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:DIGEST]


_PRODUCT = late(rf"\{{{GUID}\}}")
_LOG = late(r"(?i)/l[a-z*+!]*\s+\"?([^\s\"][^\"]{0,260}?\.(?:log|txt))\b")
"""Where a command of msiexec writes its log. The command itself is not kept: it may hold secrets."""


_PROGRAM = late(r"(?i)^\s*\"?([\w .-]{1,60}\.exe)\"?\s*$")
"""A command that is the name of a program and nothing more, neither a switch nor a folder."""


def _bare(command: object) -> str | None:
    """Return the program of a command without any switch; a command with more is not kept."""
    alone = _PROGRAM.match(command) if isinstance(command, str) else None
    return alone[1] if alone else None


def _found(pattern: re.Pattern[str], *texts: object) -> list[str] | None:
    """Return what a pattern finds in the texts of a policy, each once, in order; None where it is nothing."""
    found = dict.fromkeys(one for text in texts if isinstance(text, str) for one in pattern.findall(text))
    return list(found) or None


_CONTEXTS: dict[object, str] = {0: AS_USER, 1: AS_SYSTEM}
"""The agent's numbers for the account an installer runs as."""


def _inner(text: object) -> dict[str, object]:
    """Return a JSON object that a policy holds as text, empty where it is none."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


_REQUIRED, _OFFERED = 3, 1
"""The agent's numbers for the intent of an app that is required, and of one that a user may ask for."""

_FILTERED, _EXCLUDED = "AppApplicabilityStateDueToAssginmentFilters", 1010
"""The agent's own spelling, and the state of an app that an assignment filter leaves out."""


def _link(link: dict[str, object]) -> dict[str, object]:
    """Return one dependency or supersedence as the agent writes it, its action left a number."""
    names = {"AppId": "app", "ChildId": "child", "Action": "action", "Type": "type", "Level": "level"}
    return {short: link[name] for name, short in names.items() if name in link}
