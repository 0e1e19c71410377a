"""Archives as the tests need them: cabinets stored or MSZIP, whole or one of a set; ZIP files in memory."""

import importlib.util
import io
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

BLOCK = 32_768


def write_cabinet(*folders, mszip=False, flags=0, folder_of=None):
    """Return a cabinet; each folder is a list of (name, bytes)."""
    table, blocks = b"", []
    for number, members in enumerate(folders):
        offset = 0
        for name, content in members:
            raw = name if isinstance(name, bytes) else name.encode()
            where = folder_of.get(name, number) if folder_of else number
            table += struct.pack("<IIHHHH", len(content), offset, where, 0, 0, 0x80) + raw + b"\0"
            offset += len(content)
        blocks.append(_blocks(b"".join(content for _, content in members), mszip))
    strings = b"other.cab\0disk\0" if flags & 1 else b""
    strings += b"next.cab\0disk\0" if flags & 2 else b""
    start = 36 + len(strings) + 8 * len(folders)
    position = start + len(table)
    listing = b""
    for block in blocks:
        listing += struct.pack("<IHH", position, len(block), int(mszip))
        position += sum(map(len, block))
    count = sum(map(len, folders))
    header = struct.pack(
        "<4sIIIIIBBHHHHH", b"MSCF", 0, position, 0, start, 0, 3, 1, len(folders), count, flags, 1, 0
    )
    return header + strings + listing + table + b"".join(map(b"".join, blocks))


def _blocks(content, mszip):
    return [_block(content[at : at + BLOCK], mszip) for at in range(0, len(content), BLOCK)]


def _block(content, mszip):
    packed = content
    if mszip:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = b"CK" + packer.compress(content) + packer.flush()
    return struct.pack("<IHH", 0, len(packed), len(content)) + packed


def write_zip(members, method=zipfile.ZIP_DEFLATED):
    """Return a ZIP of (name, bytes) pairs; a name may come twice."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return room.getvalue()


@pytest.fixture
def cabinet():
    return write_cabinet


@pytest.fixture
def zipped():
    return write_zip


@pytest.fixture(scope="session")
def lzx():
    """The packer of LZX that lies beside these tests."""
    spec = importlib.util.spec_from_file_location("lzx_writer", Path(__file__).with_name("lzx_writer.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
