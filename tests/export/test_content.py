import zipfile

import pytest

from autopilot_analysis.errors import DamagedArchive
from autopilot_analysis.export.content import CHUNK, LooseFile, Stretch, ZipEntry
from autopilot_analysis.export.workspace import Workspace

BYTES = bytes(range(256)) * 8192  # 2 MiB


@pytest.fixture
def workspace():
    room = Workspace()
    yield room
    room.close()


@pytest.fixture(params=["loose", "zip", "stretch"])
def content(request, tmp_path, workspace):
    path = tmp_path / "file"
    if request.param == "loose":
        path.write_bytes(BYTES)
        return LooseFile(len(BYTES), path)
    if request.param == "stretch":
        path.write_bytes(b"before" + BYTES + b"behind")
        return Stretch(len(BYTES), path, 6, workspace)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", BYTES)
    return ZipEntry(len(BYTES), path, workspace.zip_file(path).infolist()[0], workspace)


def test_each_kind_of_content_gives_the_same_bytes_whole_in_chunks_and_from_its_start(content, workspace):
    assert content.read() == BYTES
    assert [len(chunk) for chunk in content.chunks()] == [CHUNK, CHUNK]
    assert b"".join(content.chunks()) == BYTES
    assert content.head() == BYTES[:16_384]
    assert content.head(3) == b"\x00\x01\x02"
    assert content.on_disk(workspace).read_bytes()[: len(BYTES) + 6].endswith(BYTES[-100:])


@pytest.mark.parametrize(
    ("declared", "words"), [(9, "declares 9 bytes and holds more"), (11, "declares 11 bytes and holds 10")]
)
def test_a_size_other_than_declared_is_damage(tmp_path, declared, words):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    lying = LooseFile(declared, path)
    with pytest.raises(DamagedArchive, match=words):
        lying.read()
    with pytest.raises(DamagedArchive, match=words):
        list(lying.chunks())


def test_no_more_is_read_than_one_byte_beyond_what_is_declared(tmp_path):
    asked = []

    class Endless(LooseFile):
        def open(self):
            stream = (tmp_path / "file").open("rb")
            read = stream.read

            class Counted:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    stream.close()

                def read(self, most):
                    asked.append(most)
                    return read(most)

            return Counted()

    (tmp_path / "file").write_bytes(BYTES)
    with pytest.raises(DamagedArchive):
        Endless(100, tmp_path / "file").read()
    assert asked == [101]


def test_bytes_that_cannot_be_unpacked_are_named_as_damage(tmp_path, workspace):
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", BYTES)
    damaged = bytearray(path.read_bytes())
    damaged[100:140] = b"\xff" * 40
    path.write_bytes(damaged)
    entry = ZipEntry(len(BYTES), path, workspace.zip_file(path).infolist()[0], workspace)
    with pytest.raises(DamagedArchive, match="cannot be unpacked"):
        entry.read()
