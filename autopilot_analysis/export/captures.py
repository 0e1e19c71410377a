r"""Which members belong to one capture, when what was handed in is a pile.

A capture is one visit of a collector to one device. The rules, in order:

1. A folder with a results.xml, or laid out as one (numbered or flattened names), is one capture with all that
   lies below it.
2. A folder with a registry dump or an MDM report is one capture with what lies below it, unless two or more
   archives there hold a dump or report of their own: those are looked at by themselves.
3. Of the rest, each folder at the top is looked at by itself, and so are the files at the top together: loose
   files and exactly one archive are one capture; otherwise each archive is, and the loose files are.

4. Folders of loose files that share no source, with at most one dump or report among them, are parts of one
   capture that somebody unpacked and sorted: two devices would both bring the same sources.

An archive looked at by itself is divided by the same rules. A capture is called by the path of the folder or
archive it fills; the empty string is the export as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

import msgspec

from autopilot_analysis.facts.source_names import (
    COLLECT_RESULTS,
    EVENTS_OTHER,
    MDM_REPORT_HTML,
    MDM_REPORT_XML,
    REGISTRY_DUMP,
)

NUMBERED = re.compile(r"(?:^|/)\d{1,3}/(?:export\.reg|output\.log|events\.evtx)$", re.IGNORECASE)
FLATTENED = re.compile(
    r"(?:^|/)\(\d{1,4}\) (?:RegistryKey|Command|Events|FoldersFiles)\b[^/]*$", re.IGNORECASE
)
REPORTS = frozenset({REGISTRY_DUMP, MDM_REPORT_XML, MDM_REPORT_HTML})

NOBODY_S = frozenset({"unknown", "system_leftover", EVENTS_OTHER, "ime_other", "etl", "etl_oobe"})
"""Sources that tell nothing about whose they are."""


class Placed(msgspec.Struct, frozen=True):
    """One member as this page sees it: its path, the archives it lies in (outermost first), what it is."""

    path: str
    archives: tuple[str, ...]
    source: str


def captures_of(placed: Iterable[Placed]) -> dict[str, str]:
    """Return the capture of each path."""
    members = list(placed)
    found = _divide("", 0, members)
    return dict.fromkeys(found, "") if _parts_of_one(members, found) else found


def _parts_of_one(members: list[Placed], found: dict[str, str]) -> bool:
    """Whether several captures of loose files look like one that was sorted into folders."""
    if any(member.archives for member in members) or len(set(found.values())) < 2:
        return False
    brought = {(found[member.path], member.source) for member in members if member.source not in NOBODY_S}
    reported = {capture for capture, source in brought if source in REPORTS}
    sources = [source for _, source in brought]
    return len(reported) <= 1 and len(sources) == len(set(sources)) and bool(sources)


def _divide(root: str, level: int, members: list[Placed]) -> dict[str, str]:
    """Return the capture of each member below a root that lies `level` archives deep."""
    loose = [member for member in members if len(member.archives) == level]
    certain = {_folder(member.path) for member in loose if member.source == COLLECT_RESULTS}
    certain |= {_folder(_folder(member.path)) for member in loose if NUMBERED.search(member.path)}
    certain |= {_folder(member.path) for member in loose if FLATTENED.search(member.path)}
    reported = {_folder(member.path) for member in loose if member.source in REPORTS}
    groups: defaultdict[str, list[Placed]] = defaultdict(list)
    for member in members:
        anchor = member.path if len(member.archives) == level else member.archives[level]
        groups[_owner(root, _folder(anchor), certain, reported)].append(member)
    found: dict[str, str] = {}
    for owner, held in groups.items():
        found |= dict.fromkeys((member.path for member in held), owner)
        if owner not in certain:
            found |= _apart(level, held, reported=owner in reported)
    return found


def _owner(root: str, folder: str, certain: set[str], reported: set[str]) -> str:
    """Return the folder that a folder's files are looked at with."""
    parts = folder[len(root) :].strip("/").split("/") if folder != root else []
    chain = list(accumulate(parts, lambda above, part: f"{above}/{part}" if above else part, initial=root))
    sure = [step for step in chain if step in certain]
    near = [step for step in chain if step in reported]
    return sure[0] if sure else near[-1] if near else chain[min(1, len(chain) - 1)]


def _apart(level: int, held: list[Placed], *, reported: bool) -> dict[str, str]:
    """Return the captures of those archives of a group that are not of one capture with the rest."""
    inside: defaultdict[str, list[Placed]] = defaultdict(list)
    for member in held:
        if len(member.archives) > level:
            inside[member.archives[level]].append(member)
    if reported:
        inside = defaultdict(list, {k: v for k, v in inside.items() if any(m.source in REPORTS for m in v)})
    divided = [_divide(archive, level + 1, members) for archive, members in inside.items()]
    loose = any(len(member.archives) == level for member in held)
    if len(divided) == 1 and len(set(divided[0].values())) == 1 and loose:
        return {}
    return {path: capture for found in divided for path, capture in found.items()}


def _folder(path: str) -> str:
    """Return the folder a path lies in; the empty string at the top."""
    return path.rpartition("/")[0]
