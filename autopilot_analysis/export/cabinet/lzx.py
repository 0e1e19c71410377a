"""LZX as cabinets use it, unpacked in plain Python: no foreign code touches the bytes of an export.

A stream is a row of blocks (verbatim, aligned, uncompressed) cut into frames (`FRAME`); blocks run over
frames, and after each frame the stream goes on at the next 16-bit word. Bits come from little-endian
words, the highest first; here `at` counts bits, and `windows[at >> 4]` holds the 32 bits from that word on,
so that a peek is one lookup. Source: [MS-PATCH] LZX DELTA Compression and Decompression, Microsoft Cabinet
Format (MS-CAB).
"""

from __future__ import annotations

import struct
import sys
from array import array
from itertools import accumulate, pairwise

from autopilot_analysis.errors import DamagedArchive

FRAME = 32_768
SLOTS = {15: 30, 16: 32, 17: 34, 18: 36, 19: 38, 20: 42, 21: 50}
"""Position slots by the window's bits."""
EXTRA = [min(max(slot // 2 - 1, 0), 17) for slot in range(51)]
BASE = [0, *accumulate(1 << extra for extra in EXTRA)]
LITERALS, LENGTHS, LONGEST_HEADER = 256, 249, 7
VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3
TABLE = 1 << 16
KEPT = 4 << 20
"""Bytes of output beyond the window that are kept before the oldest are let go."""
TRANSLATED_FRAMES, TRANSLATED_TAIL = 32_768, 10
"""E8 translation ends behind so many frames, and never touches the last bytes of one."""
INT = struct.Struct("<i")


class LzxStream:
    """One folder's stream; `frame` is called once for each data block, in order."""

    def __init__(self, window_bits: int) -> None:
        """Start a stream.

        Args:
            window_bits: Of the folder's compression type, 15 to 21.

        Raises:
            DamagedArchive: No window is of that size.
        """
        if window_bits not in SLOTS:
            raise DamagedArchive(f"is packed with an LZX window of {window_bits} bits, which does not exist")
        self._window = 1 << window_bits
        self._main_lengths = [0] * (LITERALS + 8 * SLOTS[window_bits])
        self._length_lengths = [0] * LENGTHS
        self._main: list[int] = []
        self._length: list[int] = []
        self._aligned: list[int] = []
        self._repeated = (1, 1, 1)
        self._kind, self._left, self._padded = 0, 0, False
        self._out = bytearray()
        self._frames, self._translated = 0, -1
        self._data, self._windows, self._at = b"", [0], 0

    def frame(self, packed: bytes, size: int) -> bytes:
        """Return the next frame.

        Args:
            packed: The data block's bytes; what the frame before left unread comes first.
            size: Bytes the frame unpacks to, at most `FRAME`.

        Raises:
            DamagedArchive: The stream contradicts itself; what came out before is sound.
        """
        self._load(self._data[self._at // 8 :] + packed)
        if self._translated < 0:
            self._translated = self._take(16) << 16 | self._take(16) if self._take(1) else 0
        if len(self._out) > self._window + KEPT:
            del self._out[: len(self._out) - self._window]
        start = len(self._out)
        try:
            while len(self._out) < start + size:
                self._some(start + size)
        except IndexError:
            raise DamagedArchive("is damaged: an LZX block wants more bytes than there are") from None
        if self._kind != UNCOMPRESSED:
            self._at = -(-self._at // 16) * 16
        if self._at > 8 * len(self._data) + 8 or len(self._out) != start + size:
            raise DamagedArchive("is damaged: an LZX frame ends elsewhere than its data")
        self._frames += 1
        return self._translate(self._out[start:], (self._frames - 1) * FRAME)

    def _load(self, data: bytes) -> None:
        """Go on with these bytes, from their first bit."""
        self._data, self._at = data, 0
        words = array("H", data + bytes(6 - len(data) % 2))
        if sys.byteorder == "big":
            words.byteswap()
        self._windows = [high << 16 | low for high, low in pairwise(words)]

    def _take(self, count: int) -> int:
        """Return the next bits, at most 17."""
        at = self._at
        self._at = at + count
        return self._windows[at >> 4] >> (32 - (at & 15) - count) & ((1 << count) - 1)

    def _some(self, end: int) -> None:
        """Unpack from the block at hand, or open the next one, up to the frame's end."""
        if not self._left:
            self._open_block()
            if not self._left:
                raise DamagedArchive("is damaged: an LZX block is empty")
        before = len(self._out)
        stop = min(end, before + self._left)
        if self._kind == UNCOMPRESSED:
            self._copy(stop - before)
        else:
            self._decode(stop)
        self._left -= len(self._out) - before
        if self._left < 0:
            raise DamagedArchive("is damaged: a match runs past its LZX block")

    def _open_block(self) -> None:
        """Read a block's header and its trees."""
        if self._padded:
            self._load(self._data[self._at // 8 + 1 :])
            self._padded = False
        self._kind = self._take(3)
        self._left = self._take(16) << 8 | self._take(8)
        if self._kind == UNCOMPRESSED:
            self._open_uncompressed()
            return
        if self._kind not in (VERBATIM, ALIGNED):
            raise DamagedArchive(f"is damaged: no LZX block is of kind {self._kind}")
        if self._kind == ALIGNED:
            self._aligned = _table([self._take(3) for _ in range(8)])
        self._read_lengths(self._main_lengths, 0, LITERALS)
        self._read_lengths(self._main_lengths, LITERALS, len(self._main_lengths))
        self._main = _table(self._main_lengths)
        self._read_lengths(self._length_lengths, 0, LENGTHS)
        self._length = _table(self._length_lengths) if any(self._length_lengths) else []

    def _open_uncompressed(self) -> None:
        """Go to the next word, a whole word where none is begun, and read the repeated offsets."""
        at = (self._at // 16 + 1) * 2
        if at + 12 > len(self._data):
            raise DamagedArchive("is damaged: an LZX block is cut in its head")
        self._repeated = struct.unpack_from("<III", self._data, at)
        self._padded = bool(self._left % 2)
        self._at = 8 * (at + 12)

    def _copy(self, count: int) -> None:
        """Take raw bytes; words are counted from behind them."""
        at = self._at // 8
        self._out += self._data[at : at + count]
        if at + count > len(self._data):
            raise IndexError
        if count == self._left and not self._padded:
            self._load(self._data[at + count :])
        else:
            self._at = 8 * (at + count)

    def _read_lengths(self, lengths: list[int], start: int, end: int) -> None:
        """Change path lengths by what the stream says of them, through a tree of its own."""
        tree = _table([self._take(4) for _ in range(20)])
        at = start
        while at < end:
            symbol = self._symbol(tree)
            if symbol < 17:
                lengths[at] = (lengths[at] - symbol) % 17
                at += 1
                continue
            if symbol == 19:
                run = self._take(1) + 4
                value = (lengths[at] - self._symbol(tree)) % 17
            else:
                run = self._take(4) + 4 if symbol == 17 else self._take(5) + 20
                value = 0
            if at + run > end:
                raise DamagedArchive("is damaged: path lengths of an LZX tree run over")
            lengths[at : at + run] = [value] * run
            at += run

    def _symbol(self, tree: list[int]) -> int:
        """Return the next symbol of a tree."""
        entry = tree[self._windows[self._at >> 4] >> (16 - (self._at & 15)) & 0xFFFF]
        self._at += entry & 31
        return entry >> 5

    def _decode(self, stop: int) -> None:
        """Unpack literals and matches until the output is that long; all that is touched often is local."""
        out, windows, at = self._out, self._windows, self._at
        main, length_tree, aligned = self._main, self._length, self._aligned
        by_three = 3 if self._kind == ALIGNED else 99
        first, second, third = self._repeated
        here = len(out)
        while here < stop:
            entry = main[windows[at >> 4] >> (16 - (at & 15)) & 0xFFFF]
            at += entry & 31
            symbol = entry >> 5
            if symbol < 256:
                out.append(symbol)
                here += 1
                continue
            size = (symbol & 7) + 2
            if size == 9:
                entry = length_tree[windows[at >> 4] >> (16 - (at & 15)) & 0xFFFF]
                at += entry & 31
                size += entry >> 5
            slot = symbol - 256 >> 3
            if slot > 2:
                extra = EXTRA[slot]
                offset = BASE[slot] - 2
                if extra >= by_three:
                    extra -= 3
                    offset += (windows[at >> 4] >> (32 - (at & 15) - extra) & ((1 << extra) - 1)) << 3
                    at += extra
                    entry = aligned[windows[at >> 4] >> (16 - (at & 15)) & 0xFFFF]
                    at += entry & 31
                    offset += entry >> 5
                else:
                    offset += windows[at >> 4] >> (32 - (at & 15) - extra) & ((1 << extra) - 1)
                    at += extra
                first, second, third = offset, first, second
            elif slot == 1:
                first, second = second, first
            elif slot == 2:
                first, third = third, first
            if not 0 < first <= here or first > self._window:
                raise DamagedArchive("is damaged: an LZX match begins before its window")
            source = here - first
            if first >= size:
                out += out[source : source + size]
            else:
                out += (out[source:] * (size // first + 1))[:size]
            here += size
        self._at, self._repeated = at, (first, second, third)

    def _translate(self, frame: bytearray, position: int) -> bytes:
        """Return a frame with the targets of x86 calls made relative again, as they were before packing."""
        size = self._translated
        last = len(frame) - TRANSLATED_TAIL
        if not size or last <= 0 or position >= TRANSLATED_FRAMES * FRAME:
            return bytes(frame)
        size -= (size & 0x80000000) << 1
        at = frame.find(0xE8, 0, last)
        while at >= 0:
            (target,) = INT.unpack_from(frame, at + 1)
            if -(position + at) <= target < size:
                INT.pack_into(frame, at + 1, target - position - at if target >= 0 else target + size)
            at = frame.find(0xE8, at + 5, last)
        return bytes(frame)


def _table(lengths: list[int]) -> list[int]:
    """Return, for every 16 bits that may come next, the symbol they begin with (<< 5) and its length.

    Codes are canonical, so the table is its symbols in the order of length and number, each as often as 16
    bits can go on behind it.
    """
    if sum(TABLE >> length for length in lengths if length) != TABLE:
        raise DamagedArchive("is damaged: a tree of the LZX stream is not whole")
    table: list[int] = []
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(lengths) if length):
        table += [symbol << 5 | length] * (TABLE >> length)
    return table
