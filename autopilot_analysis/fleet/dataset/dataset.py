"""A dataset, opened: every table lazily, and the collections of chosen devices."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.export import content_hash
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.findings import find
from autopilot_analysis.findings.search import in_order
from autopilot_analysis.fleet.dataset.manifest import (
    Entry,
    Layout,
    check_version,
    entry_columns,
    read_set_aside,
)
from autopilot_analysis.fleet.dataset.older import describe_older, is_older
from autopilot_analysis.fleet.dataset.places import Place, find_places
from autopilot_analysis.fleet.dataset.stored import (
    AGAIN,
    check_rows,
    naming_damage,
    refuse_bomb,
    scan_stored,
)
from autopilot_analysis.fleet.deployments.reconcile import reconcile_deployments
from autopilot_analysis.release import read_version
from autopilot_analysis.tables import SCHEMAS, Findings, Tables, Trace
from autopilot_analysis.tables.completing import merge_captures
from autopilot_analysis.trace import build_trace

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "hash_of", "is_dataset", "open_dataset"]

Devices = str | Iterable[str] | None
UNREAD = "its tables are left out: its manifest is cut or gone, was edited, or is of a newer version"
RENEW = "ingest them into this dataset: those that are there are read again"
EXPORTS: dict[str, pl.DataType] = {
    "export": pl.String(), "name": pl.String(), "place": pl.String(), "bytes": pl.Int64(),
    "devices": pl.List(pl.String), "rows": pl.Int64(), "gaps": pl.Int64(), "seconds": pl.Float64(),
    "run": pl.String(), "schema_version": pl.Int64(), "package_version": pl.String(),
    "finished_at": pl.Datetime("us", "UTC"),
}  # fmt: skip


def hash_of(path: str | Path) -> str:
    """Return the SHA-256 of what a path holds, the same whatever its name or place is.

    Args:
        path: A file: of its bytes. A folder: over the hash and the relative path of each of its files, sorted
            by path. A dataset: over the hashes of its exports, sorted.

    Raises:
        NotAnExport: It does not exist or cannot be read.
    """
    if not is_dataset(path):
        return content_hash(path)
    hashes = sorted(open_dataset(path).exports["export"])
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def open_dataset(path: str | Path) -> Dataset:
    """Return a dataset that `ingest` made, as it is now; nothing but its manifests is read.

    Args:
        path: The dataset.

    Raises:
        BadInput: It is none, holds links, or its tables are of another version.

    Example:
        >>> fleet = open_dataset("fleet/")  # doctest: +SKIP
        >>> fleet.scan("findings").group_by("rule").len().collect()  # doctest: +SKIP
    """
    layout = Layout(Path(path).expanduser().absolute())
    check_version(layout.root)
    return Dataset(layout.root, *find_places(layout))


@dataclass(frozen=True, eq=False)
class Dataset:
    """Many exports' tables; rows carry `export`, the hash of the export they came from."""

    path: Path
    _places: tuple[Place, ...] = field(repr=False)
    _unread: tuple[str, ...] = field(default=(), repr=False)
    """Exports whose manifest is cut, gone, edited or newer: each is a row of `gaps`."""

    def __repr__(self) -> str:
        entries = [entry for place in self._places for entry in place.entries]
        devices = len({device for entry in entries for device in entry.devices})
        return f"<Dataset {self.path.name}: {len(entries):,} exports, {devices:,} devices>"

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table of every export, lazily: only the columns and rows asked for are read.

        Args:
            table: One of `tables.SCHEMAS`.

        Raises:
            UnknownName: There is no such table.
        """
        frame = scan_stored(table, self._places, None)
        if table != "gaps" or not (self._unread or self.older):
            return frame
        lost = dict.fromkeys(frame.collect_schema()) | {"device": "", "reason": UNREAD, "advice": AGAIN}
        rows = [{**lost, "export": name} for name in self._unread]
        if self.older:
            rows.append({**lost, "export": "", "reason": self.older, "advice": RENEW})
        return pl.concat([frame, pl.LazyFrame(rows, schema=frame.collect_schema())])

    def collect(self, *names: str) -> dict[str, pl.DataFrame]:
        """Return tables of every export.

        Args:
            names: Of `tables.SCHEMAS`.

        Raises:
            UnknownName: There is no such table.
            BadInput: A file is damaged, or is not as `ingest` wrote it.
        """
        with self.damage_named():
            frames = dict(zip(names, pl.collect_all([self.scan(name) for name in names]), strict=True))
            for name, frame in frames.items():
                written = sum(place.rows(name) for place in self._places)
                counted = len(self._unread) + (self.older is not None)
                check_rows(name, frame, written + counted * (name == "gaps"), older=self.older is not None)
                refuse_bomb(name, frame, self._places)
        return frames

    def damage_named(self) -> AbstractContextManager[None]:
        """Name the file where what is read inside is damaged, or not as `ingest` wrote it: as BadInput."""
        return naming_damage(self.path, self._places)

    def scan_exports(self, table: str, exports: Iterable[str]) -> pl.LazyFrame:
        """Return a table of chosen exports, lazily, in the order they are named when each lies by itself.

        Args:
            table: One of `tables.SCHEMAS`.
            exports: Their hashes.

        Raises:
            UnknownName: There is no such table.
        """
        wanted = {content: place for place, content in enumerate(exports)}
        places = [place for place in self._places if any(e.export in wanted for e in place.entries)]
        places.sort(key=lambda place: min(wanted.get(e.export, len(wanted)) for e in place.entries))
        return scan_stored(table, places, list(wanted))

    @cached_property
    def older(self) -> str | None:
        """One line on exports that an older version read, and what reading them again adds; None for none."""
        folders = [place.folder for place in self._places if any(map(is_older, place.entries))]
        return describe_older(self.entries, folders)

    @property
    def entries(self) -> list[Entry]:
        """The manifest of every export, in the order of their hashes."""
        return sorted((e for place in self._places for e in place.entries), key=lambda e: e.export)

    def __getattr__(self, name: str) -> pl.LazyFrame:
        if name in SCHEMAS:
            return self.scan(name)
        raise AttributeError(f"a dataset has no {name!r}; its tables are {', '.join(SCHEMAS)}")

    @cached_property
    def exports(self) -> pl.DataFrame:
        """One row for each export: name, devices, rows, gaps, and when which version read it."""
        columns = entry_columns(self.entries)
        return pl.DataFrame({name: columns[name] for name in EXPORTS}, schema=EXPORTS)

    @property
    def set_aside(self) -> pl.DataFrame:
        """One row for each export that could not be read, with the reason."""
        asides = read_set_aside(Layout(self.path)).values()
        names = ("name", "place", "reason", "error", "package_version", "at", "export")
        kinds = {name: pl.Datetime("us", "UTC") if name == "at" else pl.String for name in names}
        return pl.DataFrame({n: [getattr(aside, n) for aside in asides] for n in names}, schema=kinds)

    def tables(self, device: Devices = None) -> Tables:
        """Return what the exports of chosen devices say, as `read_tables` would.

        Args:
            device: A key, serial or name, or several; None or empty takes every device, and their memory.

        Raises:
            UnknownName: No device is called so.
        """
        frames = self._collect(Tables, device)
        frames["devices"] = merge_captures(frames["devices"], ["device"])
        frames["coverage"] = merge_captures(frames["coverage"], ["device", "source"])
        return Tables.of(frames)

    def trace(self, device: Devices = None) -> Trace:
        """Return what happened on chosen devices.

        When several exports tell of a device, it is traced anew over all of them, so that its attempts are
        counted through.

        Args:
            device: A key, serial or name, or several; None or empty takes every device.

        Raises:
            UnknownName: No device is called so.
        """
        return (
            Trace.of(self._collect(Trace, device))
            if self._single(device)
            else build_trace(self.tables(device))
        )

    def findings(self, device: Devices = None) -> Findings:
        """Return what went wrong on chosen devices, causes first, the most severe first among them.

        Args:
            device: A key, serial or name, or several; None or empty takes every device.

        Raises:
            UnknownName: No device is called so.
        """
        if self._single(device):
            return _counted_through(self._collect(Findings, device))
        tables = self.tables(device)
        return find(tables, build_trace(tables))

    def is_current(self, device: Devices = None) -> bool:
        """Tell whether trace and findings of chosen devices stand here as this version would make them.

        They do where each device comes from one export and this version read it.

        Args:
            device: A key, serial or name, or several; None or empty takes every device.

        Raises:
            UnknownName: No device is called so.
        """
        keys = self._keys(device)
        read_by = {e.package_version for e in self.entries if keys is None or keys & set(e.devices)}
        return read_by <= {read_version()} and self._single(device)

    @property
    def deployments(self) -> pl.LazyFrame:
        """The deployments of every export, lazily; several rows may tell of one attempt (`reconciled`)."""
        return self.scan("deployments")

    def reconciled(self) -> pl.DataFrame:
        """Return the deployments with each attempt once, whatever number of exports tell of it."""
        all_rows = reconcile_deployments(self.collect("deployments")["deployments"])
        return all_rows.filter("believed").drop("believed")

    def to_pandas(self, table: str = "deployments") -> pd.DataFrame:
        """Return a table of every export as a pandas frame.

        Args:
            table: One of `tables.SCHEMAS`.

        Raises:
            UnknownName: There is no such table.
        """
        return self.collect(table)[table].to_pandas()

    def _collect(self, kind: type[Any], device: Devices) -> dict[str, pl.DataFrame]:
        """Return the frames of one collection, of chosen devices."""
        names = list(kind.__dataclass_fields__)
        keys = self._keys(device)
        if keys is None:
            return self.collect(*names)
        places = [place for place in self._places if any(keys & set(e.devices) for e in place.entries)]
        wanted = [e.export for place in places for e in place.entries if keys & set(e.devices)]
        scans = [_of_devices(name, scan_stored(name, places, wanted), keys) for name in names]
        with self.damage_named():
            frames = dict(zip(names, pl.collect_all(scans), strict=True))
            for name, frame in frames.items():
                check_rows(name, frame, older=self.older is not None)
                refuse_bomb(name, frame, self._places)
        return frames

    def _keys(self, device: Devices) -> set[str] | None:
        """Return the keys of the devices that are meant; None for all."""
        asked = [device] if isinstance(device, str) else list(device or ())
        asked = [name for name in asked if name]
        if not asked:
            return None
        known = self._devices
        keys: set[str] = set()
        for name in asked:
            is_it = [pl.col(c).str.to_lowercase() == name.lower() for c in ("device", "serial", "name")]
            found = known.filter(pl.any_horizontal(one.fill_null(value=False) for one in is_it))["device"]
            if found.is_empty():
                raise UnknownName.among("device", name, known["device"].unique())
            keys |= set(found)
        return keys

    @cached_property
    def _devices(self) -> pl.DataFrame:
        with self.damage_named():
            return self.scan("devices").select("device", "serial", "name").collect()

    def _single(self, device: Devices) -> bool:
        """Tell whether each of the chosen devices comes from one export only."""
        keys = self._keys(device)
        devices = [d for place in self._places for entry in place.entries for d in entry.devices]
        chosen = [d for d in devices if keys is None or d in keys]
        return len(chosen) == len(set(chosen))


def _counted_through(frames: dict[str, pl.DataFrame]) -> Findings:
    """Return the findings of several exports in one order, counted from 1, and let their evidence follow."""
    ordered = in_order(frames["findings"]).with_columns(new=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    ids = ordered.select("export", "new", finding="id")
    evidence = frames["evidence"].join(ids, on=["export", "finding"], maintain_order="left")
    evidence = evidence.sort("device", "rule", "at", nulls_last=True, maintain_order=True)
    return Findings.of(
        {"findings": ordered.with_columns(id="new"), "evidence": evidence.with_columns(finding="new")}
    )


def _of_devices(table: str, frame: pl.LazyFrame, keys: set[str]) -> pl.LazyFrame:
    """Keep the rows of some devices; a table that names no device is kept whole."""
    named = "device" in SCHEMAS[table].column_names()
    return frame.filter(pl.col("device").is_in(sorted(keys))) if named else frame
