"""What has been read of one capture: its members, rows and gaps, and how a member gets there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from hashlib import sha256

import msgspec
import polars as pl

from autopilot_analysis.errors import AnalysisError, NotThisFormat, UnknownName
from autopilot_analysis.export import Member
from autopilot_analysis.export.sources import OF_THE_SERVICE, QUOTES
from autopilot_analysis.facts.source_names import COMMAND_OUTPUTS, GRAPH_JSON
from autopilot_analysis.readers.damage import add_damage, find_damage
from autopilot_analysis.readers.event_log.binary_logs import BinaryLogs
from autopilot_analysis.readers.event_log.event_chunks import FILE_MAGIC
from autopilot_analysis.readers.event_log.event_templates import event_layouts
from autopilot_analysis.readers.formats import OF_FLEETS, OF_PASTES, READERS
from autopilot_analysis.readers.names import names_in
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.service.graph_pages import GraphPages
from autopilot_analysis.readers.text import LARGEST, without_marks
from autopilot_analysis.readers.trace_log.gaps import COLLECT_AGAIN
from autopilot_analysis.readers.trace_log.trace_log import TraceLogs
from autopilot_analysis.tables import SCHEMAS, schema_of
from autopilot_analysis.tables.typed import empty

ROWS = ["events", "log_lines", "registry_values", "settings", "properties"]
"""The tables that readers fill from a device's own members."""
STANDS_IN = {"policy_statuses": "item_statuses"}
"""Rows of a reader -> the table of the same shape they belong to."""
Together = GraphPages | TraceLogs | BinaryLogs
TOGETHER: dict[str, type[Together]] = {
    GRAPH_JSON: GraphPages,
    "trace_log": TraceLogs,
    "event_log": BinaryLogs,
}
"""Readers of members that are read together: pages of one export, traces and event logs of one capture."""
TELLS_WHO = frozenset(name for name, reader in READERS.items() if reader.tells_who)
"""Readers that are run whatever is asked for: they tell whose device it is."""
MAY_NAME = (*OF_THE_SERVICE, "unknown")
"""Sources among which a name book may lie."""


class Capture(msgspec.Struct):
    """What has been read of one capture so far."""

    rows: dict[str, list[pl.DataFrame]] = msgspec.field(
        default_factory=lambda: {name: [] for name in (*ROWS, *OF_FLEETS)}
    )
    members: list[tuple[str, str, int | None, str | None, str]] = msgspec.field(default_factory=list)
    gaps: list[tuple[str | None, Unread]] = msgspec.field(default_factory=list)
    pages: dict[str, Together] = msgspec.field(default_factory=dict)
    """What was read of members that are read together, under their reader's name."""


def readers_for(only: Collection[str] | None) -> set[str] | None:
    """Return the readers that fill some tables or tell whose device it is; None stands for all.

    Args:
        only: Names of tables; None means every one.

    Raises:
        UnknownName: `only` names no table.
    """
    if only is None:
        return None
    unknown = sorted(set(only) - set(SCHEMAS))
    if unknown:
        raise UnknownName.among("table", unknown[0], SCHEMAS)
    names = {name for name, reader in READERS.items() if set(reader.tables) & set(only)}
    return names | TELLS_WHO


def read_member(member: Member, reader: str | None, capture: Capture) -> None:
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
        elif reader in TOGETHER and (reader != "event_log" or content.startswith(FILE_MAGIC)):
            pasted = without_marks(content) if reader in OF_PASTES else content
            capture.pages.setdefault(reader, TOGETHER[reader]()).add(pasted, member.path)
        else:
            damage = find_damage(content, reader)
            whole = [without_marks(content) if reader in OF_PASTES else content]
            del content  # a report is large: its reader lets go of the bytes once they are cells
            reading = READERS[reader].read(whole.pop(), member.path)
            state = _keep(capture, member.path, size, add_damage(reading, damage))
    except NotThisFormat as error:
        state = _damaged(capture, member.path, error)
        # a text that was copied from a prompt, with other commands than are known here, is whole
        state = "not_read" if reader == COMMAND_OUTPUTS else state
        if size <= LARGEST and _keep_written(capture, member):
            state = "partial"
    except AnalysisError as error:
        state = _damaged(capture, member.path, error)
    except BaseException as error:  # one member never costs the others
        state = _unforeseen(capture, member.path, error)
    capture.members.append((member.path, member.source, size, digest, state))


def _keep_written(capture: Capture, member: Member) -> bool:
    """Keep what somebody wrote down in a text that its name calls something else; return whether any is."""
    try:
        reading = READERS[QUOTES].read(without_marks(member.read()), member.path)
    except NotThisFormat:
        return False
    _keep(capture, member.path, member.bytes, Reading(reading.rows))
    return True


def _keep(capture: Capture, path: str, size: int, reading: Reading) -> str:
    """Put what was read of one member into its capture; return the member's state."""
    for name, frame in reading.rows.items():
        table = STANDS_IN.get(name, name)
        if table in capture.rows and frame.height:
            capture.rows[table].append(frame.with_columns(member=pl.lit(path)))
    capture.gaps += [(path, unread) for unread in reading.unread]
    return _state(reading, size)


def _damaged(capture: Capture, path: str, error: AnalysisError) -> str:
    foreign = isinstance(error, NotThisFormat)
    advice = "look at the member by hand" if foreign else COLLECT_AGAIN
    capture.gaps.append((path, Unread(str(error), advice=advice)))
    return "damaged"


def _unforeseen(capture: Capture, path: str, error: BaseException) -> str:
    """Note what no reader meant to raise; a panic of native code is no `Exception`, an interrupt passes."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    advice = "report it with this line, and look at the member by hand"
    if isinstance(error, MemoryError):
        advice = "read it on a machine with more memory"
    reason = f"could not be read, for a reason unforeseen here ({type(error).__name__})"
    capture.gaps.append((path, Unread(reason, advice=advice)))
    return "damaged"


def lend_layouts(capture: Capture, logs: Iterable[Member]) -> None:
    """Lend the traces of a capture the descriptions that its event logs hold.

    Logs are searched from the smallest on: mostly small ones hold what traces lack, and spare a search of the
    large ones.
    """
    for traces in capture.pages.values():
        if not isinstance(traces, TraceLogs):
            continue
        for log in sorted(logs, key=lambda log: log.bytes):
            if not (wanted := traces.undescribed()):
                return
            with suppress(AnalysisError):  # said when the log itself was read
                traces.lend(event_layouts(log.read(), wanted))


def read_pages(capture: Capture) -> None:
    """Take the answers for the members that are read together."""
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


def row_frames(capture: Capture) -> dict[str, pl.DataFrame]:
    """Join the pieces, emptying them column by column so that no table is held twice."""
    frames = {}
    for name in ROWS:
        schema = {k: v for k, v in schema_of(name).items() if k != "device"}
        pieces, capture.rows[name] = capture.rows[name], []
        if not pieces:
            frames[name] = empty(SCHEMAS[name]).drop("device")
            continue
        columns = {column: _joined(column, kind, pieces) for column, kind in schema.items()}
        frames[name] = pl.DataFrame(columns, schema=schema)
    return frames


def _joined(column: str, kind: pl.DataType, pieces: list[pl.DataFrame]) -> pl.Series:
    """Take one column out of each piece and return them as one."""
    return pl.concat([piece.drop_in_place(column).cast(kind) for piece in pieces], rechunk=True)


def report_frames(capture: Capture, key: str | None) -> dict[str, pl.DataFrame]:
    """Join the pieces of fleet exports; `reports` says which member each row came from, and whose it is."""
    frames, origins = {}, []
    for name in OF_FLEETS:
        schema = schema_of(name)
        pieces = capture.rows[name]
        if not pieces:
            frames[name] = empty(SCHEMAS[name])
            continue
        joined = pl.concat([pl.DataFrame(schema=schema), *pieces], how="diagonal_relaxed")
        at = "started_at" if name == "deployments" else "at" if "at" in schema else None
        when = pl.lit(None) if at is None else pl.col(at)
        origins += [
            piece.select("member", when.cast(pl.Datetime("us", "UTC")).alias("at")) for piece in pieces
        ]
        frames[name] = joined.select(pl.col(column).cast(kind) for column, kind in schema.items())
    none = pl.DataFrame(schema={"member": pl.String, "at": pl.Datetime("us", "UTC")})
    whose = pl.lit(key, dtype=pl.String).alias("device")
    return {**frames, "reports": pl.concat([none, *origins]).with_columns(whose)}


def gap_frame(device: str, capture: Capture) -> pl.DataFrame:
    """Return what could not be read of a capture as rows of `gaps`.

    Args:
        device: The device's key.
        capture: What was read.
    """
    rows = [
        (device, member, _held(unread.record), unread.reason, _held(unread.count), unread.advice)
        for member, unread in capture.gaps
    ]
    return pl.DataFrame(rows, schema=schema_of("gaps"), orient="row")


def _held(number: int | None) -> int | None:
    """Return a number that a damaged header may have made larger than any column holds, else None."""
    return number if number is not None and abs(number) < 2**63 else None


def speaks_of_a_fleet(capture: Capture) -> bool:
    """Tell whether the members speak of many devices: what they name is then no device of its own."""
    return {source for _, source, *_ in capture.members} <= {*OF_THE_SERVICE, "unknown"}
