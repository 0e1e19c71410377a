from __future__ import annotations

import struct
from random import Random

import pytest

from autopilot_analysis.errors import DamagedArchive
from autopilot_analysis.export.cabinet.lzx import LzxStream

FRAME = 32_768
VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3


def text(size, seed=1):
    """Lines that repeat near and far, with some that do not."""
    chance = Random(seed)
    words = [bytes(chance.choices(b"abcdefghij \r\n\xe8", k=chance.randint(2, 40))) for _ in range(300)]
    return b"".join(chance.choices(words, k=size // 15))[:size]


def unpack(pieces, size, window=21):
    stream = LzxStream(window)
    return b"".join(stream.frame(piece, min(FRAME, size - FRAME * n)) for n, piece in enumerate(pieces))


BLOCKS = {
    "verbatim": [(VERBATIM, 0)],
    "aligned": [(ALIGNED, 0)],
    "uncompressed": [(UNCOMPRESSED, 0)],
    "an uncompressed block over frames at odd offsets": [
        (VERBATIM, 1001),
        (UNCOMPRESSED, 70_001),
        (ALIGNED, 0),
    ],
    "odd and even ones in a row": [(UNCOMPRESSED, 3), (UNCOMPRESSED, 4), (UNCOMPRESSED, 5), (VERBATIM, 0)],
    "one that ends with its frame": [
        (UNCOMPRESSED, 32_767),
        (UNCOMPRESSED, 1),
        (VERBATIM, 32_768),
        (ALIGNED, 0),
    ],
    "many small ones": [(1 + n % 3, 777 + n) for n in range(150)],
}


@pytest.mark.parametrize("size", [1, 2, 9, 32_767, 32_768, 32_769, 130_001])
@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=BLOCKS)
def test_every_kind_of_block_comes_out_as_it_went_in(lzx, blocks, size):
    content = text(size)
    kept = blocks[
        : 1 + next((n for n in range(len(blocks)) if sum(b[1] for b in blocks[: n + 1]) >= size), 999)
    ]
    assert unpack(lzx.write_lzx(content, kept), size) == content


@pytest.mark.parametrize("window", range(15, 22))
def test_every_window_reaches_as_far_back_as_it_is_wide(lzx, window):
    content = text(20_000) + Random(window).randbytes(300_000) + text(20_000)
    assert unpack(lzx.write_lzx(content, [(VERBATIM, 0)], window=window), len(content), window) == content


def test_the_oldest_output_is_let_go_only_beyond_the_window(lzx):
    content = (text(1 << 16) + bytes(500_000)) * 15
    assert unpack(lzx.write_lzx(content, [(VERBATIM, 0)]), len(content)) == content


def test_targets_of_calls_become_relative_again_as_far_as_they_lie_in_the_given_size(lzx):
    chance = Random(2)
    calls = b"".join(
        b"\xe8" + struct.pack("<i", chance.choice([5, -5, 30_000, -30_000, 10**9])) + text(20, n)
        for n in range(2000)
    )
    for size in (35_000, 0x7FFFFFFF):
        packed = lzx.write_lzx(calls, [(VERBATIM, 25_000), (ALIGNED, 0)], translate=size)
        assert unpack(packed, len(calls)) == calls
    assert lzx.absolute_calls(calls, 35_000) != calls


def test_a_match_that_begins_before_the_window_is_damage(lzx):
    pieces = lzx.write_lzx(b"abc" * 20, [(UNCOMPRESSED, 6), (VERBATIM, 0)], repeated=(3, 1, 1))
    assert unpack(pieces, 60) == b"abc" * 20
    for offset in (0, 7, 0xFFFFFFFF):
        bad = pieces[0].replace(struct.pack("<I", 3), struct.pack("<I", offset), 1)
        with pytest.raises(DamagedArchive, match="begins before its window"):
            unpack([bad], 60)


def test_a_stream_that_ends_too_early_is_damage(lzx):
    (piece,) = lzx.write_lzx(text(5000), [(VERBATIM, 0)])
    for size in range(0, len(piece) - 2, 97):
        with pytest.raises(DamagedArchive):
            unpack([piece[:size]], 5000)


def test_a_match_past_the_end_of_its_frame_is_damage(lzx):
    (piece,) = lzx.write_lzx(b"abcdefgh" * 100, [(VERBATIM, 0)])
    with pytest.raises(DamagedArchive, match="ends elsewhere than its data"):
        LzxStream(21).frame(piece, 700)


def test_trees_that_are_not_whole_are_damage():
    for kind in (VERBATIM, ALIGNED):
        with pytest.raises(DamagedArchive, match="not whole"):
            LzxStream(21).frame(struct.pack("<H", kind << 12) + bytes(100), 100)


@pytest.mark.parametrize("kind", [0, 4, 5, 6, 7])
def test_blocks_of_no_known_kind_are_damage(kind):
    with pytest.raises(DamagedArchive, match=f"of kind {kind}"):
        LzxStream(21).frame(struct.pack("<H", kind << 12 | 1) + bytes(100), 100)


@pytest.mark.parametrize("window", [0, 14, 22, 31])
def test_windows_that_do_not_exist_are_named(window):
    with pytest.raises(DamagedArchive, match=f"{window} bits"):
        LzxStream(window)
