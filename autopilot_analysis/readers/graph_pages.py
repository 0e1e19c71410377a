"""The pages of one Graph export, each a file, read as the one list they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.fleet_rows import ORIGIN_OF, read_rows
from autopilot_analysis.readers.graph import (
    IN_PAGES,
    by_report,
    flat_page,
    merged,
    properties_of,
    read_kind,
)
from autopilot_analysis.readers.objects import Object, Objects, plain_bytes, read_objects
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.report_columns import rename


@dataclass
class _Page:
    """What one page holds: a table of a known resource, or objects of any kind."""

    objects: Objects
    name: str | None = None
    cells: pl.DataFrame | None = None
    groups: dict[str | None, list[Object]] = field(default_factory=dict)


def read_graph_pages(pages: Mapping[str, bytes]) -> dict[str, Reading | NotThisFormat]:
    """Read every page of one export, in order; what is wrong with one page is its own answer.

    Deployments are told from all pages together, since a retry or the end of the watch may stand on another
    page than the attempt. A link to a next page is a gap only when fewer pages came than the links lead to.

    Args:
        pages: The bytes of each member under its path.

    Returns:
        A reading under each path. Rows told from many pages stand with the first of them.
    """
    found: dict[str, _Page] = {}
    answers: dict[str, Reading | NotThisFormat] = {}
    for member, content in pages.items():
        try:
            found[member] = _opened(content, member)
        except NotThisFormat as error:
            answers[member] = error
    _answer_links(found)
    readings: dict[str, list[Reading]] = {member: [] for member in found}
    _read_tables(found, readings)
    _read_groups(found, readings)
    return {**answers, **{m: merged(r, found[m].objects.unread()) for m, r in readings.items()}}


def _opened(content: bytes, member: str) -> _Page:
    content = plain_bytes(content, member)
    flat = flat_page(content)
    if flat is not None:
        resource, cells, objects = flat
        return _Page(objects, resource, cells)
    objects = read_objects(content, member)
    groups = by_report(objects.rows)
    objects.paged |= not IN_PAGES & groups.keys()
    name = max(groups, key=lambda name: len(groups[name]), default=None)
    return _Page(objects, name, groups=groups)


def _answer_links(found: Mapping[str, _Page]) -> None:
    """Forget the links that other pages of the same resource answer, all but the missing last one."""
    for kind in {page.name for page in found.values()} - {None}:
        pages = [page for page in found.values() if page.name == kind]
        linked = [page for page in pages if page.objects.next_link and not page.objects.cut]
        missing = len(linked) >= len(pages)
        for page in linked[: -1 if missing else None]:
            page.objects.next_link = False
        for page in pages if linked else ():
            page.objects.paged = True


def _read_tables(found: Mapping[str, _Page], readings: Mapping[str, list[Reading]]) -> None:
    """Read flat pages with the same columns as one table."""
    alike: dict[tuple[str | None, ...], list[str]] = {}
    for member, page in found.items():
        if page.cells is not None:
            alike.setdefault((page.name, *page.cells.columns), []).append(member)
    for (name, *_), members in alike.items():
        tables = [cells for member in members if (cells := found[member].cells) is not None]
        report = rename(str(name), pl.concat(tables))
        readings[members[0]].append(read_rows(report))
        for member, cells in zip(members, tables, strict=True):
            if report.unknown:
                readings[member].append(Reading({"properties": properties_of(cells.select(report.unknown))}))


def _read_groups(found: Mapping[str, _Page], readings: Mapping[str, list[Reading]]) -> None:
    """Read objects that are no flat table: deployments of all pages together, others page by page."""
    together: dict[str, list[Object]] = {}
    owners: dict[str, str] = {}
    for member, page in found.items():
        for name, rows in page.groups.items():
            if name in ORIGIN_OF:
                together.setdefault(name, []).extend(rows)
                owners.setdefault(name, member)
            else:
                readings[member].append(read_kind(name, rows))
    for name, rows in together.items():
        readings[owners[name]].append(read_kind(name, rows))
