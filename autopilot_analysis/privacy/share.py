"""Writes a copy of the tables that can be handed on, and does not finish when anything shines through."""

from __future__ import annotations

import hashlib
import io
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from autopilot_analysis.errors import AnalysisError, LeakFound, NothingToWrite
from autopilot_analysis.privacy.hide import pseudonymise
from autopilot_analysis.privacy.leaks import find_leaks
from autopilot_analysis.privacy.pseudonyms import Pseudonyms, default_key, profile_folder, write_private
from autopilot_analysis.tables.writing import system_errors

README = """# Shared tables

One Parquet file a table. Whatever names a person, a device or an organisation stands under a pseudonym, such
as `user-…`, `host-…`, `serial-…`, `tenant-…`: the same original has the same pseudonym in every table and in
everything shared with the same key. The way back is not in this folder; it stayed with whoever shared it.

Before it was handed on, every table here was searched for every original that was replaced, in plain and
encoded spellings, and none was found. What cannot be told by its place, label or shape is not recognised:
a nickname in a free remark, for example. File hashes (`members.sha256`) are those of the original files.

| table | rows |
|---|---|
"""


def share(frames: Mapping[str, pl.DataFrame], out: str | Path, *, key: bytes | None = None) -> Path:
    """Write pseudonymised tables into a new folder, check it for leaks, and return it.

    The table that leads back from pseudonyms to originals is written into the user's profile, never into
    `out`. The folder appears whole, after the check, or not at all.

    Args:
        frames: Frames under their tables' names.
        out: The folder to make.
        key: The key of the pseudonyms; the one in the user's profile when not given.

    Raises:
        NothingToWrite: The folder is there already, or its parent takes no folder.
        LeakFound: An original can still be found; nothing is left behind.
    """
    target = Path(out).expanduser().absolute()
    if target.exists():
        raise NothingToWrite(f"{target} is there already; choose the name of a new folder.")
    hidden, mapping = pseudonymise(frames, Pseudonyms(default_key() if key is None else key))
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        part.mkdir(parents=False)
        _write(hidden, part)
        _refuse_leaks(part, target, mapping)
        _write_readme(hidden, part)  # fixed words and counts: a tenant called "Example" is no leak in them
        _keep_way_back(target, mapping)
        part.rename(target)
    except OSError as error:
        raise NothingToWrite(
            f"{target} could not be written ({error.strerror}); nothing was left."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _write(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    for name, frame in frames.items():
        with system_errors(folder):
            frame.write_parquet(folder / f"{name}.parquet")


def _write_readme(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    lines = "".join(f"| {name} | {frame.height:,} |\n" for name, frame in frames.items())
    (folder / "README.md").write_text(README + lines, "utf-8")


def _refuse_leaks(folder: Path, target: Path, mapping: pl.DataFrame) -> None:
    try:
        leaks = find_leaks(folder, mapping["original"])
    except Exception as error:
        raise AnalysisError(
            f"{target.name} could not be checked for leaks ({error}); nothing was left."
        ) from error
    named = find_leaks(target.name.encode(), mapping["original"])
    if named.height:
        raise LeakFound(f"the folder's own name, {target.name}, gives away an original; choose another name.")
    if leaks.height:
        kinds = (
            leaks.join(mapping, on="original", how="left").select("file", "place", "kind", "pseudonym").row(0)
        )
        file, place, kind, pseudonym = kinds
        raise LeakFound(
            f"{leaks.height} originals can still be found, first a {kind} ({pseudonym}) in {file} ({place}); "
            "nothing was left. Please report which field it came from."
        )


def _keep_way_back(target: Path, mapping: pl.DataFrame) -> None:
    content = io.BytesIO()
    mapping.write_parquet(content)
    mark = hashlib.sha256(str(target).encode()).hexdigest()[:8]
    write_private(
        profile_folder() / "shared" / f"{target.name}-{mark}.parquet", content.getvalue(), replace=True
    )
