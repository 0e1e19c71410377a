"""Members -> tables: run each reader, say whose it is, place it in time, count what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import polars as pl

from autopilot_analysis import clock
from autopilot_analysis.errors import AnalysisError, NotThisFormat, UnknownName
from autopilot_analysis.export import Export, Member
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy import Pseudonyms, default_key, pseudonymise
from autopilot_analysis.readers.damage import add_damage, find_damage
from autopilot_analysis.readers.device.coverage import find_floods, measure_coverage
from autopilot_analysis.readers.device.device import identify
from autopilot_analysis.readers.event_log.event_templates import event_layouts
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.readers.names import NAME_BOOK, names_in, read_name_book
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.service.graph_pages import GraphPages
from autopilot_analysis.readers.trace_log import alignment
from autopilot_analysis.readers.trace_log.gaps import COLLECT_AGAIN, COUNTED
from autopilot_analysis.readers.trace_log.trace_log import TraceLogs
from autopilot_analysis.tables import SCHEMAS, STATES, Tables, schema_of
from autopilot_analysis.tables.completing import merge_captures

ROWS = ["events", "log_lines", "registry_values", "settings", "properties"]
"""The tables that readers fill from a device's own members."""
REPORTS = [
    "deployments",
    "identities",
    "enrollment_failures",
    "item_statuses",
    "item_counts",
    "audit_changes",
]
"""The tables that readers of fleet exports fill; their rows name their own devices."""
STANDS_IN = {"policy_statuses": "item_statuses"}
"""Rows of a reader -> the table of the same shape they belong to."""
TOGETHER: dict[str, type[GraphPages | TraceLogs]] = {"graph_json": GraphPages, "trace_log": TraceLogs}
"""Readers of members that tell one story together: pages of one export, traces of one capture."""
TELLS_WHO = frozenset(name for name, reader in READERS.items() if reader.tells_who)
"""Readers that are run whatever is asked for: they tell whose device it is."""


MAY_NAME = (*OF_THE_SERVICE, "unknown")
"""Sources among which a name book may lie."""
UNPLACED = (
    "its times are local and nothing tells the zone: each instant lies within 14 h before and 12 h after"
)
ZONELESS = (
    "its times are local and nothing tells the zone: they are shown as they were written, each up to 14 h off"
)


@dataclass
class _Capture:
    """What has been read of one capture so far."""

    rows: dict[str, list[pl.DataFrame]] = field(
        default_factory=lambda: {name: [] for name in (*ROWS, *REPORTS)}
    )
    members: list[tuple[str, str, int | None, str | None, str]] = field(default_factory=list)
    gaps: list[tuple[str | None, Unread]] = field(default_factory=list)
    pages: dict[str, GraphPages | TraceLogs] = field(default_factory=dict)
    """What was read of members that tell one story together, under their reader's name."""


def _wanted(only: Collection[str] | None) -> set[str] | None:
    if only is None:
        return None
    unknown = sorted(set(only) - set(SCHEMAS))
    if unknown:
        raise UnknownName.among("table", unknown[0], SCHEMAS)
    names = {name for name, reader in READERS.items() if set(reader.tables) & set(only)}
    return names | TELLS_WHO


def _read(member: Member, reader: str | None, capture: _Capture) -> None:
    """Read one member into its capture; whatever goes wrong becomes a gap."""
    size, digest, state = member.bytes, None, "not_read"
    try:
        content = member.read()
        size, digest = len(content), sha256(content).hexdigest()
        book = names_in(content, member.path) if member.source in MAY_NAME else None
        if book is not None:
            state = _keep(capture, member.path, size, book)
        elif reader is None or reader not in READERS:
            state = "unknown" if member.source == "unknown" else "not_read"
        elif reader in TOGETHER:
            capture.pages.setdefault(reader, TOGETHER[reader]()).add(content, member.path)
        else:
            damage, whole = find_damage(content, reader), [content]
            del content  # a report is large: its reader lets go of the bytes once they are cells
            reading = READERS[reader].read(whole.pop(), member.path)
            state = _keep(capture, member.path, size, add_damage(reading, damage))
    except AnalysisError as error:
        state = _damaged(capture, member.path, error)
    except BaseException as error:  # one member never costs the others
        state = _unforeseen(capture, member.path, error)
    capture.members.append((member.path, member.source, size, digest, state))


def _keep(capture: _Capture, path: str, size: int, reading: Reading) -> str:
    """Put what was read of one member into its capture; return the member's state."""
    for name, frame in reading.rows.items():
        table = STANDS_IN.get(name, name)
        if table in capture.rows and frame.height:
            capture.rows[table].append(frame.with_columns(member=pl.lit(path)))
    capture.gaps += [(path, unread) for unread in reading.unread]
    return _state(reading, size)


def _damaged(capture: _Capture, path: str, error: AnalysisError) -> str:
    foreign = isinstance(error, NotThisFormat)
    advice = "look at the member by hand" if foreign else COLLECT_AGAIN
    capture.gaps.append((path, Unread(str(error), advice=advice)))
    return "damaged"


def _unforeseen(capture: _Capture, path: str, error: BaseException) -> str:
    """Note what no reader meant to raise; a panic of native code is no `Exception`, an interrupt passes."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    advice = "report it with this line, and look at the member by hand"
    if isinstance(error, MemoryError):
        advice = "read it on a machine with more memory"
    reason = f"could not be read, for a reason unforeseen here ({type(error).__name__})"
    capture.gaps.append((path, Unread(reason, advice=advice)))
    return "damaged"


def _describe(capture: _Capture, logs: Iterable[Member]) -> None:
    """Lend the traces of a capture the descriptions that its event logs hold."""
    for traces in capture.pages.values():
        if not isinstance(traces, TraceLogs):
            continue
        for log in logs:
            if not (wanted := traces.undescribed()):
                return
            with suppress(AnalysisError):  # said when the log itself was read
                traces.lend(event_layouts(log.read(), wanted))


def _read_pages(capture: _Capture) -> None:
    """Take the answers for the members that tell one story in pages."""
    sizes = {path: size or 0 for path, _, size, *_ in capture.members}
    states = {}
    for pages in capture.pages.values():
        for path, answer in pages.answers().items():
            if isinstance(answer, Reading):
                states[path] = _keep(capture, path, sizes[path], answer)
            else:
                states[path] = _unforeseen(capture, path, answer)
    capture.pages.clear()
    capture.members = [(*row[:4], states.get(row[0], row[4])) for row in capture.members]


def _state(reading: Reading, size: int) -> str:
    if not all(unread.whole for unread in reading.unread):
        return "partial" if reading.count else "damaged"
    return "read" if reading.count or (size and not reading.rows) else "empty"


def _note_unread(export: Export, captures: dict[str, _Capture]) -> None:
    """Give each thing the export itself could not unpack to the capture it lies in."""
    listed = {member.path for member in export.members}
    for unread in export.gaps:
        path = unread.member
        within = [
            name for name in captures if path is not None and (path == name or path.startswith(f"{name}/"))
        ]
        capture = captures.setdefault(
            max(within, key=len) if within else next(iter(captures), ""), _Capture()
        )
        capture.gaps.append((path, Unread(unread.reason, count=unread.count, advice=unread.advice)))
        if path is not None and path not in listed and unread.state in STATES:
            listed.add(path)
            capture.members.append((path, "unknown", None, None, unread.state))


def _frames(capture: _Capture) -> dict[str, pl.DataFrame]:
    """Join the pieces, emptying them column by column so that no table is held twice."""
    frames = {}
    for name in ROWS:
        schema = {k: v for k, v in schema_of(name).items() if k != "device"}
        pieces, capture.rows[name] = capture.rows[name], []
        columns = {column: _joined(column, kind, pieces) for column, kind in schema.items()}
        frames[name] = pl.DataFrame(columns, schema=schema)
    return frames


def _joined(column: str, kind: pl.DataType, pieces: list[pl.DataFrame]) -> pl.Series:
    """Take one column out of each piece and return them as one."""
    parts = [piece.drop_in_place(column).cast(kind) for piece in pieces]
    return pl.concat(parts, rechunk=True) if parts else pl.Series(dtype=kind)


def _reports(capture: _Capture, key: str | None) -> dict[str, pl.DataFrame]:
    """Join the pieces of fleet exports; `reports` says which member each row came from, and whose it is."""
    frames, origins = {}, []
    for name in REPORTS:
        schema = schema_of(name)
        pieces = capture.rows[name]
        joined = pl.concat([pl.DataFrame(schema=schema), *pieces], how="diagonal_relaxed")
        at = "started_at" if name == "deployments" else "at" if "at" in schema else None
        when = pl.lit(None) if at is None else pl.col(at)
        origins += [
            piece.select("member", when.cast(pl.Datetime("us", "UTC")).alias("at")) for piece in pieces
        ]
        frames[name] = joined.select(pl.col(column).cast(kind) for column, kind in schema.items())
    empty = pl.DataFrame(schema={"member": pl.String, "at": pl.Datetime("us", "UTC")})
    whose = pl.lit(key, dtype=pl.String).alias("device")
    return {**frames, "reports": pl.concat([empty, *origins]).with_columns(whose)}


def _placed(frames: dict[str, pl.DataFrame], zone: str | None, capture: _Capture) -> dict[str, pl.DataFrame]:
    """Put events and lines of one device on the corrected clock; steps too many to be followed are a gap."""
    counting = pl.col("member").is_in(alignment.counted_members(frames["properties"]))
    traced, logged = frames["events"].filter(counting), frames["events"].filter(~counting)
    listed, logged = clock.part_listed(logged)
    clock_steps = clock.recorded_steps(logged)
    if (beyond := clock_steps.height - clock.MOST_STEPS) > 0:
        reason = f"records of clock steps beyond the {clock.MOST_STEPS} widest were not followed"
        advice = "look for what keeps setting this device's clock; read its instants with doubt"
        capture.gaps.append((None, Unread(reason, count=beyond, advice=advice)))
    steps = clock.keep_steps(clock_steps)
    events = clock.correct(logged, steps)
    if traced.height:
        traced = alignment.align(traced, events, steps)
        capture.gaps += alignment.doubtful(traced, steps)
        events = pl.concat([events, traced])
    lines = clock.place_lines(frames["log_lines"], events, zone)
    if listed.height:
        placed = clock.place_listed(listed, events, lines, zone)
        kept = clock.without_twins(placed, events)
        capture.gaps += _held_twice(placed, kept)
        events = pl.concat([events, kept])
    return {**frames, "events": _in_order(events), "log_lines": lines}


def _in_order(events: pl.DataFrame) -> pl.DataFrame:
    """Return events by member and record; they mostly lie so already, as members are read by their paths."""
    member, record = pl.col("member"), pl.col("record")
    rising = (member > member.shift()) | ((member == member.shift()) & (record >= record.shift()))
    return events if events.select(rising.all()).item() else events.sort("member", "record")


def _gaps(device: str, capture: _Capture) -> pl.DataFrame:
    rows = [
        (device, member, _held(unread.record), unread.reason, _held(unread.count), unread.advice)
        for member, unread in capture.gaps
    ]
    return pl.DataFrame(rows, schema=schema_of("gaps"), orient="row")


def _held(number: int | None) -> int | None:
    """Return a number that a damaged header may have made larger than any column holds, else None."""
    return number if number is not None and abs(number) < 2**63 else None


def _undated(lines: pl.DataFrame, device: str) -> pl.DataFrame:
    """One gap a log whose local times could not be turned into instants, with the bound that remains."""
    undated = pl.col("at").is_null() & pl.col("written_at").is_not_null()
    by_member = lines.lazy().group_by("member").agg(count=undated.sum())
    count = by_member.filter(pl.col("count") > 0).sort("member").collect(engine="streaming")
    return count.select(
        device=pl.lit(device),
        member="member",
        record=pl.lit(None, dtype=pl.Int64),
        reason=pl.lit(UNPLACED),
        count=pl.col("count").cast(pl.Int64),
        advice=pl.lit("add the event logs of the same device, or its registry dump"),
    )


def _held_twice(placed: pl.DataFrame, kept: pl.DataFrame) -> list[tuple[str, Unread]]:
    """Return what to say of events of a list that another file of the export holds too."""
    both = (
        placed.group_by("member")
        .len("listed")
        .join(kept.group_by("member").len("kept"), on="member", how="left")
    )
    again = both.with_columns(again=pl.col("listed") - pl.col("kept").fill_null(0)).filter(
        pl.col("again") > 0
    )
    reason = f"{COUNTED}events that another file of the export holds too"
    return [
        (row["member"], Unread(reason, count=row["again"], whole=True))
        for row in again.sort("member").to_dicts()
    ]


def _zoneless(events: pl.DataFrame, device: str) -> pl.DataFrame:
    """One gap a list of events whose local times no zone made instants of."""
    count = clock.part_listed(events)[0].group_by("member").len("count").sort("member")
    return count.select(
        device=pl.lit(device),
        member="member",
        record=pl.lit(None, dtype=pl.Int64),
        reason=pl.lit(ZONELESS),
        count=pl.col("count").cast(pl.Int64),
        advice=pl.lit("add a file that tells the zone, or save the log as .evtx"),
    )


def _of_fleet(capture: _Capture) -> bool:
    """Tell whether the members speak of many devices: what they name is then no device of its own."""
    return {source for _, source, *_ in capture.members} <= {*OF_THE_SERVICE, "unknown"}


def _finish(captures: Mapping[str, _Capture], export: Export) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield the tables of each capture, its device named and its times placed."""
    for name, capture in captures.items():
        _describe(capture, [m for m in export.members if m.capture == name and m.reader == "event_log"])
        _read_pages(capture)
        frames = _frames(capture)
        device = identify(frames, name or export.path.stem)
        key = device["device"][0]
        zone = device["time_zone"][0]
        frames = _placed(frames, zone, capture)
        has_rows = any(frame.height for frame in frames.values()) and not _of_fleet(capture)
        whose = pl.lit(key, dtype=pl.String).alias("device")
        members = pl.DataFrame(
            [(key, *row) for row in capture.members],
            schema=schema_of("members"),
            orient="row",
        )
        yield {
            **{n: f.with_columns(whose) for n, f in frames.items()},
            "members": members,
            "devices": device if has_rows else device.clear(),
            "gaps": pl.concat(
                [
                    _gaps(key, capture),
                    _undated(frames["log_lines"], key),
                    _zoneless(frames["events"], key),
                ]
            ),
            **_reports(capture, key),
        }


def _of_device(frames: dict[str, pl.DataFrame], wanted: str) -> dict[str, pl.DataFrame]:
    """Keep the rows of the one device that a key, serial or name means."""
    low = wanted.lower()
    known = []
    for name in ("devices", "deployments", "identities"):
        spelt = [pl.col(c).str.to_lowercase() == low for c in ("device", "serial", "name")]
        known.append(frames[name].filter(pl.any_horizontal(spelt).fill_null(value=False))["device"])
    keys = pl.concat(known).unique()
    if keys.is_empty():
        spellings = [frames[name]["device"] for name in ("devices", "deployments", "identities")]
        raise UnknownName.among("device", wanted, pl.concat(spellings).unique().sort())
    return {
        name: frame.filter(_belongs(name, keys)) if "device" in frame.columns else frame
        for name, frame in frames.items()
    }


def _belongs(table: str, keys: pl.Series) -> pl.Expr:
    """Tell which rows are of these devices; a name book is of all."""
    own = pl.col("device").is_in(keys.implode())
    return own | (pl.col("section") == NAME_BOOK) if table == "properties" else own


def add_names(
    properties: pl.DataFrame, book: pl.DataFrame, devices: pl.DataFrame, file: str | Path
) -> pl.DataFrame:
    """Return properties with a name book before them: its names come before those of the export.

    Args:
        properties: The table `properties`.
        book: What `read_name_book` returned.
        devices: The table `devices`; the rows carry the key of the first, and hold for all.
        file: Where the book lies; its name becomes `member`.
    """
    key = devices["device"][0] if devices.height else ""
    rows = book.with_columns(device=pl.lit(key), member=pl.lit(Path(file).name))
    return pl.concat([rows.select(properties.columns), properties])


def read_tables(
    export: Export,
    *,
    device: str = "",
    only: Collection[str] | None = None,
    names: str | Path = "",
    privacy: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Tables:
    """Return what an export says, as typed tables.

    Args:
        export: What `open_export` returned.
        device: Keep one device only: its key, serial or name; empty means all.
        only: Names of the tables to fill; the others stay empty. None fills all.
        names: A name book that says what ids are called, see `read_name_book`; empty for none.
        privacy: Put stable pseudonyms of the analyst's own key in place of names, serials, tenants and
            addresses, in every column and inside texts.
        progress: Called before each member with its position, how many there are, and its path.

    Returns:
        Tables whose rows carry device, member and record. What could not be read is in `gaps`; `coverage`
        says for each device and source whether it was present, partial, absent or not applicable.

    Raises:
        BadInput: `names` cannot be read, or names nothing.
        UnknownName: `only` names no table, or `device` no device of the export.

    Example:
        >>> from autopilot_analysis import open_export, read_tables
        >>> tables = read_tables(open_export("data/user-driven-success.cab"))
        >>> tables.devices["registered"].to_list()
        [True]
    """
    book = read_name_book(names) if names else None
    wanted = _wanted(only)
    reader_of = dict(read_facts("sources").select("source", "reader").iter_rows())
    captures: dict[str, _Capture] = {}
    for position, member in enumerate(export.members):
        if progress is not None:
            progress(position, len(export.members), member.path)
        reader = reader_of.get(member.source)
        capture = captures.setdefault(member.capture, _Capture())
        _read(member, reader if wanted is None or reader in wanted else None, capture)
    _note_unread(export, captures)
    pieces = list(_finish(captures, export))
    frames = {name: pl.concat(piece[name] for piece in pieces) for name in pieces[0]}
    frames["devices"] = merge_captures(frames["devices"], ["device"])
    frames["gaps"] = pl.concat([frames["gaps"], find_floods(frames["events"], frames["devices"])])
    if device:
        frames = _of_device(frames, device)
    frames["coverage"] = measure_coverage(frames, frames["members"], frames["gaps"], frames["devices"])
    del frames["reports"]
    if book is not None:
        frames["properties"] = add_names(frames["properties"], book, frames["devices"], names)
    if privacy:
        frames = pseudonymise(frames, Pseudonyms(default_key())).frames
    kept = {n: f if only is None or n in only or n not in ROWS else f.clear() for n, f in frames.items()}
    return Tables.of(kept)
