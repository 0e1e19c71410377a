"""Pieces of one long text as columns of strings, a large one without copying each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

_LARGE = 16 * 2**20
"""Bytes from which on a text is not copied; genuine logs and dumps have a fifth of that."""

_NARROW = 2**31
"""Bytes from which on four a number are too few to tell a place."""


class Text:
    """A text in UTF-8 to take pieces from.

    polars may let go of memory in threads of its own. Memory that Python owns waits there for the
    interpreter's lock: for ever, when the lock's holder waits for those threads, as pickling a frame does.
    So pieces are copied, which also spares a process that reads small texts the import of pyarrow, unless the
    text is too large for that.

    Args:
        content: The text.
    """

    def __init__(self, content: bytes) -> None:
        self._content, self._size = content, len(content)

    def between(
        self, *bounds: NDArray[np.int64], columns: Sequence[int], stop: int | None = None
    ) -> list[pl.Series]:
        """Return columns of what stands from bounds to the next ones, row by row.

        Args:
            bounds: Places in the text, equally many in each array; read row by row they must ascend, the last
                of a row up to the first of the next, and none may lie inside a character.
            columns: Numbers of the bounds that the columns' pieces begin at, from 0.
            stop: Where the last piece ends; at the text's end when left out.

        Raises:
            ValueError: They do not ascend, or leave the text; Arrow would read beyond its memory.
        """
        stop, width = self._size if stop is None else stop, len(bounds)
        places = np.full(width * len(bounds[0]) + 1, stop)
        for column, bound in enumerate(bounds):
            places[column:-1:width] = bound
        if stop > self._size or (places[1:] < places[:-1]).any():
            raise ValueError("bounds of pieces must ascend")
        if self._size >= _LARGE:
            pieces = _views(self._content, places)
            return [pieces.gather_every(width, column) for column in columns]
        return [_copies(self._content, places[n:-1:width], places[n + 1 :: width]) for n in columns]


def _copies(content: bytes, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> pl.Series:
    pieces = [content[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    return pl.Series(pieces, dtype=pl.Binary).cast(pl.String)


def _views(content: bytes, places: NDArray[np.int64]) -> pl.Series:
    """Return what stands from each place to the next one; the column points into the text itself."""
    import pyarrow as pa  # heavy, and only large texts need it

    start, stop = int(places[0]), int(places[-1])
    array, width = (pa.StringArray, np.int32) if stop - start < _NARROW else (pa.LargeStringArray, np.int64)
    numbers = pa.py_buffer((places - start).astype(width))
    text = pa.py_buffer(content).slice(start, stop - start)
    return pl.Series(_Handed(array.from_buffers(len(places) - 1, numbers, text)))


class _Handed:
    """An array by its Arrow interface alone: for one of pyarrow polars would import pyarrow.compute."""

    def __init__(self, array: pa.Array) -> None:
        self._array = array

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        handed: tuple[object, object] = self._array.__arrow_c_array__(requested_schema)
        return handed
