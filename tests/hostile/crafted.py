"""Archives built byte by byte: one that holds itself, and one whose entries quote each other."""

import struct
import zlib

UNIT = 5


def quine(name=b"q" * 26 + b".zip"):
    """Return a ZIP whose only member is the ZIP itself, to the last bit.

    Every step of its Deflate stream takes five bytes: a stored block's header (L, so many literal units follow)
    or a block that copies the last so many units (R). The order of the steps makes what they write equal to the
    steps themselves between a prefix (the local header) and a suffix (the directory). A CRC is linear, so the
    one that stands in the file four times is solved for.
    """
    comment = b"a ZIP in ZIP"
    prefix_units, suffix_units = (30 + len(name)) // UNIT, (46 + len(name) + 22 + len(comment)) // UNIT
    more, last = _copy((prefix_units + 1) * UNIT), _copy((suffix_units + 1) * UNIT, final=True)
    four = _copy(4 * UNIT)
    one_l, four_l, none = _literals(1), _literals(4), _literals(0)
    begin, end = _literals(prefix_units + 1), _literals(suffix_units + 1)

    def steps(prefix, suffix):
        return b"".join((
            begin, prefix, begin, more, one_l, more, one_l, one_l, four_l, more, one_l, one_l, four_l, four,
            four_l, four, four_l, four, four_l, four, four_l, four, none, none, end, four,
            none, none, end, last, suffix, last,
        ))  # fmt: skip

    def whole(crc):
        packed = len(steps(bytes(prefix_units * UNIT), bytes(suffix_units * UNIT)))
        size = prefix_units * UNIT + packed + suffix_units * UNIT
        told = struct.pack("<HHHHIIIHH", 0, 8, 0, 0, crc, packed, size, len(name), 0)
        prefix = b"PK\3\4\x14\0" + told + name
        directory = b"PK\1\2\x14\0\x14\0" + told + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
        told_end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(prefix) + packed, len(comment))
        suffix = directory + b"PK\5\6" + told_end + comment
        return prefix + steps(prefix, suffix) + suffix

    return whole(_fixed_point(lambda crc: zlib.crc32(whole(crc))))


def _literals(units):
    return struct.pack("<BHH", 0, units * UNIT, units * UNIT ^ 0xFFFF)


def _copy(size, *, final=False):
    """Return five bytes of Deflate that repeat the last `size` bytes: matches, then empty blocks to fill up."""
    matches = [10, 10] if size == 20 else [size]
    bits = ("1" if final else "0") + "10" + "".join(_length(m) + _distance(size) for m in matches) + "0" * 7
    while len(bits) + 10 <= 8 * UNIT and not final:
        bits += "010" + "0" * 7
    bits = bits.ljust(8 * UNIT, "0") if final else bits
    assert len(bits) == 8 * UNIT, (size, len(bits))
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def _length(length):
    """Return the fixed Huffman code of a match length with its extra bits, in stream order."""
    symbol, extra = 257 + length - 3, ""
    if length > 10:
        bits = (length - 3).bit_length() - 3
        symbol = 257 + 4 * (bits + 1) + (((length - 3) >> bits) & 3)
        extra = format((length - 3) & ((1 << bits) - 1), f"0{bits}b")[::-1]
    code = format(symbol - 256, "07b") if symbol < 280 else format(symbol - 280 + 0b11000000, "08b")
    return code + extra


def _distance(distance):
    bits = (distance - 1).bit_length() - 2
    symbol = 2 * (bits + 1) + (((distance - 1) >> bits) & 1)
    return format(symbol, "05b") + format((distance - 1) & ((1 << bits) - 1), f"0{bits}b")[::-1]


def _fixed_point(crc_of):
    """Return the CRC that a file has when it holds this CRC: 32 linear equations over single bits."""
    constant = crc_of(0)
    rows = [0] * 32
    for place in range(32):
        column = crc_of(1 << place) ^ constant ^ (1 << place)
        for bit in range(32):
            rows[bit] |= (column >> bit & 1) << place
    rows = [row | (constant >> bit & 1) << 32 for bit, row in enumerate(rows)]
    for place in range(32):
        pivot = next((n for n in range(place, 32) if rows[n] >> place & 1), None)
        assert pivot is not None, "another name makes the equations solvable"
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows = [r ^ rows[place] if n != place and r >> place & 1 else r for n, r in enumerate(rows)]
    return sum((row >> 32 & 1) << bit for bit, row in enumerate(rows))


def quoted(count, kernel):
    """Return a ZIP of `count` entries that share one kernel: each quotes the header of the next as literal bytes.

    Args:
        count: How many entries.
        kernel: Name, CRC, packed bytes and size of the innermost.
    """
    name, crc, packed, size = kernel
    packer = zlib.decompressobj(-15)
    content = packer.decompress(packed)
    entries, body = [(name, crc, len(packed), size)], _local(name, crc, len(packed), size) + packed
    for number in range(count - 1):
        header = body[: 30 + len(entries[0][0])]
        content = header + content
        stream = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + body
        entry = (b"%06d.log" % number, zlib.crc32(content), len(stream), len(content))
        entries.insert(0, entry)
        body = _local(*entry) + stream
    at, listing = 0, b""
    for entry in entries:
        listing += b"PK\1\2\x14\0\x14\0" + _told(*entry) + struct.pack("<HHHII", 0, 0, 0, 0, at) + entry[0]
        at += 30 + len(entry[0]) + 5
    return (
        body + listing + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(listing), len(body), 0)
    )


def _told(name, crc, packed, size):
    return struct.pack("<HHHHIIIHH", 0, 8, 0, 0, crc, packed, size, len(name), 0)


def _local(name, crc, packed, size):
    return b"PK\3\4\x14\0" + _told(name, crc, packed, size) + name
