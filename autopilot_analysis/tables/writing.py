"""Writes frames so that a full disk is an error of the system, whichever engine met it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

_NUMBER = re.compile(r"\(os error (\d{1,6})\)")


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
        if told is None:
            raise
        number = int(told[1])
        if os.name == "nt":
            raise OSError(0, str(error).splitlines()[0], str(file), number) from None
        raise OSError(number, os.strerror(number), str(file)) from None
