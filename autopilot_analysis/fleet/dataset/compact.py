"""Many small files of a dataset -> few larger ones, while others may read it and add to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from autopilot_analysis.errors import BadInput, NotWritten
from autopilot_analysis.fleet.dataset.dataset import Dataset, open_dataset
from autopilot_analysis.fleet.dataset.manifest import (
    MANIFEST,
    Entry,
    Layout,
    Pack,
    log_line,
    read_packs,
    write_beside,
)
from autopilot_analysis.fleet.dataset.run.run_lock import begin_run, lock, remove_folder
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.writing import store_frame

ROWS = 20_000_000
"""Rows of one pack over all tables, at most."""
EXPORTS = 5_000
"""Exports of one pack, at most: what a call that is stopped has merged in vain, a minute's work."""
ROW_GROUP = 100_000
"""Rows that are skipped at once when none of them is of the device asked for."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class CompactSummary:
    """What one call of `compact` did."""

    exports: int
    packs: int
    files_before: int
    files_after: int

    def __str__(self) -> str:
        files = f"{self.files_before:,} files became {self.files_after:,}"
        return f"{self.exports:,} exports merged into {self.packs:,} packs; {files}"


def compact(path: str | Path, *, progress: Progress | None = None) -> CompactSummary:
    """Merge the tables of single exports, and of small packs, into larger files, ordered by device.

    The merged tables appear before the single ones go, and a reader counts none twice. An `ingest` may go on
    meanwhile; a dataset opened before must be opened again. A call that was stopped leaves whole packs only,
    and the next one goes on behind them.

    Args:
        path: The dataset.
        progress: Called after each table with how many exports are merged, how many there are, and its name.

    Raises:
        BadInput: It is no dataset, or another call is merging it now.
        NotWritten: The disk is full or read-only.
    """
    dataset = open_dataset(path)
    layout = Layout(dataset.path)
    layout.work.mkdir(exist_ok=True)
    try:
        with (layout.work / "compact.lock").open("ab") as file:
            if lock(file) is False:
                raise BadInput(f"{dataset.path} is being merged by another call; wait for it")
            with begin_run(layout) as run:
                summary = _merge(open_dataset(path), layout, run, progress or (lambda *_: None))
                log_line(layout, run, f"compact: {summary}")
                return summary
    except OSError as error:
        raise NotWritten(f"{dataset.path} cannot be written: {error.strerror or error}") from error


def _merge(dataset: Dataset, layout: Layout, run: str, progress: Progress) -> CompactSummary:
    old = read_packs(layout)
    small = [pack for pack in old if _is_small(pack)]
    kept = {entry.export for pack in old if pack not in small for entry in pack.exports}
    entries = [entry for entry in dataset.entries if entry.export not in kept]
    loose = {entry.export for entry in entries} - {e.export for pack in old for e in pack.exports}
    before = _files(layout)
    batches = list(_batches(entries)) if loose or len(small) > 1 else []
    merged, total = 0, sum(map(len, batches))
    for place, batch in enumerate(batches):
        replaces = [pack.pack for pack in small] if place == len(batches) - 1 else []
        for table, share in _write_pack(dataset, layout, run, batch, replaces):
            progress(merged + round(share * len(batch)), total, table)
        merged += len(batch)
    if batches:
        for pack in small:
            remove_folder(layout.packs / pack.pack)
    for pack in read_packs(layout):
        for entry in pack.exports:
            _strip(layout.export(entry.export))
    return CompactSummary(total, len(batches), before, _files(layout))


def _is_small(pack: Pack) -> bool:
    """Tell whether a pack is merged anew with what came after it."""
    return len(pack.exports) < EXPORTS // 2 and sum(map(_rows, pack.exports)) < ROWS // 2


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield entries in the order of their devices, as many as make a pack."""
    batch: list[Entry] = []
    rows = 0
    for entry in sorted(entries, key=lambda e: (e.devices[:1], e.export)):
        rows += _rows(entry)
        if batch and (rows > ROWS or len(batch) == EXPORTS):
            yield batch
            batch, rows = [], _rows(entry)
        batch.append(entry)
    if batch:
        yield batch


def _write_pack(
    dataset: Dataset, layout: Layout, run: str, batch: list[Entry], replaces: list[str]
) -> Iterator[tuple[str, float]]:
    """Write one pack beside the dataset and make it appear at once; yield each table and the share done."""
    folder = layout.work / run / f"pack-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    whole = [entry.export for entry in batch]
    filled = [table for table in SCHEMAS if any(entry.tables.get(table, 0) for entry in batch)]
    for done, table in enumerate(filled, start=1):
        kinds = SCHEMAS[table].create_empty().schema
        enums = [name for name, kind in kinds.items() if isinstance(kind, pl.Enum)]
        plain = dataset.scan_exports(table, whole).with_columns(pl.col(enums).cast(pl.String))
        with dataset.damage_named():
            store_frame(plain, folder / f"{table}.parquet", row_group=ROW_GROUP)
        yield table, done / len(filled)
    name = f"{run}-{folder.name}"
    write_beside(folder / MANIFEST, Pack(pack=name, replaces=replaces, exports=batch))
    layout.packs.mkdir(exist_ok=True)
    folder.rename(layout.packs / name)


def _strip(folder: Path) -> None:
    """Remove the tables of an export that lies in a pack; its manifest stays, so that it is known."""
    if folder.is_symlink():
        return  # what it leads to is not of this dataset
    for file in folder.glob("*.parquet"):
        file.unlink(missing_ok=True)


def _rows(entry: Entry) -> int:
    return sum(entry.tables.values())


def _files(layout: Layout) -> int:
    return sum(1 for place in (layout.exports, layout.packs) for _ in place.rglob("*.parquet"))
