"""Many exports -> a dataset: in parallel, resumable after any kill, each export once by its content."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from autopilot_analysis import wording
from autopilot_analysis.errors import NotWritten
from autopilot_analysis.export import Limits
from autopilot_analysis.facts.own_words import read_words
from autopilot_analysis.fleet.dataset.inputs import Listed, list_inputs, look_of
from autopilot_analysis.fleet.dataset.manifest import (
    Layout,
    create_dataset,
    list_folders,
    log_line,
    read_folders,
    read_packs,
    read_set_aside,
)
from autopilot_analysis.fleet.dataset.older import is_older
from autopilot_analysis.fleet.dataset.run.run_lock import begin_run
from autopilot_analysis.fleet.dataset.run.schedule import do_tasks
from autopilot_analysis.fleet.dataset.run.task import ADVICE, Outcome, Task
from autopilot_analysis.fleet.deployments.local_times import zone_of
from autopilot_analysis.readers.names import read_name_book
from autopilot_analysis.release import read_version

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class IngestSummary:
    """What one call of `ingest` did."""

    dataset: Path
    exports: int
    """Exports that were passed."""
    ingested: int
    already: int
    """Those that were in the dataset before."""
    duplicates: int
    """Those whose content another export of the same call has."""
    set_aside: tuple[tuple[str, str], ...]
    """Name and reason of those that could not be read."""
    ignored: tuple[str, ...]
    """Files of piles that are no exports."""
    rows: int
    bytes: int
    seconds: float
    workers: int
    """Processes; 0 when an engine did the work."""

    @property
    def taken(self) -> int:
        """How many of the exports are in the dataset now, whenever they came."""
        return self.ingested + self.already

    def __str__(self) -> str:
        parts = [f"{self.ingested:,} of {self.exports:,} exports ingested into {self.dataset}"]
        parts += [f"{self.already:,} there before"] if self.already else []
        parts += [wording.count(self.duplicates, "duplicate")] if self.duplicates else []
        parts += [f"{len(self.set_aside):,} set aside"] if self.set_aside else []
        parts += [f"{wording.count(len(self.ignored), 'other file')} left alone"] if self.ignored else []
        rate = f", {self.ingested / self.seconds:,.1f} a second" if self.seconds and self.ingested else ""
        return f"{'; '.join(parts)}; {self.rows:,} rows in {self.seconds:,.1f} s{rate}"


@dataclass
class _Run:
    """One call under way: what is noted of each export as it comes in."""

    layout: Layout
    name: str
    total: int
    progress: Progress | None
    counts: Counter[str] = field(default_factory=Counter)
    set_aside: list[tuple[str, str]] = field(default_factory=list)

    def note(self, outcome: Outcome) -> None:
        """Count, log and show what became of one export.

        Raises:
            NotWritten: Nothing more can be written.
        """
        words = {"status": outcome.status, "export": (outcome.export or "-")[:16], "place": outcome.place}
        more = {"reason": outcome.reason} if outcome.reason else {"seconds": outcome.seconds}
        log_line(self.layout, self.name, {**words, **more})
        if outcome.status == "stopped":
            raise NotWritten(f"stopped at {outcome.name}: {outcome.reason}")
        self.counts[outcome.status] += 1
        self.counts["rows"] += outcome.rows
        self.counts["bytes"] += outcome.bytes
        if outcome.status == "set_aside":
            self.set_aside.append((outcome.name, outcome.reason or ""))
        if self.progress is not None:
            done = sum(self.counts[status] for status in ("ingested", "already", "duplicate", "set_aside"))
            self.progress(done, self.total, outcome.name)


def ingest(
    paths: str | Path | Iterable[str | Path],
    *,
    into: str | Path,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
    retry: bool = False,
    names: str | Path = "",
    words: str | Path = "",
    time_zone: str = "",
) -> IngestSummary:
    """Read many exports and keep their tables as Parquet in a dataset.

    Each export becomes a folder of the dataset that appears whole or not at all, once by its content,
    whatever it is called. A call that was killed is continued by the same call. What cannot be read is set
    aside with its reason and the rest go on. Several calls may fill one dataset at once.

    Args:
        paths: A path, glob, folder or URL, or many. A folder of many exports gives each of them.
        into: The dataset; a new or empty folder becomes one.
        executor: Where to work, such as `executor_of("dask", address)`; None decides by number, cores and
            memory.
        workers: Processes on this machine, when there is no executor.
        progress: Called after each export with how many are done, how many there are, and its name.
        limits: How much room one export may take.
        retry: Try again what an earlier call of this version set aside.
        names: A name book, see `read_name_book`; what was ingested before keeps the names it had.
        words: A CSV `text,means` of headers and states, see `load_deployments`.
        time_zone: That of the browser with which portal CSVs were downloaded, see `load_deployments`.

    Returns:
        What was done; the log of the dataset says it export by export.

    Raises:
        BadInput: `into` is something else, or a dataset of another version; a pattern matches nothing; the
            paths are nothing but datasets; the name book or the file of words cannot be read.
        UnknownName: There is no such time zone, or a word means nothing known here.
        NotWritten: The disk is full or read-only, or the engine is gone. What is done stays done.

    Example:
        >>> from autopilot_analysis.fleet import ingest, open_dataset
        >>> print(ingest("captures/", into="fleet/"))  # doctest: +SKIP
        >>> open_dataset("fleet/").deployments.collect()  # doctest: +SKIP
    """
    began = time.perf_counter()
    listed = list_inputs(paths)
    book = str(Path(names).expanduser().absolute()) if names else ""
    if book:
        read_name_book(book)  # refused before any work
    own = str(Path(words).expanduser().absolute()) if words else ""
    if own:
        read_words(own)
    zone = zone_of(time_zone) if time_zone else ""
    root = Path(into).expanduser().absolute()
    try:
        layout = create_dataset(root, f"autopilot-analysis {read_version()}")
        with begin_run(layout) as name:
            run = _Run(layout, name, len(listed.inputs), progress)
            log_line(layout, name, f"begins: {len(listed.inputs)} exports, {len(listed.ignored)} other files")
            undone = _undone(run, listed, limits or Limits(), retry=retry)
            tasks = [replace(task, names=book, words=own, zone=zone) for task in undone]
            used = do_tasks(tasks, run.note, executor, workers)
            summary = _summary(run, listed, used, time.perf_counter() - began)
            log_line(layout, name, f"ends: {summary}")
            return summary
    except OSError as error:
        raise NotWritten(
            f"the dataset {root} cannot be written: {error.strerror or error}; {ADVICE}"
        ) from error


def _summary(run: _Run, listed: Listed, workers: int, seconds: float) -> IngestSummary:
    return IngestSummary(
        dataset=run.layout.root,
        exports=len(listed.inputs),
        ingested=run.counts["ingested"],
        already=run.counts["already"],
        duplicates=run.counts["duplicate"],
        set_aside=tuple(run.set_aside),
        ignored=listed.ignored,
        rows=run.counts["rows"],
        bytes=run.counts["bytes"],
        seconds=seconds,
        workers=workers,
    )


def _undone(run: _Run, listed: Listed, limits: Limits, *, retry: bool) -> list[Task]:
    """Return a task for each export that is not known by its place, size and time of change already."""
    folders = list_folders(run.layout)
    there_now = {folder.name for folder in folders}
    packed = {
        entry.export: entry
        for pack in read_packs(run.layout)
        for entry in pack.exports
        if not (is_older(entry) and entry.export in there_now)
    }
    loose = [folder for folder in folders if folder.name not in packed]
    entries = [*packed.values(), *read_folders(run.layout, loose)]
    there = {
        (entry.place, entry.look): entry.export for entry in entries if entry.look and not is_older(entry)
    }
    aside = {(a.place, a.look): a for a in read_set_aside(run.layout).values()}
    aside = {} if retry else {k: a for k, a in aside.items() if a.package_version == read_version()}
    tasks = []
    for number, found in enumerate(listed.inputs):
        key = (found.place_text, look_of(found) if there or aside else "")
        if key in there:
            run.note(
                Outcome(number, "already", found.name, found.place_text, there[key], "it did not change")
            )
        elif key in aside and key[1]:
            noted = aside[key]
            run.note(Outcome(number, "set_aside", found.name, found.place_text, noted.export, noted.reason))
        else:
            tasks.append(Task(number, found, str(run.layout.root), run.name, limits))
    return tasks
