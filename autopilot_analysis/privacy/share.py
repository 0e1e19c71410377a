"""Writes a copy of the tables that can be handed on; a cell through which a name shines is hidden."""

from __future__ import annotations

import hashlib
import io
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from autopilot_analysis.errors import CHOOSE_NAME, NOTHING_LEFT, LeakFound, NothingToWrite
from autopilot_analysis.privacy.conceal import conceal
from autopilot_analysis.privacy.discover import own_word
from autopilot_analysis.privacy.hide import pseudonymise
from autopilot_analysis.privacy.leaks import find_leaks
from autopilot_analysis.privacy.pseudonyms import (
    Pseudonyms,
    default_key,
    profile_folder,
    spelt,
    write_private,
)
from autopilot_analysis.quoting import CUT
from autopilot_analysis.tables.writing import system_errors

README = """# Shared tables

One Parquet file a table. Whatever names a person, a device or an organisation stands under a pseudonym, such
as {examples}: the same original has the same pseudonym in every table and in
everything shared with the same key. The way back is not in this folder; it stayed with whoever shared it.

Before it was handed on, every table here was searched for every original that was replaced, in plain and
encoded spellings. A cell that could not be rewritten was hidden and is counted below. What cannot be told by
its place, label or shape is not recognised: a nickname in a free remark, for example. File hashes
(`members.sha256`) are those of the original files.

| table | rows |
|---|---|
"""


KINDS = ("user", "host", "serial", "tenant")
"""Kinds of pseudonyms that the text beside shared tables shows."""


class Shared(NamedTuple):
    """What `share` wrote."""

    folder: Path
    """The new folder."""
    hidden: pl.DataFrame
    """table, column, cells: how many cells were hidden because they could not be rewritten."""


def share(frames: Mapping[str, pl.DataFrame], out: str | Path, *, key: bytes | None = None) -> Shared:
    """Write pseudonymised tables into a new folder and say what of them had to be hidden.

    The table that leads back from pseudonyms to originals is written into the user's profile, never into
    `out`. The folder appears whole, after the check, or not at all.

    Args:
        frames: Frames under their tables' names.
        out: The folder to make.
        key: The key of the pseudonyms; the one in the user's profile when not given.

    Raises:
        NothingToWrite: The folder is there already, or its parent takes no folder.
        LeakFound: The folder's own name gives away an original, or what was written is not what was checked.
    """
    target = Path(out).expanduser().absolute()
    if target.exists():
        raise NothingToWrite.taken(target)
    rewritten, mapping = pseudonymise(frames, Pseudonyms(default_key() if key is None else key))
    sought = mapping.filter(~_own_words(mapping))["original"]
    _refuse_name(target, sought)
    shown, hidden = conceal(rewritten, sought)
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        part.mkdir(parents=False)
        _write(shown, part)
        _write_readme(shown, hidden, part)
        _keep_way_back(target, mapping)
        part.rename(target)
    except OSError as error:
        raise NothingToWrite.refused(target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Shared(target, hidden)


def _own_words(mapping: pl.DataFrame) -> pl.Series:
    pairs = mapping.select("kind", "original").rows()
    return pl.Series([own_word(kind, original) for kind, original in pairs], dtype=pl.Boolean)


def _write(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    for name, frame in frames.items():
        place = folder / f"{name}.parquet"
        with system_errors(folder):
            frame.write_parquet(place)
        if not pl.read_parquet(place, glob=False).equals(frame):
            raise LeakFound(f"{place.name} does not hold what was checked; {NOTHING_LEFT}.")


def _write_readme(frames: Mapping[str, pl.DataFrame], hidden: pl.DataFrame, folder: Path) -> None:
    lines = "".join(f"| {name} | {frame.height:,} |\n" for name, frame in frames.items())
    cells = "".join(f"| {table}.{column} | {count:,} |\n" for table, column, count in hidden.rows())
    counted = f"\n| cells hidden in | cells |\n|---|---|\n{cells}" if cells else "\nNo cell was hidden.\n"
    (folder / "README.md").write_text(_statement() + lines + counted, "utf-8")


def _statement() -> str:
    """Return the text beside shared tables, with pseudonyms as they are spelt."""
    return README.format(examples=", ".join(f"`{spelt(kind, CUT)}`" for kind in KINDS))


def _refuse_name(target: Path, originals: pl.Series) -> None:
    if find_leaks(target.name.encode(), originals).height:
        raise LeakFound(f"the folder's own name, {target.name}, gives away an original; {CHOOSE_NAME}.")


def _keep_way_back(target: Path, mapping: pl.DataFrame) -> None:
    content = io.BytesIO()
    mapping.write_parquet(content)
    mark = hashlib.sha256(str(target).encode()).hexdigest()[:8]
    write_private(
        profile_folder() / "shared" / f"{target.name}-{mark}.parquet", content.getvalue(), replace=True
    )
