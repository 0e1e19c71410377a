"""One valid input and a random source -> an input nobody wrote: cut, doubled, spliced, full of bad values."""

from __future__ import annotations

import re
import struct
from random import Random

TOKENS: tuple[bytes, ...] = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u202e\u2066".encode(), b"\x1b]8;;http://example.com\x07",
    b"<script>alert(1)</script>", b"]]>", b"<![CDATA[", b"<!ENTITY a \"&b;\">", b"&lol;",
    b"=cmd|' /C calc'!A0",
    b"$x^2$", b"{" * 40, b"[" * 40, b"}" * 40, b"\"", b"\\", b"\\u0000", b"\\ud800", b"null", b"NaN",
    b"1e999",
    b"1601-01-01T00:00:00Z", b"9999-12-31T23:59:59.9999999Z", b"0000-00-00", b"12-31-9999", b"99:99:99",
    b"-1", b"18446744073709551616", b"9" * 400, b"0x", b"0xFFFFFFFFFFFFFFFFFF", b"hex(7):", b"dword:zzzzzzzz",
    b"\r", b"\n", b"\r\n\r\n", b"\x0c", "\u2028".encode(), b"<![LOG[", b"]LOG]!>", b"ElfChnk\0", b"**\0\0",
    b"PK\x03\x04", b"MSCF", b"..\\..\\", b"CON", b"%s%n", b"{0}", b"P9999Y", b"PT-1S", "\U0010ffff".encode(),
)  # fmt: skip
"""What hostile or broken writers put where something else belongs."""
EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
NUMBER = re.compile(rb"\d{1,20}")


def mutate(seed: bytes, random: Random, other: bytes = b"") -> bytes:
    """Return the seed changed in one to six ways.

    Args:
        seed: A valid input.
        random: Where chance comes from; the same state gives the same bytes.
        other: A second valid input that may lend a piece.
    """
    content = bytearray(seed)
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        content = random.choice(WAYS)(content, random, other)
    return bytes(content[: 4 * len(seed) + 65_536])


def _place(content: bytearray, random: Random) -> int:
    return random.randrange(len(content) + 1)


def _flip(content: bytearray, random: Random, _: bytes) -> bytearray:
    for _bit in range(random.choice((1, 4, 32))):
        if content:
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return content


def _cut(content: bytearray, random: Random, _: bytes) -> bytearray:
    return content[: _place(content, random)]


def _drop(content: bytearray, random: Random, _: bytes) -> bytearray:
    start = _place(content, random)
    del content[start : start + random.choice((1, 2, 16, 200, 5000))]
    return content


def _double(content: bytearray, random: Random, _: bytes) -> bytearray:
    start = _place(content, random)
    piece = content[start : start + random.choice((1, 16, 200, 5000))]
    content[start:start] = piece * random.choice((1, 1, 20))
    return content


def _insert(content: bytearray, random: Random, _: bytes) -> bytearray:
    start = _place(content, random)
    content[start:start] = random.choice(TOKENS)
    return content


def _replace(content: bytearray, random: Random, _: bytes) -> bytearray:
    token, start = random.choice(TOKENS), _place(content, random)
    content[start : start + len(token)] = token
    return content


def _number(content: bytearray, random: Random, _: bytes) -> bytearray:
    """Put an extreme in place of a decimal number."""
    start = _place(content, random)
    if found := NUMBER.search(content, start) or NUMBER.search(content):
        value = random.choice(
            (b"0", b"-1", b"99", b"2147483648", b"9223372036854775808", b"9" * 40, b"1e400", b"")
        )
        content[found.start() : found.end()] = value
    return content


def _word(content: bytearray, random: Random, _: bytes) -> bytearray:
    """Put an extreme in place of a little-endian number of 2, 4 or 8 bytes, as headers hold them."""
    size, code = random.choice(((2, "<H"), (4, "<I"), (8, "<Q")))
    near = min(len(content), random.choice((64, 600, 5000, 10**9)))
    if near >= size:
        start = random.randrange(near - size + 1)
        content[start : start + size] = struct.pack(code, random.choice(EXTREMES) & (256**size - 1))
    return content


def _splice(content: bytearray, random: Random, other: bytes) -> bytearray:
    start, lent = _place(content, random), _place(bytearray(other), random)
    content[start:start] = other[lent : lent + random.choice((10, 300, 10_000))]
    return content


def _encode(content: bytearray, random: Random, _: bytes) -> bytearray:
    """Write text as another Windows tool would."""
    text = content.decode("utf-8", "replace")
    return bytearray(
        text.encode(random.choice(("utf-16", "utf-16-be", "utf-8-sig", "utf-16-le", "cp1252")), "replace")
    )


WAYS = (
    _flip,
    _cut,
    _drop,
    _double,
    _insert,
    _replace,
    _number,
    _word,
    _splice,
    _insert,
    _replace,
    _number,
    _encode,
)
