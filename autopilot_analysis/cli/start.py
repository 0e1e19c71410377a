"""How a process begins that reads one small export and ends: one thread for its columns, few collections.

A small export makes thousands of small frames. Threads that wait between them for work of microseconds spin
on the processor, one more for each core, and Python looks for garbage hundreds of times while modules load.
numpy starts a thread a core for products of matrices, which spins before it sleeps: no verb multiplies any.
At its end Python looks through all there is once more, of which nothing is needed: `gc.freeze` hides it.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

from autopilot_analysis.defaults import THREADS

PRODUCTS = "OPENBLAS_NUM_THREADS"
"""Read by numpy's OpenBLAS when it is imported; whoever sets it has the last word."""
SMALL_BYTES = 32 * 2**20
"""Bytes on disk up to which an export is small; inflated it may hold ten times as much."""
SMALL_FILES = 1000
"""Files up to which a folder is small."""
OBJECTS = 300_000
"""Objects made between two looks for garbage; Python's own number is 700 or 2,000."""


def begin(export: str | None) -> None:
    """Set this process up for the work before it, unless it has worked with polars already.

    Args:
        export: What is to be read; None when that is not one export.
    """
    if "polars" in sys.modules:
        return
    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)
    os.environ.setdefault(PRODUCTS, "1")
    if export and THREADS not in os.environ and is_small(Path(export)):
        os.environ[THREADS] = "1"


def is_small(export: Path) -> bool:
    """Tell whether an export is a file or folder of few bytes; one that cannot be looked at is not.

    Args:
        export: Its path.
    """
    files, folders = 0, [export]
    left = SMALL_BYTES
    try:
        if not export.is_dir():
            return export.stat().st_size <= SMALL_BYTES
        while folders:
            for entry in os.scandir(folders.pop()):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                    continue
                files, left = files + 1, left - entry.stat().st_size
                if files > SMALL_FILES or left < 0:
                    return False
    except OSError:
        return False
    return True
