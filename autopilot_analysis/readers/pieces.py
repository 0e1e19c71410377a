"""Pieces of one long text as columns of strings, without copying each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    So a text is copied once, unless it is too large for that.

    Args:
        content: The text.
    """

    def __init__(self, content: bytes) -> None:
        import pyarrow as pa  # heavy, and only texts that are cut up by place need it

        self._hand_over = pa.py_buffer if len(content) >= _LARGE else _owned
        self._size, self._buffer = len(content), self._hand_over(np.frombuffer(content, np.uint8))

    def between(self, *bounds: NDArray[np.int64], stop: int | None = None) -> pl.Series:
        """Return what stands from each bound to the next one, row by row; take out columns by `gather_every`.

        Args:
            bounds: Places in the text, equally many in each array; read row by row they must ascend, the last
                of a row up to the first of the next, and none may lie inside a character.
            stop: Where the last piece ends; at the text's end when left out.

        Raises:
            ValueError: They do not ascend, or leave the text; Arrow would read beyond its memory.
        """
        import pyarrow as pa  # as above

        stop = self._size if stop is None else stop
        start = int(bounds[0][0]) if len(bounds[0]) else stop
        narrow = stop - start < _NARROW
        offsets: NDArray[np.signedinteger[Any]] = np.empty(
            len(bounds) * len(bounds[0]) + 1, np.int32 if narrow else np.int64
        )
        for place, bound in enumerate(bounds):
            offsets[place : -1 : len(bounds)] = bound - start
        offsets[-1] = stop - start
        if stop > self._size or (offsets[1:] < offsets[:-1]).any():
            raise ValueError("bounds of pieces must ascend")
        array = pa.StringArray if narrow else pa.LargeStringArray
        numbers = self._hand_over(offsets)  # they live as long as the text
        text = self._buffer.slice(start, stop - start)
        return pl.Series(_Handed(array.from_buffers(len(offsets) - 1, numbers, text)))


class _Handed:
    """An array by its Arrow interface alone: for one of pyarrow polars would import pyarrow.compute."""

    def __init__(self, array: pa.Array) -> None:
        self._array = array

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        handed: tuple[object, object] = self._array.__arrow_c_array__(requested_schema)
        return handed


def _owned(numbers: NDArray[Any]) -> pa.Buffer:
    """Return a copy that no Python object owns."""
    import pyarrow as pa  # as above

    buffer = pa.allocate_buffer(numbers.nbytes)
    np.frombuffer(buffer, numbers.dtype)[:] = numbers
    return buffer
