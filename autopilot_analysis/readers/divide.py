"""A pile of texts that several devices wrote -> a capture for each device, before anything is told of one.

Somebody collects the output of a command from many devices into one folder. Texts are of one device where
they share its id at Entra or its name; a name that Windows chose is none, as setup replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import msgspec
import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.captured import Capture
from autopilot_analysis.readers.formats import OF_FLEETS

BY_HAND = (".txt", ".csv")
"""How files end that somebody saves; a collector brings others, and its capture is of one device."""
BEGINS = "azureadjoined"
"""The first field of an output of dsregcmd /status."""
NAMES = ("device name", "host name")
"""Fields by which a command shows the name of the device on which it ran."""
ID = "deviceid"
"""The field that shows the device's id at Entra."""


class _Unit(msgspec.Struct):
    """A text, or one of the outputs of a command in it: its rows by table, and whose it is."""

    member: str
    rows: dict[str, list[pl.DataFrame]] = msgspec.field(default_factory=dict)
    names: set[str] = msgspec.field(default_factory=set)
    ids: set[str] = msgspec.field(default_factory=set)


def divide(captures: Mapping[str, Capture]) -> dict[str, Capture]:
    """Return captures of which each is of one device, as far as their texts show whose they are.

    Args:
        captures: What was read, under the path of what it lay in.
    """
    divided: dict[str, Capture] = {}
    for path, capture in captures.items():
        divided.update(_divided(path, capture))
    return divided


def _divided(path: str, capture: Capture) -> dict[str, Capture]:
    of_devices = {name: pieces for name, pieces in capture.rows.items() if name not in OF_FLEETS}
    members = {str(piece["member"][0]) for pieces in of_devices.values() for piece in pieces}
    if capture.pages or not members or not all(one.lower().endswith(BY_HAND) for one in members):
        return {path: capture}
    units = _units(of_devices)
    owned = _owners([unit for unit in units if unit.names or unit.ids])
    if len(owned) < 2:
        return {path: capture}
    left: list[_Unit] = []
    for unit in (one for one in units if not one.names and not one.ids):
        owner = _owner_of_file(unit.member, owned)
        (owned[owner] if owner else left).append(unit)
    owner_of = {unit.member: name for name, mine in reversed(owned.items()) for unit in reversed(mine)}
    parts = {name: Capture() for name in owned}
    rest = Capture()
    for name, mine in {**owned, "": left}.items():
        part = parts.get(name, rest)
        for unit in mine:
            for table, pieces in unit.rows.items():
                part.rows[table] += pieces
    for table in OF_FLEETS:
        rest.rows[table] = capture.rows[table]
    for row in capture.members:
        theirs = [parts[name] for name, mine in owned.items() if any(unit.member == row[0] for unit in mine)]
        for part in theirs or [rest]:
            part.members.append(row)
    for gap in capture.gaps:
        parts.get(owner_of.get(gap[0] or "", ""), rest).gaps.append(gap)
    before = f"{path}/" if path else ""
    named = {f"{before}{name}": part for name, part in parts.items()}
    return {**named, path: rest} if rest.members or rest.gaps else named


def _units(tables: Mapping[str, list[pl.DataFrame]]) -> list[_Unit]:
    """Return the texts, those apart that hold the outputs of a command on several devices."""
    units: dict[tuple[str, int], _Unit] = {}
    for table, pieces in tables.items():
        for piece in pieces:
            member = str(piece["member"][0])
            for number, rows in _outputs(piece) if table == "properties" else [(0, piece)]:
                unit = units.setdefault((member, number), _Unit(member))
                unit.rows.setdefault(table, []).append(rows)
                if table == "properties":
                    unit.names |= _names(_values(rows, *NAMES))
                    unit.ids |= {one.lower() for one in _values(rows, ID)}
                elif table == "events":
                    unit.names |= _names(rows["computer"].drop_nulls().unique().to_list())
    return list(units.values())


def _outputs(rows: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    """Return the rows of a text, numbered by output where it holds those of several devices."""
    if len(_names(_values(rows, *NAMES))) < 2:
        return [(0, rows)]
    begins = (pl.col("name").str.to_lowercase() == BEGINS).cast(pl.Int64).cum_sum()
    numbered = rows.sort("record", maintain_order=True).with_columns(_output=(begins - 1).clip(0))
    groups = numbered.partition_by("_output", maintain_order=True, include_key=True)
    return [(int(group["_output"][0]), group.drop("_output")) for group in groups]


def _values(rows: pl.DataFrame, *names: str) -> list[str]:
    asked = rows.filter(pl.col("name").str.to_lowercase().str.strip_chars().is_in(names))
    return asked["value"].drop_nulls().to_list()


def _names(written: list[str]) -> set[str]:
    """Return names of computers in lower case without their domain, less those that Windows chose."""
    short = {name.strip().lower().partition(".")[0] for name in written}
    return {name for name in short if name and not _chosen().fullmatch(name)}


@cache
def _chosen() -> re.Pattern[str]:
    """Return the shape of the names that Windows chooses."""
    return re.compile(read_facts("identifier_shapes").filter(shape="host")["pattern"][0])


def _owners(units: list[_Unit]) -> dict[str, list[_Unit]]:
    """Return the texts of each device under its name: those that share a name or an id."""
    devices: list[list[_Unit]] = []
    for unit in units:
        own = unit.names | unit.ids
        same = [mine for mine in devices if any(own & (one.names | one.ids) for one in mine)]
        devices = [mine for mine in devices if mine not in same]
        devices.append([*(one for mine in same for one in mine), unit])
    return {_called(mine): mine for mine in devices}


def _called(units: list[_Unit]) -> str:
    names = sorted(name for unit in units for name in unit.names)
    return names[0] if names else min(one for unit in units for one in unit.ids)


def _owner_of_file(member: str, owned: Mapping[str, list[_Unit]]) -> str:
    """Return the one device whose name stands in the name of a file that tells of none, else nothing."""
    words = set(re.split(r"[^a-z0-9-]+", member.lower()))
    found = [name for name, mine in owned.items() if any(unit.names & words for unit in mine)]
    return found[0] if len(found) == 1 else ""
