"""Packs bytes as LZX the way a cabinet wants it, every kind of block on demand; no match is looked for twice.

Trees are as flat as the number of symbols in use allows, so they are whole and need no counting.
"""

import struct
from itertools import accumulate

FRAME = 32_768
SLOTS = {15: 30, 16: 32, 17: 34, 18: 36, 19: 38, 20: 42, 21: 50}
EXTRA = [min(max(slot // 2 - 1, 0), 17) for slot in range(51)]
BASE = [0, *accumulate(1 << extra for extra in EXTRA)]
VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3


class Writer:
    """Bits in words of 16, cut into one piece for each frame of output."""

    def __init__(self):
        self.pieces, self.piece, self.bits, self.count, self.size = [], bytearray(), 0, 0, 0

    def put(self, value, width):
        self.bits, self.count = self.bits << width | value, self.count + width
        while self.count >= 16:
            self.count -= 16
            self.piece += struct.pack("<H", self.bits >> self.count & 0xFFFF)
            self.bits &= (1 << self.count) - 1

    def align(self, *, always=False):
        if self.count or always:
            self.put(0, 16 - self.count)

    def came_out(self, size):
        """Count output; a full frame ends its piece."""
        self.size += size
        if self.size and self.size % FRAME == 0:
            self.align()
            self.cut()

    def cut(self):
        self.pieces.append(bytes(self.piece))
        self.piece = bytearray()


def flat(symbols, most):
    """Return path lengths of a whole tree over these symbols, and two at least."""
    used = sorted(set(symbols) | set(range(2 if len(set(symbols)) < 2 else 0)))
    deep = max(1, (len(used) - 1).bit_length())
    short = (1 << deep) - len(used)
    lengths = [0] * most
    for rank, symbol in enumerate(used):
        lengths[symbol] = deep - (rank < short)
    return lengths


def codes(lengths):
    """Return each symbol's canonical code and its width."""
    found, code, before = {}, 0, 0
    for width, symbol in sorted((width, symbol) for symbol, width in enumerate(lengths) if width):
        code <<= width - before
        found[symbol], before = (code, width), width
        code += 1
    return found


def write_lengths(out, old, new):
    """Write path lengths as differences, with the short forms for runs."""
    tree = flat(range(20), 20)
    for width in tree:
        out.put(width, 4)
    paths, at = codes(tree), 0
    while at < len(new):
        run = next((n for n in range(at, len(new)) if new[n] != new[at]), len(new)) - at
        if new[at] == 0 and run >= 20:
            run = min(run, 51)
            out.put(*paths[18])
            out.put(run - 20, 5)
        elif new[at] == 0 and run >= 4:
            run = min(run, 19)
            out.put(*paths[17])
            out.put(run - 4, 4)
        elif run >= 4:
            run = min(run, 5)
            out.put(*paths[19])
            out.put(run - 4, 1)
            out.put(*paths[(old[at] - new[at]) % 17])
        else:
            run = 1
            out.put(*paths[(old[at] - new[at]) % 17])
        at += run


class Packer:
    """The state that lasts from block to block: path lengths, repeated offsets, where bytes were met."""

    def __init__(self, content, window):
        self.content, self.window, self.out = content, window, Writer()
        self.main, self.length = [0] * (256 + 8 * SLOTS[window]), [0] * 249
        self.repeated, self.met = [1, 1, 1], {}

    def tokens(self, start, end):
        """Yield literals, and matches as (offset, size); none leaves its frame or the block."""
        at = start
        while at < end:
            key, most = self.content[at : at + 3], min(end, (at // FRAME + 1) * FRAME, at + 257) - at
            source = self.met.get(key)
            self.met[key] = at
            size = 0
            if source is not None and at - source < (1 << self.window) - 3:
                while size < most and self.content[source + size] == self.content[at + size]:
                    size += 1
            yield (at - source, size) if size >= 3 else self.content[at]
            at += size if size >= 3 else 1

    def symbols(self, tokens):
        """Yield (main symbol, length symbol or None, extra bits, their value)."""
        for token in tokens:
            if isinstance(token, int):
                yield token, None, 0, 0
                continue
            offset, size = token
            kept = self.repeated
            if offset in kept:
                slot, extra, value = kept.index(offset), 0, 0
                kept[0], kept[slot] = kept[slot], kept[0]
            else:
                slot = next(n for n in range(3, 51) if BASE[n] <= offset + 2 < BASE[n + 1])
                extra, value = EXTRA[slot], offset + 2 - BASE[slot]
                self.repeated = [offset, *kept[:2]]
            head = min(size - 2, 7)
            yield 256 + 8 * slot + head, size - 9 if head == 7 else None, extra, value

    def packed(self, kind, start, end):
        """Write a verbatim or aligned block."""
        tokens = list(self.tokens(start, end))
        symbols = list(self.symbols(tokens))
        main = flat([symbol[0] for symbol in symbols], len(self.main))
        lengths = [symbol[1] for symbol in symbols if symbol[1] is not None]
        length = flat(lengths, 249) if lengths else [0] * 249
        low = flat(range(8), 8)
        self.head(kind, end - start)
        if kind == ALIGNED:
            for width in low:
                self.out.put(width, 3)
        for old, new in ((self.main[:256], main[:256]), (self.main[256:], main[256:]), (self.length, length)):
            write_lengths(self.out, old, new)
        self.main, self.length = main, length
        main_codes, length_codes, low_codes = codes(main), codes(length), codes(low)
        for token, (symbol, long, extra, value) in zip(tokens, symbols, strict=True):
            self.out.put(*main_codes[symbol])
            if long is not None:
                self.out.put(*length_codes[long])
            if kind == ALIGNED and extra >= 3:
                self.out.put(value >> 3, extra - 3)
                self.out.put(*low_codes[value & 7])
            else:
                self.out.put(value, extra)
            self.out.came_out(1 if isinstance(token, int) else token[1])

    def raw(self, start, end, repeated):
        """Write an uncompressed block, which also sets the repeated offsets."""
        self.head(UNCOMPRESSED, end - start)
        self.out.align(always=True)
        self.out.piece += struct.pack("<III", *repeated)
        self.repeated = list(repeated)
        self.met |= {self.content[at : at + 3]: at for at in range(start, end - 2)}
        at = start
        while at < end:
            stop = min(end, (at // FRAME + 1) * FRAME)
            self.out.piece += self.content[at:stop]
            if stop == end and (end - start) % 2:
                self.out.piece += b"\0"
            self.out.came_out(stop - at)
            at = stop

    def head(self, kind, size):
        self.out.put(kind, 3)
        self.out.put(size >> 8, 16)
        self.out.put(size & 0xFF, 8)


def absolute_calls(content, size):
    """Return x86 code as the packer sees it: targets of calls count from the start, frame by frame."""
    done = bytearray(content)
    for start in range(0, len(done), FRAME):
        at, last = start, min(start + FRAME, len(done)) - 10
        while (at := done.find(0xE8, at, last)) >= 0:
            (target,) = struct.unpack_from("<i", done, at + 1)
            if -at <= target < size - at:
                struct.pack_into("<i", done, at + 1, target + at)
            elif size - at <= target < size:
                struct.pack_into("<i", done, at + 1, target - size)
            at += 5
    return bytes(done)


def write_lzx(content, blocks, *, window=21, translate=0, repeated=(1, 1, 1)):
    """Return the packed piece of each frame; `blocks` are (kind, size), the last takes what is left."""
    packer = Packer(absolute_calls(content, translate) if translate else content, window)
    packer.out.put(bool(translate), 1)
    if translate:
        packer.out.put(translate >> 16, 16)
        packer.out.put(translate & 0xFFFF, 16)
    at = 0
    for number, (kind, size) in enumerate(blocks):
        end = len(content) if number == len(blocks) - 1 else min(len(content), at + size)
        if kind == UNCOMPRESSED:
            packer.raw(at, end, repeated)
        else:
            packer.packed(kind, at, end)
        at = end
    if len(content) % FRAME:
        packer.out.align()
        packer.out.cut()
    return packer.out.pieces


def write_lzx_cabinet(members, blocks, *, window=21, **options):
    """Return a cabinet of one LZX folder that holds these (name, bytes)."""
    content = b"".join(data for _, data in members)
    pieces = write_lzx(content, blocks, window=window, **options)
    table, offset = b"", 0
    for name, data in members:
        table += struct.pack("<IIHHHH", len(data), offset, 0, 0, 0, 0x80) + name.encode() + b"\0"
        offset += len(data)
    start = 44 + len(table)
    data = b"".join(
        struct.pack("<IHH", 0, len(piece), min(FRAME, len(content) - FRAME * number)) + piece
        for number, piece in enumerate(pieces)
    )
    head = struct.pack(
        "<4sIIIIIBBHHHHH", b"MSCF", 0, start + len(data), 0, 44, 0, 3, 1, 1, len(members), 0, 1, 0
    )
    return head + struct.pack("<IHH", start, len(pieces), window << 8 | 3) + table + data
