"""Writes frames as files, all or none; a full disk is an error of the system, whichever engine met it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import polars as pl
from polars import selectors as cs

from autopilot_analysis.errors import NothingToWrite, NotWritten
from autopilot_analysis.formats import CSV, NDJSON, PARQUET
from autopilot_analysis.windows import move

_NUMBER = re.compile(r"\(os error (\d{1,6})\)")
FULL = 1 << 20
"""Bytes of free room below which a disk is full: polars 1.36 says no more than "transport error" then."""

PACKED_AS: Literal["zstd"] = "zstd"
"""How the tables of a dataset are packed."""
LEVEL = {"of one export": 1, "merged": 3}
"""Levels at which they are packed: quickly where many exports come, better where they are merged."""


@contextmanager
def system_errors(file: Path) -> Iterator[None]:
    """Raise what the system said where the column engine says it in words of its own.

    Args:
        file: What is written inside, for the message.

    Raises:
        OSError: The system refused, such as for want of room.
    """
    try:
        yield
    except pl.exceptions.PolarsError as error:
        place = _NUMBER.search(str(error))
        if place is None and not _is_full(file):
            raise
        number = int(place[1]) if place else errno.ENOSPC
        if os.name == "nt":
            raise OSError(0, str(error).splitlines()[0], str(file), number) from None
        raise OSError(number, os.strerror(number), str(file)) from None


def _is_full(file: Path) -> bool:
    """Tell whether the disk that a file was to be written to has no room left."""
    try:
        return shutil.disk_usage(file if file.is_dir() else file.parent).free < FULL
    except OSError:
        return False


def store_frame(frame: pl.DataFrame | pl.LazyFrame, file: Path, *, row_group: int | None = None) -> None:
    """Write one table of a dataset: quickly where it is at hand, in pieces where it has to be made.

    Args:
        frame: Its rows; a lazy frame is never held as a whole.
        file: Where to; its folder exists.
        row_group: Rows that a reader may skip at once, of a lazy frame.

    Raises:
        OSError: The system refused, such as for want of room.
    """
    with system_errors(file):
        if isinstance(frame, pl.LazyFrame):
            level = LEVEL["merged"]
            frame.sink_parquet(file, compression=PACKED_AS, compression_level=level, row_group_size=row_group)
        else:
            frame.write_parquet(file, compression=PACKED_AS, compression_level=LEVEL["of one export"])


def write_frames(frames: dict[str, pl.DataFrame], out: Path, form: str) -> None:
    """Write each frame as one file in `out`, all of them or none.

    Args:
        frames: Frames under their table's name.
        out: A folder; files of the same name in it are replaced, others stay.
        form: One of TABLE_FORMATS. Durations become seconds where the format has none.

    Raises:
        NothingToWrite: The folder takes no file.
    """
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    fixed = out.is_mount() or Path.cwd().is_relative_to(out)  # can be filled, not exchanged
    within = out if fixed else out.parent
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=within))
    except OSError as error:
        raise NothingToWrite.no_file(within, error) from error
    try:
        for name, frame in frames.items():
            file = beside / f"{name}.{form}"
            with system_errors(file):
                WRITERS[form](frame, file)
        if fixed:
            for made in beside.iterdir():
                move(made, out / made.name, over=True)
        else:
            _take_place(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _take_place(beside: Path, out: Path) -> None:
    """Put a folder in the place of another, with what that holds besides: a reader finds old or new."""
    before = out.with_name(f".{out.name}.before-tables")
    if before.exists() and not out.exists():
        move(before, out)  # a call before this one was killed between its two renames
    beside.chmod(0o755)
    if not out.exists():
        move(beside, out)
        return
    for kept in out.iterdir():
        if kept.is_dir() and not kept.is_symlink():
            shutil.copytree(kept, beside / kept.name, symlinks=True, copy_function=_link)
        elif not (beside / kept.name).exists():
            _link(kept, beside / kept.name)
    shutil.rmtree(before, ignore_errors=True)
    move(out, before)
    try:
        move(beside, out)
    except (OSError, NotWritten):
        move(before, out)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _link(file: str | Path, place: str | Path) -> None:
    """Let a file be in a second folder too, as a copy where the file system has no links."""
    try:
        os.link(file, place, follow_symlinks=False)
    except OSError:
        shutil.copy2(file, place, follow_symlinks=False)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame without spans, which become seconds, and with lists of text."""
    return frame.with_columns(
        cs.duration().dt.total_seconds(fractional=True), cs.list().cast(pl.List(pl.String))
    )


def write_csv(frame: pl.DataFrame, file: Path) -> None:
    """Write a frame as CSV: spans in seconds, blanks within a list, no cell that a spreadsheet would run.

    Args:
        frame: Any table.
        file: Where to write.
    """
    inert = cs.string()  # a leading =, +, -, @ would be a formula in a spreadsheet
    joined = _flat(frame).with_columns(cs.list().list.join(" "))
    joined.with_columns(inert.str.replace(r"^([=+\-@\t\r])", "'$1")).write_csv(file)


def _write_ndjson(frame: pl.DataFrame, file: Path) -> None:
    _flat(frame).write_ndjson(file)


def _write_parquet(frame: pl.DataFrame, file: Path) -> None:
    frame.write_parquet(file)


WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], None]] = {
    PARQUET: _write_parquet,
    CSV: write_csv,
    NDJSON: _write_ndjson,
}
"""What writes a table in each of TABLE_FORMATS."""
