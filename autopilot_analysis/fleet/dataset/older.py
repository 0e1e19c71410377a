"""Exports that an older version of this package read: they stay readable, and what they lack is said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.dataset.manifest import Entry
from autopilot_analysis.tables import SCHEMAS, Findings, Tables, Trace

STORED = tuple(
    name for kind in (Tables, Trace, Findings) for name in kind.__dataclass_fields__ if name in SCHEMAS
)
"""The tables that `ingest` writes."""
FOLDERS_NAMED = 3
"""Tables and columns that are named one by one."""


@cache
def table_shape() -> str:
    """Return a short digest of all tables and their columns: two versions with the same one read the same."""
    names = [f"{table}.{column}" for table in STORED for column in SCHEMAS[table].column_names()]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def is_older(entry: Entry) -> bool:
    """Tell whether an export was read into other tables or columns than this version knows.

    Args:
        entry: Its manifest; the first versions wrote no shape.
    """
    return entry.shape != table_shape()


def describe_older(entries: Iterable[Entry], folders: Iterable[Path]) -> str | None:
    """Return one line: which version read how many exports, and what reading them again would add.

    Args:
        entries: Every manifest of the dataset.
        folders: Where the tables of older exports lie.

    Returns:
        None when all were read by a version with these tables.
    """
    listed = list(entries)
    older = [entry for entry in listed if is_older(entry)]
    if not older:
        return None
    versions = ", ".join(sorted({entry.package_version for entry in older}))
    missing = [table for table in STORED if any(table not in entry.tables for entry in older)]
    missing += sorted(_columns(folders))
    added = (
        f"reading them again adds {wording.listed(missing, FOLDERS_NAMED)}"
        if missing
        else "nothing is missing"
    )
    return f"{len(older):,} of {len(listed):,} exports were read by version {versions}: {added}"


def _columns(folders: Iterable[Path]) -> set[str]:
    """Return the columns that files of older exports lack."""
    found: set[str] = set()
    for folder in folders:
        for table in STORED:
            schema, file = SCHEMAS[table], folder / f"{table}.parquet"
            if file.is_file():
                there = pl.read_parquet_schema(file)
                found |= {f"{table}.{name}" for name in schema.column_names() if name not in there}
    return found
