"""Where the records of a CMTrace log begin and end, found without looking at lines.

A record is `<![LOG[message]LOG]!><time="…" date="…" component="…" …>`. Both markers hold a `!`, which is
rare elsewhere: its positions are few, and only around them eight bytes are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

BEGIN = b"<![LOG["
END = b"]LOG]!>"
SHORTEST_TRAILER = 48
TIME_AT = len(b'!><time="')
"""Where a time is written, from the `!` of the end marker."""
TIME_WIDTH = len(b'00:00:00.0000000"')

_Positions = NDArray[np.int64]
_Marks = tuple[NDArray[Any], ...]
"""Offset of the `!` of each marker, is it an end, does it start a line, in which line it stands."""
_BLOCK = 2**20
"""Bytes that are looked at together: few enough to stay in the processor's cache."""
_BLOCKS = 32
"""Blocks whose records are told together: what is computed of them takes memory for so many only."""
_BOM_END = 0xBF


class Spans(msgspec.Struct, frozen=True):
    """Byte offsets of whole records of a log that follow one another.

    `begins` are offsets of `<![LOG[`, `ends` of `]LOG]!>`; record i's trailer and whatever stands behind it
    reach up to `begins[i + 1]`, those of the last one up to `stop`. `lines` are the line numbers, from 1, of
    the begins. `times` are the `TIME_WIDTH` bytes behind `time="`, taken along while they are at hand.
    """

    stop: int
    begins: _Positions
    ends: _Positions
    lines: _Positions
    times: NDArray[Any]


def find_spans(content: bytes) -> Iterator[Spans]:
    """Yield where the records of `content` begin and end, in file order, those of some megabytes at a time.

    A record ends at the first end marker with a time behind it. It begins at the first begin marker behind
    the record before it, later begin markers being part of its message; but a begin marker at the start of
    a line shows that the record before it was torn, so the last such one counts.

    Args:
        content: The log, UTF-8.
    """
    line = 1
    unended: list[_Marks] = []
    last: list[_Marks] = []
    for at in range(0, len(content), _BLOCK * _BLOCKS):
        found, times, line = _marks(content, at, line)
        marks, is_end, starts_line, lines = map(np.concatenate, zip(*unended, found, strict=True))
        begins, ends, opened = _paired(is_end, starts_line)
        new = marks[begins] - 1, marks[ends] - 5, lines[begins], times[opened]
        spans = [np.concatenate(parts) for parts in zip(*last, new, strict=True)]
        if len(spans[0]) > 1:
            yield Spans(int(spans[0][-1]), *(column[:-1] for column in spans))
        last = [tuple(column[-1:] for column in spans)]
        kept = _unended(is_end, starts_line)
        unended = [(marks[kept], is_end[kept], starts_line[kept], lines[kept])]
    if last and len(last[0][0]):
        yield Spans(len(content), *last[0])


def gather(content: bytes, width: int) -> NDArray[Any]:
    """Return a view on `content` whose element i is the `width` bytes from offset i, copied only when picked.

    Args:
        content: Any bytes; fewer than `width` give an empty view.
        width: Bytes an element.
    """
    return np.ndarray((max(0, len(content) - width + 1),), f"V{width}", content, strides=(1,))


def _marks(content: bytes, at: int, line: int) -> tuple[_Marks, NDArray[Any], int]:
    """Return the marks of some blocks, the times behind the ends among them, and the line the blocks end in.

    Args:
        content: The log.
        at: Where the first block begins.
        line: The line of that place.
    """
    blocks = []
    for start in range(at, min(at + _BLOCK * _BLOCKS, len(content)), _BLOCK):
        *block, fed = _block(content, start, line)
        blocks.append(block)
        line += fed
    *marks, times = map(np.concatenate, zip(*blocks, strict=True))
    return tuple(marks), times, line


def _unended(is_end: NDArray[np.bool_], starts_line: NDArray[np.bool_]) -> _Positions:
    """Return which of the begin markers behind the last end may begin a record yet.

    That is the last one at the start of a line and, should there be none, the first of all.
    """
    behind = len(is_end) - int(np.argmax(is_end[::-1])) if is_end.any() else 0
    at_line_start = np.flatnonzero(starts_line[behind:])[-1:] + behind
    return np.union1d(np.arange(behind, len(is_end))[:1], at_line_start)


def _block(content: bytes, at: int, line: int) -> tuple[Any, ...]:
    """Return the marks of one block, then the times behind its ends, and how many line feeds it holds.

    The sixteen bytes around a `!` hold all of `]LOG]!><time="`, or all of `<![LOG[` and the byte before it.
    """
    block = np.frombuffer(content, np.uint8, min(_BLOCK, len(content) - at), at)
    places = _places(block, b"\n!")
    is_feed = block[places] == ord("\n")
    lines = np.cumsum(is_feed) + line
    bang = np.flatnonzero(~is_feed & (places < len(content) - SHORTEST_TRAILER - at))
    bangs = places[bang] + at
    words = _around(content, bangs).view("<u8").reshape(-1, 2)
    first, second = words[:, 0], words[:, 1]
    is_end = (first == word(END + b"<")) & (second & _bytes(6) == word(b'time="'))
    is_begin = (first >> np.uint64(32) == word(BEGIN[:4])) & (second & _bytes(3) == word(BEGIN[4:]))
    before = first >> np.uint64(24) & _bytes(1)
    starts_line = is_begin & ((bangs == 1) | (before == ord("\n")) | (before == _BOM_END))
    is_mark = is_begin | is_end
    times = gather(content, TIME_WIDTH)[bangs[is_end] + TIME_AT]
    marks = bangs[is_mark], is_end[is_mark], starts_line[is_mark], lines[bang[is_mark]]
    return *marks, times, int(is_feed.sum())


def _places(block: NDArray[np.uint8], letters: bytes) -> _Positions:
    """Return where two letters stand in a block, looking only into those eight bytes that hold one at all."""
    whole = len(block) // 8 * 8
    same = block == letters[0]
    same |= block == letters[1]
    words = same[:whole].view(np.uint64)
    hit = np.flatnonzero(words != 0)
    inside = np.flatnonzero(words[hit].view(np.bool_))
    return np.concatenate((hit[inside // 8] * 8 + inside % 8, np.flatnonzero(same[whole:]) + whole))


def _around(content: bytes, bangs: _Positions) -> NDArray[Any]:
    """Return the 16 bytes from 5 before each `!`; what would lie before the file is NUL."""
    near = np.searchsorted(bangs, 5)
    padded = bytes(5) + content[:32] if near else b""
    head = [padded[bang : bang + 16] for bang in bangs[:near]]
    return np.concatenate((np.array(head, "V16"), gather(content, 16)[bangs[near:] - 5]))


def _paired(is_end: NDArray[np.bool_], starts_line: NDArray[np.bool_]) -> tuple[Any, ...]:
    """Return the marks at which whole records begin and end, and which of the end marks end one."""
    ends = np.flatnonzero(is_end)
    before = np.concatenate((np.full(1, -1), ends[:-1]))[: len(ends)]
    opened = ends > before + 1
    ends, before = ends[opened], before[opened]
    at_line_start = np.concatenate((np.full(1, -1), np.flatnonzero(starts_line)))
    last_at_line_start = at_line_start[np.cumsum(starts_line)[ends]]
    return np.where(last_at_line_start > before, last_at_line_start, before + 1), ends, opened


def word(text: bytes) -> np.uint64:
    """Return up to eight bytes as the number they are in memory, the first byte lowest."""
    return np.uint64(int.from_bytes(text, "little"))


def _bytes(count: int) -> np.uint64:
    """Return a mask of the first `count` bytes of a word."""
    return np.uint64(2 ** (8 * count) - 1)
