"""Writes a timeline as one file for other tools, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import BadInput, NothingToWrite, UnknownName
from autopilot_analysis.formats import CSV, PERFETTO, TIMELINE_ENDINGS, TIMESKETCH
from autopilot_analysis.tables.writing import system_errors, write_csv
from autopilot_analysis.timeline.perfetto import write_perfetto
from autopilot_analysis.timeline.timesketch import write_timesketch

FORMATS = tuple(TIMELINE_ENDINGS)
WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    TIMESKETCH: write_timesketch,
    PERFETTO: write_perfetto,
    CSV: write_csv,
}
"""What writes a timeline in each of FORMATS."""


def choose_file(out: str | Path, form: str, *, overwrite: bool) -> Path:
    """Return the file that a timeline goes to, with the ending of its format; refused before any work.

    Args:
        out: The file; its format's ending is added when it lacks one.
        form: One of FORMATS.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        UnknownName: No format is called that.
        BadInput: The folder does not exist.
        NothingToWrite: The file is there already and `overwrite` is not set.
    """
    if form not in WRITERS:
        raise UnknownName.among("format", form, FORMATS)
    ending = TIMELINE_ENDINGS[form]
    target = Path(out)
    if target.suffix.lower() != ending:
        target = target.with_name(target.name + ending)
    if not target.absolute().parent.is_dir():
        raise BadInput.no_folder(target.parent)
    if target.is_dir() or (target.exists() and not overwrite):
        raise NothingToWrite.taken(target, f"choose another name, or add {Option.FORCE}")
    return target


def write_timeline(
    timeline: pl.DataFrame, out: str | Path, form: str = FORMATS[0], *, overwrite: bool = False
) -> Path:
    """Write a timeline for another tool as one file; return where it lies.

    Args:
        timeline: What `build_timeline` returned.
        out: The file; an ending that the format needs is added where it is missing.
        form: One of FORMATS.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        UnknownName: There is no such format.
        BadInput: The folder does not exist.
        NothingToWrite: The file is there already and `overwrite` is not set, or the folder takes no file.
    """
    target = choose_file(out, form, overwrite=overwrite)
    folder = target.absolute().parent
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}.", suffix=".part", dir=folder)
    except OSError as error:
        raise NothingToWrite.no_file(folder, error) from error
    os.close(handle)
    part = Path(name)
    try:
        with system_errors(part):
            WRITERS[form](timeline, part)
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target
