"""What one worker does: open exports, read, trace, find, and put each into the dataset, whole or not.

Nothing is shared between workers but the folder: of two that meet on one export, one makes its folder appear.
"""

from __future__ import annotations

import errno
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from autopilot_analysis.boundary import closed_to, folders_of
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import Limits, content_hash, open_export
from autopilot_analysis.facts.own_words import using_words
from autopilot_analysis.fleet.dataset.inputs import Input, as_text, fetched, look_of
from autopilot_analysis.fleet.dataset.manifest import (
    MANIFEST,
    SCHEMA_VERSION,
    Entry,
    Layout,
    SetAside,
    read_written,
    write_beside,
)
from autopilot_analysis.fleet.dataset.older import is_older, table_shape
from autopilot_analysis.fleet.dataset.run.batch import tell_together
from autopilot_analysis.fleet.dataset.run.run_lock import remove_folder
from autopilot_analysis.fleet.deployments.local_times import in_own_zone, using_zone
from autopilot_analysis.readers import read_tables
from autopilot_analysis.readers.names import NAME_BOOK
from autopilot_analysis.release import read_version
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.writing import store_frame

BATCH_ROWS = 200_000
"""Rows that are traced together, about: what a worker holds in memory stays small."""
Status = Literal["ingested", "already", "duplicate", "set_aside", "stopped"]
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""System errors that no other export would escape either: the run stops, nothing is set aside."""
ADVICE = "free some room or name another folder; what is done stays done, and a repeat goes on from there"


@dataclass(frozen=True)
class Task:
    """One export to ingest; small, and it can be sent to another machine."""

    number: int
    """Its place among those of this run."""
    found: Input
    root: str
    """The dataset, as this machine and the worker's both name it."""
    run: str
    limits: Limits
    names: str = ""
    """A name book, as this machine and the worker's both name it; empty for none."""
    words: str = ""
    """A file of the analyst's own words, named likewise; empty for none."""
    zone: str = ""
    """The time zone of portal CSVs; empty where none was named."""


@dataclass(frozen=True)
class Outcome:
    """What became of one export."""

    number: int
    status: Status
    name: str
    place: str
    export: str | None = None
    reason: str | None = None
    seconds: float = 0.0
    bytes: int = 0
    rows: int = 0


@dataclass(frozen=True)
class _Read:
    """An export that was read and is not yet traced."""

    task: Task
    content: str
    look: str
    size: int
    tables: Tables
    seconds: float

    @property
    def rows(self) -> int:
        """How much it is, over all tables."""
        return sum(frame.height for frame in self.tables.frames().values())


def ingest_tasks(tasks: tuple[Task, ...]) -> list[Outcome]:
    """Ingest a few exports, traced together; what goes wrong with one is its outcome, not an exception.

    Args:
        tasks: The exports.
    """
    with closed_to(*folders_of(task.found.place for task in tasks)):
        return _ingest_tasks(tasks)


def _ingest_tasks(tasks: tuple[Task, ...]) -> list[Outcome]:
    """Ingest a few exports in a process that imports nothing from where they lie."""
    outcomes: list[Outcome] = []
    batch: list[_Read] = []
    for task in tasks:
        read = _read(task)
        if isinstance(read, Outcome):
            outcomes.append(read)
            continue
        batch.append(read)
        if sum(each.rows for each in batch) > BATCH_ROWS:
            outcomes += _ingest_batch(batch)
            batch = []
    outcomes += _ingest_batch(batch)
    return sorted(outcomes, key=lambda outcome: outcome.number)


def _read(task: Task) -> _Read | Outcome:
    """Read one export, unless it is known already or cannot be read."""
    started = time.perf_counter()
    look = look_of(task.found)
    content = None
    try:
        with using_words(task.words or None), using_zone(task.zone), fetched(task.found) as path:
            content = content_hash(path)
            if done := _earlier(task, content):
                return done
            with open_export(path, limits=task.limits) as export:
                tables = in_own_zone(read_tables(export, names=task.names))
            size = _size(path)
    except Exception as error:
        return _failed(task, content, look, error)
    return _Read(task, content, look, size, tables, time.perf_counter() - started)


def _failed(task: Task, content: str | None, look: str, error: Exception) -> Outcome:
    """Return what becomes of an export on which something failed; the others go on."""
    if isinstance(error, MemoryError):
        return _set_aside(task, content, look, "reading it takes more memory than there is", "MemoryError")
    words = str(error) if isinstance(error, AnalysisError) else _words(error)
    if _no_room(error):
        return _stopped(task, str(error))
    return _set_aside(task, content, look, words, type(error).__name__)


def _ingest_batch(batch: list[_Read]) -> list[Outcome]:
    """Trace exports together and put each into the dataset; when that fails, each by itself."""
    started = time.perf_counter()
    try:
        stories = tell_together([read.tables for read in batch])
    except Exception as error:
        if len(batch) == 1:
            return [_failed(batch[0].task, batch[0].content, batch[0].look, error)]
        return [outcome for read in batch for outcome in _ingest_batch([read])]
    share = (time.perf_counter() - started) / max(len(batch), 1)
    return [_publish(read, frames, read.seconds + share) for read, frames in zip(batch, stories, strict=True)]


def _plain(frame: pl.DataFrame, content: str) -> pl.DataFrame:
    """Put the hash on every row, and enums down as text that every reader of Parquet knows."""
    enums = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Enum)]
    return frame.select(pl.lit(content).alias("export"), pl.all()).with_columns(pl.col(enums).cast(pl.String))


def _earlier(task: Task, content: str) -> Outcome | None:
    """Return the outcome of an export that needs no reading: it is there, or another of this run has it."""
    layout = Layout(Path(task.root))
    entry = read_written(layout.export(content) / MANIFEST, Entry)
    if entry is not None and not is_older(entry):
        ours = entry.run == task.run and entry.place == task.found.place_text
        status: Status = "ingested" if ours else "duplicate" if entry.run == task.run else "already"
        return _outcome(task, status, content, f"the same content as {entry.name}", entry)
    claim = layout.work / task.run / f"{content}.claim"
    claim.parent.mkdir(parents=True, exist_ok=True)
    try:
        with claim.open("x") as file:
            file.write(str(task.number))
    except FileExistsError:
        if claim.read_text() not in ("", str(task.number)):
            return _outcome(task, "duplicate", content, "the same content as another export of this run")
    return None


def _publish(read: _Read, story: dict[str, pl.DataFrame], seconds: float) -> Outcome:
    """Put the tables of one export into the dataset."""
    started = time.perf_counter() - seconds
    frames = {**read.tables.frames(), **story}
    if read.task.names:  # its names stand on the items; the book itself is none of the export's
        own = (pl.col("section") == NAME_BOOK) & (pl.col("member") == Path(read.task.names).name)
        frames["properties"] = frames["properties"].filter(~own)
    try:
        return _write(read, {name: _plain(frame, read.content) for name, frame in frames.items()}, started)
    except OSError as error:
        return _stopped(
            read.task, f"the dataset {read.task.root} cannot be written: {error.strerror or error}; {ADVICE}"
        )


def _write(read: _Read, frames: dict[str, pl.DataFrame], started: float) -> Outcome:
    """Write the tables beside the dataset, the manifest last, then make the whole folder appear at once."""
    task, content = read.task, read.content
    layout = Layout(Path(task.root))
    folder = layout.work / task.run / f"{content[:16]}-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    counts = {name: frame.height for name, frame in frames.items()}
    for name, frame in frames.items():
        if frame.height:
            store_frame(frame, folder / f"{name}.parquet")
    entry = Entry(
        export=content,
        name=task.found.name,
        place=task.found.place_text,
        look=read.look,
        bytes=read.size,
        devices=frames["devices"]["device"].to_list(),
        tables=counts,
        gaps=counts["gaps"],
        seconds=round(time.perf_counter() - started, 3),
        run=task.run,
        schema_version=SCHEMA_VERSION,
        package_version=read_version(),
        finished_at=datetime.now(UTC),
        shape=table_shape(),
    )
    write_beside(folder / MANIFEST, entry)
    if not _appear(folder, layout.export(content)):
        return _outcome(task, "already", content, "another run was faster")
    (layout.set_aside / f"{content}.json").unlink(missing_ok=True)
    return _outcome(task, "ingested", content, None, entry)


def _appear(folder: Path, place: Path) -> bool:
    """Move a finished folder to its place; False when another got there first."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        try:
            folder.rename(place)
        except OSError:
            if not place.is_dir():
                raise
            there = read_written(place / MANIFEST, Entry)
            if there is not None and not is_older(there):
                remove_folder(folder)
                return False
            remove_folder(place)  # read by an older version, or left without its manifest by a crash
        else:
            return True
    return False


def _set_aside(task: Task, content: str | None, look: str, reason: str, error: str) -> Outcome:
    """Write down that an export could not be read, and why."""
    aside = set_aside_file(task, content)
    try:
        write_beside(
            aside,
            SetAside(
                name=task.found.name,
                place=task.found.place_text,
                look=look,
                reason=as_text(reason),
                error=error,
                package_version=read_version(),
                at=datetime.now(UTC),
                export=content,
            ),
        )
    except OSError as problem:
        return _stopped(task, f"the dataset {task.root} cannot be written: {problem.strerror}; {ADVICE}")
    return Outcome(task.number, "set_aside", task.found.name, task.found.place_text, content, reason)


def set_aside_file(task: Task, content: str | None) -> Path:
    """Return where it is written down that an export was set aside.

    Args:
        task: The export.
        content: Its hash, None when it could not even be hashed: its place stands for it.
    """
    place = f"place-{uuid.uuid5(uuid.NAMESPACE_URL, task.found.place_text).hex}"
    return Layout(Path(task.root)).set_aside / f"{content or place}.json"


def set_aside_killed(task: Task) -> Outcome:
    """Set an export aside because the process that read it was killed.

    Args:
        task: The export.
    """
    reason = "the process that read it was killed, most likely because it took too much memory; open it alone"
    return _set_aside(task, None, look_of(task.found), reason, "Killed")


def _stopped(task: Task, reason: str) -> Outcome:
    return Outcome(task.number, "stopped", task.found.name, task.found.place_text, reason=reason)


def _outcome(
    task: Task, status: Status, content: str, reason: str | None, entry: Entry | None = None
) -> Outcome:
    counts = (0.0, 0, 0) if entry is None else (entry.seconds, entry.bytes, sum(entry.tables.values()))
    return Outcome(task.number, status, task.found.name, task.found.place_text, content, reason, *counts)


def _no_room(error: BaseException | None) -> bool:
    """Tell whether a full disk, or the like, lies at the bottom of an error."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _words(error: Exception) -> str:
    return (
        f"this package failed on it: {type(error).__name__}: {' '.join(str(error).split())[:300]}; report it"
    )


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())
    return path.stat().st_size
