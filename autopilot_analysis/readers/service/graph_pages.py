"""The pages of one Graph export, each a file, read as the one list they are; of each its rows are kept."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import polars as pl
from msgspec.structs import replace

from autopilot_analysis.readers.objects.json_objects import Objects, plain_bytes, read_objects
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.service.deployments.deployment_rows import unfinished_rows
from autopilot_analysis.readers.service.deployments.deployment_story import finished
from autopilot_analysis.readers.service.fleet_rows import ORIGIN_OF, read_rows
from autopilot_analysis.readers.service.graph import (
    IN_PAGES,
    OWNER,
    Part,
    by_report,
    flat_page,
    part_of,
    properties_of,
)
from autopilot_analysis.readers.service.report_columns import rename

BATCH_ROWS = 8_192
"""Rows that are told at once: a page costs nearly as many calls of polars as this many rows do."""


def read_graph_json(content: bytes, member: str = "") -> Reading:
    """Read one JSON export of Graph, of the Export API or of Log Analytics.

    Taken are one page (`{"value": […]}`), pages one after another, a bare array, one object, and lines of
    JSON. A next page never fetched, a page cut short and a number of rows that whole pages hold are gaps.
    Properties nobody here knows are kept in the table `properties`.

    Args:
        content: The member's bytes.
        member: Its path, for messages.

    Raises:
        NotThisFormat: A web page, an error message of the service, or no JSON at all.
    """
    pages = GraphPages()
    pages.add(content, member)
    answer = pages.answers()[member]
    if isinstance(answer, Reading):
        return answer
    raise answer


class _Page(msgspec.Struct):
    """What is kept of one page."""

    objects: Objects
    """Without its rows: what the paging says."""
    name: str | None
    readings: list[Reading] = msgspec.field(default_factory=list)
    fault: BaseException | None = None


class _Piece(msgspec.Struct):
    """Deployments of one page, not yet finished."""

    member: str
    unfinished: pl.DataFrame
    policies: pl.DataFrame | None = None


class GraphPages:
    """Reads pages one after another and answers for all of them at the end.

    Deployments are finished over all pages together, since a retry or the end of the watch may stand on
    another page than the attempt. A link to a next page is a gap only when fewer pages came than the links
    lead to.
    """

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}
        self._waiting: list[tuple[str, pl.DataFrame]] = []
        self._pieces: dict[str, list[_Piece]] = {}
        self._unread: dict[str, dict[str, Unread]] = {}

    def add(self, content: bytes, member: str = "") -> None:
        """Read one page.

        Args:
            content: Its bytes.
            member: Its path; each page has its own.

        Raises:
            NotThisFormat: A web page, an error message of the service, or no JSON at all.
        """
        content = plain_bytes(content, member)
        flat = flat_page(content)
        if flat is not None:
            resource, cells, paging = flat
            self._wait(member, _Page(paging, resource), cells)
            return
        objects = read_objects(content, member)
        groups = by_report(objects.rows)
        objects.paged |= not IN_PAGES & groups.keys()
        common = max(groups, key=lambda name: len(groups[name]), default=None)
        parts = [(name, part_of(name, rows)) for name, rows in groups.items()]
        self._tell_waiting()
        page = _Page(replace(objects, rows=[], count=len(objects.rows)), common)
        self._pages[member] = page
        for name, part in parts:
            self._keep(member, page, name, part)

    def answers(self) -> dict[str, Reading | BaseException]:
        """Return a reading for each page, or what no page meant to raise; what was read is given away."""
        self._tell_waiting()
        _answer_links(self._pages.values())
        for pieces in self._pieces.values():
            self._finish(pieces)
        self._pieces.clear()
        for member, unread in self._unread.items():
            self._pages[member].readings.append(Reading(unread=tuple(unread.values())))
        return {
            member: page.fault or _merged(page.readings, page.objects.unread())
            for member, page in self._pages.items()
        }

    def _wait(self, member: str, page: _Page, cells: pl.DataFrame) -> None:
        """Let a flat page wait until enough others with the same columns came."""
        if self._waiting:
            first, columns = self._waiting[0][0], self._waiting[0][1].columns
            if self._pages[first].name != page.name or columns != cells.columns:
                self._tell_waiting()
        self._pages[member] = page
        self._waiting.append((member, cells))
        if sum(waiting.height for _, waiting in self._waiting) >= BATCH_ROWS:
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        """Read the pages that wait as one table or, where one of them defeats that, each by itself."""
        batch, self._waiting = self._waiting, []
        try:
            self._tell(batch)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of native code is no Exception
            if len(batch) == 1:
                self._pages[batch[0][0]].fault = error
                return
            for page in batch:
                self._waiting = [page]
                self._tell_waiting()

    def _tell(self, batch: list[tuple[str, pl.DataFrame]]) -> None:
        """Read flat pages with the same columns as one table, and give each page its rows."""
        if not batch:
            return
        name = str(self._pages[batch[0][0]].name)
        report = rename(name, pl.concat((cells for _, cells in batch), rechunk=True))
        if name in ORIGIN_OF:
            rows, unread = unfinished_rows(report, ORIGIN_OF[name])
            read = Reading({"unfinished": rows}, (*report.unread, *unread))
        else:
            read = read_rows(report)
        self._note(name, batch[0][0], Part(read, headers=report.unread))
        offset = 0
        for member, cells in batch:
            part = {table: rows.slice(offset, cells.height) for table, rows in read.rows.items()}
            if report.unknown:
                part["properties"] = properties_of(report.strangers.slice(offset, cells.height))
            unfinished = part.pop("unfinished", None)
            self._keep(member, self._pages[member], name, Part(Reading(part), unfinished))
            offset += cells.height

    def _keep(self, member: str, page: _Page, name: str | None, part: Part) -> None:
        self._note(str(name), member, part)
        page.readings.append(Reading(part.reading.rows))
        if part.unfinished is not None:
            rows = part.unfinished.with_columns(record=pl.int_range(1, pl.len() + 1))
            self._pieces.setdefault(str(name), []).append(_Piece(member, rows, part.policies))

    def _note(self, name: str, member: str, part: Part) -> None:
        """Add up what could not be read in pages of one resource; the first of them tells it."""
        member = next((each for each, page in self._pages.items() if str(page.name) == name), member)
        noted = self._unread.setdefault(member, {})
        for new in part.reading.unread:
            old = noted.get(new.reason, replace(new, count=None))
            again = new.count is None or new in part.headers
            noted[new.reason] = new if again else replace(new, count=(old.count or 0) + (new.count or 0))

    def _finish(self, pieces: list[_Piece]) -> None:
        """Finish the deployments of all pages and give each page its own."""
        rows = finished(pl.concat((piece.unfinished for piece in pieces), rechunk=True))
        offset = 0
        for piece in pieces:
            own = rows.slice(offset, piece.unfinished.height)
            offset += piece.unfinished.height
            tables = {"deployments": own}
            if piece.policies is not None:
                owners = own.select("device", "deployment")[piece.policies[OWNER]]
                tables["policy_statuses"] = piece.policies.drop(OWNER).with_columns(owners)
            self._pages[piece.member].readings.append(Reading(tables))


def _answer_links(pages: Iterable[_Page]) -> None:
    """Forget the links that other pages of the same resource answer, all but the missing last one."""
    kinds: dict[str, list[_Page]] = {}
    for page in pages:
        if page.name is not None:
            kinds.setdefault(page.name, []).append(page)
    for alike in kinds.values():
        linked = [page for page in alike if page.objects.next_link and not page.objects.cut]
        missing = len(linked) >= len(alike)
        for page in linked[: -1 if missing else None]:
            page.objects.next_link = False
        for page in alike if linked else ():
            page.objects.paged = True


def _merged(readings: Iterable[Reading], unread: tuple[Unread, ...]) -> Reading:
    """Put readings of one page together, tables of one name below each other."""
    tables: dict[str, list[pl.DataFrame]] = {}
    for reading in readings:
        for name, frame in reading.rows.items():
            tables.setdefault(name, []).append(frame)
        unread = (*unread, *reading.unread)
    return Reading({name: pl.concat(frames) for name, frames in tables.items()}, unread)
