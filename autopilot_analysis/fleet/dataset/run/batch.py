"""Small exports traced together: what each call of the engine costs is then shared, not the results.

A capture of a few kilobytes takes some two thousand calls of polars to trace and search, each of them nearly
as fast for sixteen captures as for one. Exports whose devices differ are therefore joined, traced once and
divided again; every row is the one it would be alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from autopilot_analysis.findings import find
from autopilot_analysis.fleet.deployments.build import build_deployments
from autopilot_analysis.readers.formats import OF_FLEETS
from autopilot_analysis.tables import Tables
from autopilot_analysis.trace import build_trace

MEMBERS = ("member", "started_member", "ended_member")
"""Columns that name a member: the same names stand in every capture, so they are told apart while joined."""

Frames = dict[str, pl.DataFrame]


@dataclass
class _Group:
    """Exports of which no two tell of one device."""

    numbers: list[int] = field(default_factory=list)
    devices: set[str] = field(default_factory=set)


def tell_together(exports: Sequence[Tables]) -> list[Frames]:
    """Return trace, findings and deployments of each export, as if each had been traced alone.

    Args:
        exports: What `read_tables` returned for each.
    """
    stories: list[Frames] = [{}] * len(exports)
    for group in _groups(exports):
        if len(group.numbers) == 1:
            stories[group.numbers[0]] = _tell(exports[group.numbers[0]])
            continue
        frames = _tell(_joined([exports[number] for number in group.numbers]))
        for place, number in enumerate(group.numbers):
            stories[number] = _part(frames, place, exports[number])
    return stories


def _tell(tables: Tables) -> Frames:
    trace = build_trace(tables)
    found = find(tables, trace)
    return {**trace.frames(), **found.frames(), "deployments": build_deployments(tables, trace)}


def _groups(exports: Sequence[Tables]) -> list[_Group]:
    """Divide exports into groups that can be joined: no device twice, and fleet exports by themselves."""
    alone: list[_Group] = []
    groups: list[_Group] = []
    for number, tables in enumerate(exports):
        devices = _devices(tables)
        if any(getattr(tables, name).height for name in OF_FLEETS):
            alone.append(_Group([number], devices))
            continue
        group = next((group for group in groups if group.devices.isdisjoint(devices)), None)
        if group is None:
            group = _Group()
            groups.append(group)
        group.numbers.append(number)
        group.devices |= devices
    return groups + alone


def _devices(tables: Tables) -> set[str]:
    return {*tables.members["device"], *tables.devices["device"], *tables.gaps["device"]}


def _joined(exports: Sequence[Tables]) -> Tables:
    """Return the rows of every export, the place of the export before the name of each member."""
    every = [tables.frames() for tables in exports]
    return Tables.of(
        {
            name: pl.concat([_marked(frames[name], place) for place, frames in enumerate(every)])
            for name in every[0]
        }
    )


def _marked(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    if "member" not in frame.columns:
        return frame
    return frame.with_columns(member=pl.lit(_mark(place)) + pl.col("member"))


def _mark(place: int) -> str:
    return f"{place}/"


def _part(frames: Frames, place: int, tables: Tables) -> Frames:
    """Return the rows of one export, its members called as before."""
    whose = pl.col("device").is_in(sorted(_devices(tables)))
    part = {name: _unmarked(frame.filter(whose), place) for name, frame in frames.items()}
    return part | _renumbered(part["findings"], part["evidence"])


def _unmarked(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    """Return the rows with members called as in their export, in columns and where a detail names one."""
    cut = len(_mark(place))
    columns = [pl.col(column).str.slice(cut) for column in MEMBERS if column in frame.columns]
    if frame.schema.get("detail") == pl.String:
        named = pl.col("detail").str.replace_all(f'"member": "{_mark(place)}', '"member": "', literal=True)
        columns.append(named)
    return frame.with_columns(columns)


def _renumbered(findings: pl.DataFrame, evidence: pl.DataFrame) -> Frames:
    """Count the findings of one export from 1, and let their evidence follow."""
    old = findings["id"]
    new = pl.Series(range(1, len(old) + 1), dtype=old.dtype)
    return {
        "findings": findings.with_columns(id=new),
        "evidence": evidence.with_columns(pl.col("finding").replace_strict(old, new, return_dtype=old.dtype)),
    }
