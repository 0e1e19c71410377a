"""Bytes of a text file -> text, whatever Windows wrote it with."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from functools import lru_cache

import numpy as np
import polars as pl

from autopilot_analysis.facts.code_pages import decoded
from autopilot_analysis.facts.paste_marks import without_paste_marks

_MARKS = (
    (BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF8, "utf-8"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
ANY_MARK = rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?"
"""A mark of the encoding, or none, in a pattern of bytes."""
LARGEST = 131_072
"""Bytes of a text that somebody may have written; what is larger is a log."""
_SAMPLE = 4096
_LARGE = 16 * 2**20
"""Bytes from which on a text is checked where it lies; a copy of less costs less than importing pyarrow."""


def decode(content: bytes) -> str:
    """Return the text of `content` without its byte order mark; this never raises.

    A byte order mark decides. Without one, bytes whose every second one is mostly NUL are UTF-16, bytes
    that are valid UTF-8 are UTF-8, and the rest is in the code page of its letters; what fits nowhere becomes
    U+FFFD.

    Args:
        content: The whole file.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    if order := _utf16_without_mark(content[:_SAMPLE]):
        return content.decode(order, errors="replace")
    return decoded(content)


def written_lines(content: bytes) -> tuple[str, ...]:
    """Return the lines of a text that somebody may have written; none of what is larger, or is no text.

    Each form that may stand in a text asks for them.

    Args:
        content: The whole file.
    """
    if len(content) > LARGEST or b"\0\0\0" in content:
        return ()
    return _lines_of(content)


@lru_cache(maxsize=2)
def _lines_of(content: bytes) -> tuple[str, ...]:
    return tuple(split_lines(decode(content)))


def without_marks(content: bytes) -> bytes:
    """Return a text that somebody may have pasted without the marks that a mail or a ticket puts around it.

    What has none of them, is larger, or is no text stays as it is.

    Args:
        content: The whole file.
    """
    if len(content) > LARGEST or b"\0\0\0" in content:
        return content
    text = decode(content)
    plain = without_paste_marks(text)
    return content if plain == text else plain.encode()


def utf8(content: bytes) -> bytes:
    """Return what `decode` returns as UTF-8; content that is just that is not copied.

    Args:
        content: The whole file.
    """
    plain = b"\0" not in content[:_SAMPLE] and not content.startswith(BOM_UTF8)
    return content if plain and is_utf8(content) else decode(content).encode()


def is_utf8(content: bytes) -> bool:
    """Return whether every byte belongs to UTF-8 text; the text itself is not copied.

    Args:
        content: The whole file.
    """
    if content.isascii():
        return True
    binary = pl.Series([content]) if len(content) < _LARGE else _uncopied(content)
    try:
        return binary.cast(pl.String).null_count() == 0
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError):
        return False


def _uncopied(content: bytes) -> pl.Series:
    """Return a column of one value that lies where `content` does."""
    import pyarrow as pa  # heavy, and only large texts beyond ASCII need it

    whole = pa.py_buffer(np.array([0, len(content)], np.int64)), pa.py_buffer(content)
    return pl.Series(pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, *whole]))


def whole_text(text: str) -> str:
    r"""Return `text` with U+FFFD for each half of a surrogate pair, as `"\ud800"` in JSON leaves behind.

    Args:
        text: Any text; without such halves it is returned as it is.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def split_lines(text: str) -> list[str]:
    r"""Return the lines of `text`, ended by CRLF, LF or CR alone.

    Unlike `str.splitlines`, a form feed, a vertical tab or U+2028 inside a value ends no line, so line
    numbers agree with what an editor shows.

    Args:
        text: Decoded text; one line end at the very end begins no further line.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _utf16_without_mark(sample: bytes) -> str | None:
    """Name the UTF-16 byte order whose high bytes are mostly NUL in `sample`, or None."""
    even, odd = sample[::2], sample[1::2]
    if len(odd) < 2:
        return None
    even_nul, odd_nul = even.count(0) / len(even), odd.count(0) / len(odd)
    if odd_nul > 0.6 and even_nul < 0.1:
        return "utf-16-le"
    if even_nul > 0.6 and odd_nul < 0.1:
        return "utf-16-be"
    return None
