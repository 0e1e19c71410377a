"""The solid streams of a cabinet: checked block by block, and kept up to the damage."""

import mmap
import struct
import zlib

import pytest

from autopilot_analysis.export.cabinet.streams import BLOCK, HEAD, MSZIP, STORED, Folder, unpack_folder


def checksum(content, unpacked):
    """As the format says it: words of 32 bits, of a cut last word the bytes upside down."""
    whole = len(content) // 4 * 4
    folded = 0
    for (word,) in struct.iter_unpack("<I", content[:whole]):
        folded ^= word
    return folded ^ int.from_bytes(content[whole:], "big") ^ (unpacked << 16 | len(content))


def mszip(content, before=b""):
    packer = (
        zlib.compressobj(9, zlib.DEFLATED, -15, zdict=before)
        if before
        else zlib.compressobj(9, zlib.DEFLATED, -15)
    )
    return b"CK" + packer.compress(content) + packer.flush()


@pytest.fixture
def unpacked(tmp_path):
    """Unpack blocks of (packed bytes, unpacked size, checksum or None for the right one)."""

    def unpack(method, *blocks, size=1 << 20):
        raw = b""
        for packed, length, *given in blocks:
            raw += HEAD.pack(given[0] if given else checksum(packed, length), len(packed), length) + packed
        (tmp_path / "c").write_bytes(raw)
        folder = Folder(0, 0, blocks=len(blocks), packing=method)
        with (
            (tmp_path / "c").open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as cabinet,
        ):
            done = unpack_folder(cabinet, folder, size, tmp_path / "out")
        content = (tmp_path / "out").read_bytes()
        assert done == len(content)
        return content

    return unpack


def test_stored_blocks_stand_behind_one_another_and_end_where_enough_was_asked_for(unpacked):
    assert unpacked(STORED, (b"abcde", 5), (b"fg", 2)) == b"abcdefg"
    assert unpacked(STORED, (b"abcde", 5), (b"fg", 2), size=6) == b"abcdef"


def test_a_block_may_quote_the_one_before_it(unpacked):
    first = b"0123456789" * 100
    second = first[::-1] + first
    assert unpacked(MSZIP, (mszip(first), len(first)), (mszip(second, first), len(second))) == first + second


@pytest.mark.parametrize(
    "damaged",
    [
        (b"fg", 2, 1),
        (b"fg", 3),
        (b"XX" + mszip(b"fg")[2:], 2),
        (mszip(b"fg"), 3),
        (mszip(b"fg")[:-2], 2),
    ],
    ids=["checksum", "size", "signature", "length", "cut"],
)
def test_what_came_before_a_damaged_block_is_kept(unpacked, damaged):
    stored = damaged[0] == b"fg"
    first = (b"abc", 3) if stored else (mszip(b"abc"), 3)
    assert unpacked(STORED if stored else MSZIP, first, damaged) == b"abc"


def test_a_block_without_a_checksum_is_not_checked(unpacked):
    assert unpacked(STORED, (b"abc", 3, 0)) == b"abc"
    assert BLOCK == 32_768


@pytest.mark.parametrize(("packing", "method"), [(0x0001, 1), (0x1503, 3), (0x0010, 0)])
def test_the_method_of_a_folder_is_its_lowest_four_bits(packing, method):
    assert Folder(0, 0, packing=packing).method == method
