"""Writes frames so that a full disk is an error of the system, whichever engine met it."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

_NUMBER = re.compile(r"\(os error (\d{1,6})\)")
FULL = 1 << 20
"""Bytes of free room below which a disk is full: polars 1.36 says no more than "transport error" then."""


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
        told = _NUMBER.search(str(error))
        if told is None and not _is_full(file):
            raise
        number = int(told[1]) if told else errno.ENOSPC
        if os.name == "nt":
            raise OSError(0, str(error).splitlines()[0], str(file), number) from None
        raise OSError(number, os.strerror(number), str(file)) from None


def _is_full(file: Path) -> bool:
    """Tell whether the disk that a file was to be written to has no room left."""
    try:
        return shutil.disk_usage(file if file.is_dir() else file.parent).free < FULL
    except OSError:
        return False
