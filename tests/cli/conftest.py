"""The command line run in this process, on an export whose enrolment was refused."""

from __future__ import annotations

import zipfile

import pytest

from autopilot_analysis.cli import main
from autopilot_analysis.samples import write_sample


@pytest.fixture(scope="session")
def refused(tmp_path_factory):
    out = tmp_path_factory.mktemp("cab") / "device.cab"
    write_sample(out, "mdm_enrollment_refused")
    return out


@pytest.fixture
def run(capsys):
    """A function of words: status, standard output, standard error."""

    def run(*words):
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def bad(tmp_path):
    """Inputs that hold nothing to analyse, by what they are."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "cat.xyz").write_bytes(b"meow")
    (tmp_path / "empty").mkdir()
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    (tmp_path / "diag.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 64)
    (tmp_path / "notes.cab").write_text("these are my notes", encoding="utf-8")
    (tmp_path / "nothing.cab").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive:
        archive.writestr("setupact.log", "secret")
    raw = bytearray((tmp_path / "locked.zip").read_bytes())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(signature) + flag] |= 1
    (tmp_path / "locked.zip").write_bytes(raw)
    return tmp_path
