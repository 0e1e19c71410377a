"""Where the records of a CMTrace log begin and end, found without looking at lines.

A record is `<![LOG[message]LOG]!><time="…" date="…" component="…" …>`. Both markers hold a `!`, which is
rare elsewhere: its positions are few, and only around them eight bytes are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BEGIN = b"<![LOG["
END = b"]LOG]!>"
SHORTEST_TRAILER = 48
TIME_AT = len(b'!><time="')
"""Where a time is written, from the `!` of the end marker."""
TIME_WIDTH = len(b'00:00:00.0000000"')

_Positions = NDArray[np.int64]
_BLOCK = 2**20
_BOM_END = 0xBF


@dataclass(frozen=True)
class Spans:
    """Byte offsets of the whole records of a log, in file order.

    `begins` are offsets of `<![LOG[`, `ends` of `]LOG]!>`; record i's trailer and whatever stands behind it
    reach up to `begins[i + 1]`. `lines` are the line numbers, from 1, of the begins. `times` are the
    `TIME_WIDTH` bytes behind `time="`, taken along while they are at hand.
    """

    begins: _Positions
    ends: _Positions
    lines: _Positions
    times: NDArray[Any]


def find_spans(content: bytes) -> Spans:
    """Return where the records of `content` begin and end.

    A record ends at the first end marker with a time behind it. It begins at the first begin marker behind
    the record before it, later begin markers being part of its message; but a begin marker at the start of
    a line shows that the record before it was torn, so the last such one counts.

    Args:
        content: The log, UTF-8.
    """
    blocks = []
    line = 1
    for at in range(0, max(1, len(content)), _BLOCK):
        *block, fed = _block(content, at, line)
        blocks.append(block)
        line += fed
    marks, is_end, starts_line, lines, times = map(np.concatenate, zip(*blocks, strict=True))
    begins, ends, opened = _paired(is_end, starts_line)
    return Spans(marks[begins] - 1, marks[ends] - 5, lines[begins], times[opened])


def gather(content: bytes, width: int) -> NDArray[Any]:
    """Return a view on `content` whose element i is the `width` bytes from offset i, copied only when picked.

    Args:
        content: Any bytes; fewer than `width` give an empty view.
        width: Bytes an element.
    """
    return np.ndarray((max(0, len(content) - width + 1),), f"V{width}", content, strides=(1,))


def _block(content: bytes, at: int, line: int) -> tuple[Any, ...]:
    """Return the marks of one block: offset of the `!`, is it an end, does it start a line, in which line.

    The times behind the ends follow; how many line feeds the block holds comes last. The sixteen bytes around
    a `!` hold all of `]LOG]!><time="`, or all of `<![LOG[` and the byte before it.
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
    return (
        bangs[is_mark],
        is_end[is_mark],
        starts_line[is_mark],
        lines[bang[is_mark]],
        times,
        int(is_feed.sum()),
    )


def _places(block: NDArray[np.uint8], letters: bytes) -> _Positions:
    """Return where two letters stand in a block, looking only into those eight bytes that hold one at all."""
    whole = len(block) // 8 * 8
    same = (block == letters[0]) | (block == letters[1])
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
    at_line_start = np.where(starts_line, np.arange(len(is_end)), -1)
    last_at_line_start = np.maximum.accumulate(at_line_start)[ends]
    return np.where(last_at_line_start > before, last_at_line_start, before + 1), ends, opened


def word(text: bytes) -> np.uint64:
    """Return up to eight bytes as the number they are in memory, the first byte lowest."""
    return np.uint64(int.from_bytes(text, "little"))


def _bytes(count: int) -> np.uint64:
    """Return a mask of the first `count` bytes of a word."""
    return np.uint64(2 ** (8 * count) - 1)
