"""The tables of a dataset as they are stored, read lazily and checked: a file may be damaged, or a trap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.export import Limits
from autopilot_analysis.fleet.dataset.older import is_older
from autopilot_analysis.fleet.dataset.places import Place
from autopilot_analysis.tables import SCHEMAS, schema_of

DAMAGE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What the column engine raises on files that nobody's `ingest` wrote."""
AGAIN = "remove the folder it lies in and ingest its export again, or all exports into a new folder"


def scan_stored(table: str, places: Iterable[Place], exports: list[str] | None) -> pl.LazyFrame:
    """Return a table of some exports, lazily, with the types of its schema.

    Args:
        table: One of `tables.SCHEMAS`.
        places: Where tables lie.
        exports: Their hashes; None for every export at those places.

    Raises:
        UnknownName: There is no such table.
    """
    frame = _as_stored(table, places, exports)
    enums = [pl.col(name).cast(kind) for name, kind in schema_of(table).items() if isinstance(kind, pl.Enum)]
    return frame.with_columns(enums) if enums else frame


def _as_stored(table: str, places: Iterable[Place], exports: list[str] | None) -> pl.LazyFrame:
    """Return the rows of some exports as they are stored; of every export at those places for None."""
    if table not in SCHEMAS:
        raise UnknownName.among("table", table, SCHEMAS)
    schema = pl.Schema({"export": pl.String(), **schema_of(table)})
    plain = {name: pl.String() if isinstance(kind, pl.Enum) else kind for name, kind in schema.items()}
    found = [place for place in places if place.file(table) is not None]
    if not found:
        return pl.LazyFrame(schema=plain)
    files = [str(place.file(table)) for place in found]
    frame = pl.scan_parquet(
        files, schema=plain, missing_columns="insert", extra_columns="ignore", glob=False, low_memory=True
    )
    there = [entry.export for place in found for entry in place.entries]
    wanted = there if exports is None else exports
    if all(place.whole for place in found) and set(there) <= set(wanted):
        return frame  # a list of thousands of exports would be compared with every file
    return frame.filter(pl.col("export").is_in(wanted))


def check_rows(table: str, frame: pl.DataFrame, rows: int | None = None, *, older: bool = False) -> None:
    """Refuse other rows than were written, and nulls where no reader leaves any, unless an older one did.

    Args:
        table: Which it is.
        frame: What was read of it.
        rows: How many were written; None where nobody counted these.
        older: Whether an older version read some of the exports.

    Raises:
        ShapeError: There are more rows, or fewer.
        SchemaError: A column that is never empty is.
    """
    if rows is not None and frame.height != rows:
        raise pl.exceptions.ShapeError(f"{frame.height:,} rows instead of {rows:,}")
    never = [name for name, column in SCHEMAS[table].columns().items() if not column.nullable]
    whole = ["export"] if older else ["export", *never]
    if empty := [name for name in whole if frame[name].null_count()]:
        raise pl.exceptions.SchemaError(f"nothing in {', '.join(empty)}")


def refuse_bomb(table: str, frame: pl.DataFrame, places: Iterable[Place]) -> None:
    """Refuse a few bytes that many rows share until they are more text than any machine reads through.

    Args:
        table: Which it is.
        frame: What was read of it.
        places: Where it lies.

    Raises:
        ComputeError: They do.
    """
    lengths = frame.select(pl.col(pl.String).str.len_bytes().cast(pl.UInt64).sum())
    text = sum(lengths.row(0)) if lengths.width else 0
    if text > Limits.total_floor:
        packed = sum(file.stat().st_size for place in places if (file := place.file(table)))
        if text > Limits.ratio * packed:
            raise pl.exceptions.ComputeError(f"{table} unpacks {text / packed:,.0f} times larger")


@contextmanager
def naming_damage(root: Path, places: Iterable[Place]) -> Iterator[None]:
    """Name the file where what is read inside is damaged, or not as `ingest` wrote it.

    Args:
        root: The dataset.
        places: Where its tables lie.

    Raises:
        BadInput: It is.
    """
    try:
        yield
    except (*DAMAGE, FileNotFoundError, IsADirectoryError) as error:
        where, why = next(_damaged(places), (root, error))
        words = " ".join(str(why).split())[:200]
        raise BadInput(f"{where} is damaged, or not as ingest wrote it ({words}); {AGAIN}") from error


def _damaged(places: Iterable[Place]) -> Iterator[tuple[Path, BaseException]]:
    """Yield each file that cannot be read, with the reason; every file is read for it, one by one."""
    for place in places:
        for table in SCHEMAS:
            if (file := place.file(table)) is None:
                continue
            try:
                frame = scan_stored(table, [place], None).collect()
                check_rows(table, frame, place.rows(table), older=any(map(is_older, place.entries)))
            except (*DAMAGE, OSError) as error:
                yield file, error
