"""Where the tables of a dataset's exports lie: in a folder of one, or in a pack of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autopilot_analysis.fleet.dataset.manifest import (
    Entry,
    Layout,
    Pack,
    list_folders,
    read_folders,
    read_packs,
)
from autopilot_analysis.fleet.dataset.older import is_older


@dataclass(frozen=True, eq=False)
class Place:
    """Where the tables of some exports lie: a folder of one, or a pack of many."""

    folder: Path
    entries: tuple[Entry, ...]
    whole: bool
    """False when the pack holds exports beside these."""

    def rows(self, table: str) -> int:
        """Return how many rows of a table were written for these exports."""
        return sum(entry.tables.get(table, 0) for entry in self.entries)

    def file(self, table: str) -> Path | None:
        """Return the file of a table; None when it has no rows."""
        return self.folder / f"{table}.parquet" if self.rows(table) else None


def find_places(layout: Layout) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Return where the tables of every export lie, and the exports of which that cannot be read.

    Args:
        layout: Of the dataset.
    """
    folders = list_folders(layout)  # before the packs, or what is packed meanwhile would be missed
    places: dict[str, Place] = {}
    packs = read_packs(layout)
    renewed = renewed_exports(packs, folders)
    for pack in packs:
        new = tuple(
            entry
            for entry in pack.exports
            if entry.export not in places and not (entry.export in renewed and is_older(entry))
        )
        place = Place(layout.packs / pack.pack, new, len(new) == len(pack.exports))
        places |= {entry.export: place for entry in new}
    loose = [folder for folder in folders if folder.name not in places]
    for entry in read_folders(layout, loose):
        places[entry.export] = Place(layout.export(entry.export), (entry,), whole=True)
    unread = tuple(folder.name for folder in loose if folder.name not in places)
    return tuple(dict.fromkeys(places.values())), unread


def renewed_exports(packs: Iterable[Pack], folders: Iterable[Path]) -> set[str]:
    """Return the exports of packs that were read again since: each lies in a folder or a newer pack.

    Args:
        packs: Those that count.
        folders: Of exports that lie by themselves.
    """
    newer = {entry.export for pack in packs for entry in pack.exports if not is_older(entry)}
    return newer | {folder.name for folder in folders}
