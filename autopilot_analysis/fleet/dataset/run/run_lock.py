"""One call of `ingest`, known to be alive by a lock the system takes back when the process ends."""

from __future__ import annotations

import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from autopilot_analysis.fleet.dataset.manifest import Layout

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FORGOTTEN = 7 * 86_400
"""Seconds after which what a run left is removed where the file system knows no locks."""


def lock(file: IO[bytes]) -> bool | None:
    """Take the lock of an open file; False when another process holds it, None where there are no locks.

    Args:
        file: A file opened for writing; the lock ends with it.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


@contextmanager
def begin_run(layout: Layout) -> Iterator[str]:
    """Give a run its name and its folder below `work`, and take both away at its end.

    What dead runs left is removed first; a run whose lock is held is left alone.

    Args:
        layout: Of the dataset.
    """
    layout.work.mkdir(parents=True, exist_ok=True)
    _remove_dead(layout.work)
    run, file = _claim(layout.work)
    with file:
        (layout.work / run).mkdir()
        try:
            yield run
        finally:
            remove_folder(layout.work / run)
    (layout.work / f"{run}.lock").unlink(missing_ok=True)


def _claim(work: Path) -> tuple[str, IO[bytes]]:
    """Return a run's name and its lock, held; one that a run cleaning up just took away is not held."""
    while True:
        run = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:8]}"
        path = work / f"{run}.lock"
        file = path.open("wb")
        if lock(file) is not False and path.exists():
            return run, file
        file.close()


def remove_folder(folder: Path) -> None:
    """Remove a folder that someone may still be writing into: it is out of his way before anything goes.

    Args:
        folder: The folder; one that is not there is no error.
    """
    away = folder.with_name(f".gone-{uuid.uuid4().hex}")
    with suppress(OSError):
        folder.rename(away)
        folder = away
    shutil.rmtree(folder, ignore_errors=True)


def _remove_dead(work: Path) -> None:
    for folder in [path for path in work.iterdir() if path.is_dir()]:
        if folder.name.startswith(".gone-"):
            shutil.rmtree(folder, ignore_errors=True)
            continue
        path = work / f"{folder.name}.lock"
        with suppress(OSError), path.open("ab") as file:
            free = lock(file)
            if free or (free is None and _age(folder) > FORGOTTEN):
                remove_folder(folder)
                if os.name != "nt":
                    path.unlink(missing_ok=True)
    for path in work.glob("*T*-*.lock"):  # of runs killed before they had a folder
        with suppress(OSError), path.open("r+b") as file:
            if os.name != "nt" and lock(file) and not path.with_suffix("").exists():
                path.unlink(missing_ok=True)


def _age(folder: Path) -> float:
    """Return how many seconds ago anything was put into a folder; 0 when it is gone."""
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0
