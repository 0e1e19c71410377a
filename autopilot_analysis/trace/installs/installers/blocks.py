"""Programs of installers that Windows did not let run: blocked by a guard, or for want of a component.

Only records of what was blocked count (facts/blocking_events.csv): those of audits say what would have been.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.patterns import late
from autopilot_analysis.trace.installs.installers.causes import NOT_FITTING, UNSTARTED
from autopilot_analysis.trace.installs.installers.runs import InstallerRun, file_name

APP = late(rf"(?i)\\(?:IMECache|Content\\(?:Incoming|Staging|Staged))\\({GUID})_\d+")
"""The folders in which the agent keeps the content of an app."""
AGENT = late(
    r"(?i)\\(?:AgentExecutor|(?:Microsoft\.Management\.Services\.)?IntuneWindowsAgent|msiexec)\.exe$"
    r"|\\Windows\\Installer\\"
)
"""Programs that work for the agent, and the folder from which Windows Installer runs its own."""
KEY = ["low_provider", "event_id"]
SHAPES = {
    "assembly": late(r'(?i)^[^,"]+,.*\bversion="'),
    "manifest": late(r"(?i)^[a-z]:.*\.(?:manifest|config)$"),
    "program": late(r"(?i)^(?:[a-z]:|\\\\).*\.\w{3}$"),
}
"""What the values of a record without names are: they stand in another place in each of its events."""
SIDE_BY_SIDE = "assembly"
VERSION = late(r'(?i)\bversion="([\d.]+)"')
BITNESS = late(r'(?i)\bprocessorarchitecture="(\w+)"')


def blocking_events(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events by which Windows says that it blocked a program, with what facts know of each.

    Args:
        events: The table `events`.

    Returns:
        The rows of events with rule, guard and the fields that name policy, file and what stands beside it.
    """
    known = read_facts("blocking_events").with_columns(
        pl.col("event_id").cast(pl.Int64), low_provider=pl.col("provider").str.to_lowercase()
    )
    near = events.filter(pl.col("event_id").is_in(known["event_id"].implode()))
    low = near.with_columns(
        pl.col("event_id").cast(pl.Int64), low_provider=pl.col("provider").str.to_lowercase()
    )
    met = low.join(known.drop("provider", "page"), on=KEY, maintain_order="left")
    allowed = pl.any_horizontal(
        (pl.col("never") == never) & pl.col("data").str.contains(never)
        for never in known["never"].drop_nulls().unique()
    )
    return met.filter(~allowed.fill_null(value=False))


def read_blocks(events: pl.DataFrame) -> list[InstallerRun]:
    """Return what was blocked of apps' installers, in the order of events, each as the run of an installer.

    Args:
        events: The table `events`.

    Returns:
        Runs of the family `block`: the app by the agent's folder that file or program lay in; null where a
        program that works for the agent was blocked, or wanted to start what was. Of the family `unstarted`,
        with the exit code of it, what could not start for want of a component; the app null elsewhere.
    """
    dated = blocking_events(events).filter(pl.col("at").is_not_null()).sort("at", maintain_order=True)
    return [run for row in dated.iter_rows(named=True) if (run := _run(row)) is not None]


def fields_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of an event under their names, without blanks and case.

    Args:
        row: Of `events`.
    """
    return dict(_fields(json.loads(row["data"] or "{}")))


def blocked_in(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the file that was blocked, what stands beside it, and by which policy or rule; empty for none.

    Args:
        row: Of `blocking_events`.
    """
    fields = fields_of(row)
    file, beside, policy = (_value(fields, row[name]) for name in ("file", "beside", "policy"))
    return file, beside, policy


def _run(row: dict[str, Any]) -> InstallerRun | None:
    fields = fields_of(row)
    file, beside, policy = blocked_in(row)
    app = next((found[1].lower() for value in fields.values() if (found := APP.search(value))), None)
    of_agent = any(AGENT.search(path) for path in (file, beside))
    unstarted = row["policy"] == SIDE_BY_SIDE
    if not file or (app is None and not of_agent and not unstarted):
        return None
    at: datetime = row["at"].replace(tzinfo=None)
    return InstallerRun(
        device=row["device"], member=row["member"], family=UNSTARTED if unstarted else "block", app=app,
        product=None, name=short_name(file), process=None, began=at, ended=at,
        exit_code=NOT_FITTING if unstarted else None,
        cause=_lacks(row, file, policy, beside) if unstarted else _words(row, file, beside, policy),
        cause_record=row["record"],
    )  # fmt: skip


def _lacks(row: dict[str, Any], file: str, assembly: str, manifest: str) -> str:
    """Return which component, with version, bitness and product, or which manifest ended a program early."""
    name = assembly.partition(",")[0]
    parts = [name, *VERSION.findall(assembly)[:1], *(f"({bits})" for bits in BITNESS.findall(assembly)[:1])]
    known = next((f", {what}," for begins, what in _products() if name.startswith(begins)), "")
    which = f"{' '.join(parts)}{known}" if assembly else short_name(manifest)
    of = " ".join(filter(None, (row["guard"], which)))
    return f"{of} ended {short_name(file)} at its start (SideBySide, event {row['event_id']})"


def _products() -> list[tuple[str, str]]:
    return read_facts("assemblies").select("begins", "product").rows()


def _words(row: dict[str, Any], file: str, beside: str, policy: str) -> str:
    named = _rule_names().get(policy.strip("{}").lower())
    by = f'"{named}" ({policy.lower()})' if named else policy
    what = (
        f"{short_name(file)}, {row['joint']} {short_name(beside)}"
        if beside and row["joint"]
        else short_name(file)
    )
    return f"{' '.join(filter(None, (row['guard'], by)))} blocked {what} (event {row['event_id']})"


def _rule_names() -> dict[str, str]:
    return dict(read_facts("surface_rules").select("id", "name").iter_rows())


def short_name(path: str) -> str:
    """Return the file's own name as it is written, without its folders.

    Args:
        path: Of Windows.
    """
    return path[len(path) - len(file_name(path)) :] or path


def _fields(data: Any) -> Iterator[tuple[str, str]]:
    """Yield each value that has a name, however deep it stands, under its name without blanks and case.

    Of values without names the first of each shape is yielded, under the name of its shape.
    """
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, dict):
            yield from _fields(value)
        elif isinstance(value, list):
            yield from _shaped([str(one) for one in value])
        elif value not in (None, ""):
            yield re.sub(r"[\W_]", "", str(name)).lower(), str(value)


def _shaped(values: list[str]) -> Iterator[tuple[str, str]]:
    left = list(values)
    for name, shape in SHAPES.items():
        if (found := next((value for value in left if shape.search(value)), None)) is not None:
            left.remove(found)
            yield name, found


def _value(fields: dict[str, str], names: str | None) -> str:
    """Return the first value that stands under one of some names, empty where none does."""
    return next((fields[name] for name in (names or "").split() if name in fields), "")
