"""CSV of the Export API, of the portal and of Log Analytics -> rows, recognised by the header."""

from __future__ import annotations

import codecs
import csv
import io

import polars as pl

from autopilot_analysis.defaults import WORDS_FILE
from autopilot_analysis.errors import EXPORT_AGAIN, NotThisFormat
from autopilot_analysis.facts.code_pages import code_page_of
from autopilot_analysis.facts.hand_lists import HAND_LIST, SERIAL_DAY, HandList, hand_list
from autopilot_analysis.facts.own_words import REPORT
from autopilot_analysis.facts.report_shapes import DELIMITERS, PREFACES, Proposal, propose
from autopilot_analysis.readers.objects.json_objects import plain_bytes
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.service.cells.no_devices import records_alone
from autopilot_analysis.readers.service.deployments.deployment_rows import TAKEN_AS_MISSING
from autopilot_analysis.readers.service.fleet_rows import ORIGIN_OF
from autopilot_analysis.readers.service.graph import keep_unknown
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.report_columns import named_table, recognise, rename

LOCAL_REASON = (
    "times of a portal CSV are the browser's local time without offset; they are taken as UTC, unless "
    "another export tells of the same attempts"
)

BY_HAND = "it is a list that somebody made"
BY_SHAPE = "its headers are in no language known here"
NOT_UTF8 = "the file is not UTF-8"
READ_ANYHOW = rf"^(?:{BY_HAND}|{BY_SHAPE}|{NOT_UTF8});|{TAKEN_AS_MISSING}$"
"""The reasons of gaps that say how a list was read, and of nothing in it that was not."""

IN_REPORTS = {"succeeded": "Success", "failed": "Failed", "in_progress": "In progress"}
"""How a report writes what the words of a list made by hand come to."""
SECONDS_OF_A_DAY = 86_400
HEADER_BYTES = 65_536
"""Bytes within which the header line ends."""


def read_report_csv(content: bytes, member: str = "") -> Reading:
    """Read one report; JSON of the same reports is read too.

    The delimiter is the one under which the header makes sense, so semicolons and tabs of a re-saved file
    are fine. Headers nobody here knows are named in a gap and their cells kept in the table `properties`. A
    list of deployments in a language nobody here knows is read by the shape of its cells; a gap says which
    column was taken for what, and nothing is taken for how an attempt ended.

    Args:
        content: The member's bytes.
        member: Its path, for messages.

    Raises:
        NotThisFormat: A web page, or a header no known report has.
    """
    marked = content.startswith(
        codecs.BOM_UTF8
    )  # polars passes the mark over: the whole is not copied for it
    content = content if marked else plain_bytes(content, member)
    head = plain_bytes(content[:HEADER_BYTES], member)
    if head[:64].lstrip()[:1] in (b"{", b"["):
        return read_graph_json(content, member)
    if head[:5].decode("latin-1").lower().startswith(PREFACES):
        content = content.partition(b"\n")[2]
    content, long = _utf8(content)
    delimiter, name, proposal = _recognised(content, member)
    if isinstance(proposal, HandList):
        content = b"\n".join(content.removeprefix(codecs.BOM_UTF8).split(b"\n", proposal.above)[-1:])
    try:
        try:
            cells = _read_cells(content, delimiter)
        except pl.exceptions.ComputeError:
            cells = _read_cells(content, delimiter, ragged=True)
            long += (Unread("some rows hold more cells than the header; those beyond it are not read"),)
    except pl.exceptions.PolarsError as error:
        message = str(error).splitlines()[0][:120]
        raise NotThisFormat(
            f"{member or 'this file'} is no readable {name} CSV ({message}); {EXPORT_AGAIN}"
        ) from None
    cut = _cut(content, delimiter, cells)
    cells = cells.rename(lambda header: header.strip())
    cells, none = records_alone(name, cells)
    cells = _as_reports_write(cells, proposal) if isinstance(proposal, HandList) else cells
    columns = proposal.columns if proposal else None
    guessed = isinstance(proposal, Proposal)  # then a column nobody knows may say how each ended
    report = rename(name, cells, columns, extended=name in ORIGIN_OF and not guessed)
    del cells, content  # the report lets go of columns as they are read
    reading = keep_unknown(report)
    unread = (*_taken(proposal), *reading.unread, *none, *long, *cut)
    return Reading(reading.rows, (*unread, *_local(name, reading)))


def _as_reports_write(cells: pl.DataFrame, made: HandList) -> pl.DataFrame:
    """Return a list made by hand with states in the words of a report and units beside numbers."""
    kept = cells.filter(pl.any_horizontal(pl.all().str.strip_chars() != ""))
    kept = kept.select(each for each in kept.columns if each)
    numbers = r"^\s*(\d+(?:[.,]\d+)?)\s*$"
    named = [
        pl.col(header).str.replace(numbers, "${1} " + unit)
        for header, unit in made.units.items()
        if made.columns[header] == "total"
    ]
    states = [
        pl.col(header).str.strip_chars().replace({word: IN_REPORTS[end] for word, end in made.states.items()})
        for header, column in made.columns.items()
        if column == "state"
    ]
    days = [_day(header) for header, column in made.columns.items() if column in ("started_at", "ended_at")]
    return kept.with_columns(*named, *states, *days)


def _day(header: str) -> pl.Expr:
    """Return a column of days, those that a spreadsheet counts written as days."""
    cell = pl.col(header).str.strip_chars()
    counted = cell.str.contains(f"^{SERIAL_DAY}$")
    number = pl.when(counted).then(cell).cast(pl.Float64, strict=False)
    seconds = (number * SECONDS_OF_A_DAY).round().cast(pl.Int64)
    moment = pl.datetime(1899, 12, 30) + pl.duration(seconds=seconds)
    return pl.when(counted).then(moment.dt.strftime("%Y-%m-%d %H:%M:%S")).otherwise(cell).alias(header)


def _taken(proposal: Proposal | HandList | None) -> tuple[Unread, ...]:
    """Say which columns were taken for what by their shape, and what their shape cannot say."""
    if proposal is None:
        return ()
    if isinstance(proposal, HandList):
        reason = f"{BY_HAND}; by its headings {proposal.in_words}"
        return (Unread(reason, advice="check that it is so; times are taken as UTC"),)
    reason = f"{BY_SHAPE}; by the shape of their cells {proposal.in_words}"
    advice = f"check that it is so, else name the columns in {WORDS_FILE} (docs/fleet.md)"
    if proposal.states:
        known = f"how each attempt ended is not known: one of {', '.join(proposal.states)} may say it"
        advice = f"{known}; name it, and what its values mean, in {WORDS_FILE} (docs/fleet.md)"
    return (Unread(reason, advice=advice),)


def _utf8(content: bytes) -> tuple[bytes, tuple[Unread, ...]]:
    """Return content as UTF-8; what is none is taken as spreadsheets save again."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3:  # cut within its last letter
            return content, ()
        page = code_page_of(content)
        reason = f"{NOT_UTF8}; it is read as {page.capitalize()}, so letters beyond ASCII may be wrong"
        advice = "save it as UTF-8, or use the file as it was downloaded"
        return content.decode(page, errors="replace").encode(), (Unread(reason, advice=advice),)
    return content, ()


def _read_cells(content: bytes, delimiter: str, *, ragged: bool = False) -> pl.DataFrame:
    """Return every cell as text; raise where a row is longer than the header, unless that is allowed."""
    return pl.read_csv(
        content, separator=delimiter, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=ragged
    )


def _recognised(content: bytes, member: str) -> tuple[str, str, Proposal | HandList | None]:
    """Return the delimiter under which the header is known, and the report it belongs to.

    Of a header that is not known, what its columns may be by their shape.
    """
    text = content[:HEADER_BYTES].decode("utf-8", errors="replace").removeprefix("\ufeff")
    line, _, rows = text.partition("\n")
    line = line.rstrip("\r")
    found, table = [], ""
    for delimiter in DELIMITERS:
        headers = _cells_of(line, delimiter)
        first = dict(zip(headers, _cells_of(rows, delimiter), strict=False))
        named = named_table(first)
        table = table or named or ""
        if len(headers) > 1 and (name := recognise(headers, table=named)):
            found.append((len(headers), delimiter, name))
    if not found:
        if made := hand_list(text):
            return made.delimiter, HAND_LIST, made
        if proposal := propose(text):
            return proposal.delimiter, REPORT, proposal
        shown = line[:80].replace("\t", " ")
        of_table = f"; it is of the table {table} of Log Analytics" if table else ""
        raise NotThisFormat(
            f"{member or 'this file'} begins with {shown!r}, the header of no report known here{of_table}"
        )
    _, delimiter, name = max(found)
    return delimiter, name, None


def _cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line; none where no CSV has such a line."""
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _cut(content: bytes, delimiter: str, cells: pl.DataFrame) -> tuple[Unread, ...]:
    """Say when the last line ends in the middle: no line end, and fewer cells than the header."""
    if content.endswith((b"\n", b"\r")) or not cells.height:
        return ()
    last = content[-HEADER_BYTES:].rsplit(b"\n", 1)[-1].decode("utf-8", errors="replace")
    width = len(_cells_of(last, delimiter))
    if width >= cells.width:
        return ()
    reason = f"the file breaks off in row {cells.height}: {width} of {cells.width} cells"
    return (Unread(reason, record=cells.height + 1, count=1, advice="export it again"),)


def _local(name: str, reading: Reading) -> tuple[Unread, ...]:
    """Warn that the portal writes the browser's local time without saying which."""
    if not name.startswith("portal") or not reading.count:
        return ()
    return (
        Unread(LOCAL_REASON, advice="name its time zone, or use the Export API or Graph for times in UTC"),
    )
