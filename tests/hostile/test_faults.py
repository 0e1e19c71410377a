"""Killed, no room, no right, gone, changed: one clear line or the whole result, never half of one."""

import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hostile_inputs import ROOT

from autopilot_analysis import cli, open_export, read_tables
from autopilot_analysis.cli import loading
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.report import place

SAMPLE = ROOT / "data" / "esp-app-timeout.zip"
KILLS = int(os.environ.get("KILLS", "1"))
"""Moments at which each command is killed; `python benchmarks/fuzz/kills.py` takes 50."""


TOLD = cache(loading.load)
"""What the sample says, worked out once for all that is written of it: the faults here lie in the writing."""


@pytest.fixture
def told_once(monkeypatch):
    for verb in ("tables", "share"):
        monkeypatch.setattr(f"autopilot_analysis.cli.{verb}.load", TOLD)


@pytest.mark.parametrize("command", ["ingest", "report", "tables", "tables --force"])
def test_killed_at_random_moments_nothing_half_written_is_read_and_a_repeat_completes(tmp_path, command):
    import kills

    told = kills.kill(command, KILLS, random.Random(8), tmp_path)
    assert told["lost"] == []
    assert told["kills"] == KILLS


@pytest.mark.usefixtures("told_once")
def test_what_else_lies_in_a_replaced_folder_stays(tmp_path):
    out = tmp_path / "out"
    (out / "sub").mkdir(parents=True)
    (out / "sub" / "mine.txt").write_text("mine")
    (out / "events.parquet").write_bytes(b"old")
    assert cli.main(["tables", str(SAMPLE), "--out", str(out), "--force"]) == 0
    assert (out / "sub" / "mine.txt").read_text() == "mine"
    assert pl.read_parquet(out / "events.parquet").height
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("told_once")
def test_a_replaced_folder_that_was_lost_between_two_renames_comes_back(tmp_path):
    before = tmp_path / ".out.before-tables"
    before.mkdir()
    (before / "mine.txt").write_text("mine")
    assert cli.main(["tables", str(SAMPLE), "--out", str(tmp_path / "out"), "--force"]) == 0
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


@pytest.mark.usefixtures("told_once")
def test_the_folder_one_stands_in_is_filled_not_exchanged(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    assert cli.main(["tables", str(SAMPLE), "--out", ".", "--force"]) == 0
    assert Path.cwd() == tmp_path
    assert (tmp_path / "mine.txt").exists()
    assert (tmp_path / "events.parquet").exists()


def mounted(folder, options):
    """Mount a small file system on a folder, or skip."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    return folder


@pytest.fixture
def small(tmp_path):
    """A disk that holds 128 KiB."""
    folder = mounted(tmp_path / "small", "size=128k")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.fixture
def read_only(tmp_path):
    """A disk that takes nothing: rights do not bind the superuser, a mount does."""
    folder = mounted(tmp_path / "read", "size=1m")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


FIRST_FIGURE = "Matplotlib is building the font cache; this may take a moment.\n"
"""What matplotlib says where it never drew before and that takes it more than five seconds."""


def writing(out, tmp_path):
    return {
        "tables": ["tables", SAMPLE, "--out", out / "t"],
        "csv": ["tables", SAMPLE, "--out", out / "t", "--format", "csv"],
        "report": ["report", SAMPLE, "--out", out / "page.html"],
        "ingest": ["ingest", SAMPLE, "--into", out / "d", "--workers", "1"],
        "share": ["share", SAMPLE, out / "s"],
        "sample": ["sample", out / "x", "--devices", "20"],
        "lab": ["lab", out / "l", "--no-start"],
    }


@pytest.fixture
def asked(command, in_process, tmp_path):
    """Run a verb: one in a process of its own, with what is written when that ends, the others in this one."""

    def run(words, verb):
        if verb != "csv":
            return in_process(*words[verb])
        return command(*words[verb], env={"HOME": str(tmp_path)})

    return run


@pytest.mark.usefixtures("told_once")
@pytest.mark.parametrize("verb", ["tables", "csv", "report", "ingest", "share", "sample", "lab"])
def test_a_disk_that_is_really_full_is_one_line_and_nothing_half_written(small, tmp_path, asked, verb):
    status, _, said = asked(writing(small, tmp_path), verb)
    said = said.removeprefix(FIRST_FIGURE)
    assert (status, said.count("\n")) == (2, 1), said
    assert "No space left" in said or "free" in said or "room" in said
    left = {path.relative_to(small).parts[0] for path in small.rglob("*") if path.is_file()}
    assert left <= ({"d"} if verb == "ingest" else {"l"} if verb == "lab" else set())


@pytest.mark.usefixtures("told_once")
@pytest.mark.parametrize("verb", ["tables", "csv", "report", "ingest", "share", "sample", "lab"])
def test_a_disk_that_takes_nothing_is_one_line(read_only, tmp_path, asked, verb):
    status, _, said = asked(writing(read_only, tmp_path), verb)
    said = said.removeprefix(FIRST_FIGURE)
    assert (status, said.count("\n")) == (2, 1), said
    assert "Read-only file system" in said


def test_no_room_for_unpacking_is_one_line(small, tmp_path, command):
    hungry = shutil.copyfile(SAMPLE, tmp_path / "a.zip")
    status, _, said = command("findings", hungry, env={"TMPDIR": str(small)})
    assert status in (0, 2)
    assert "Traceback" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["findings", SAMPLE], ["findings", SAMPLE, "--json"]])
def test_output_that_goes_nowhere_is_one_line(tmp_path, arguments):
    with Path("/dev/full").open("w") as full_device:
        done = subprocess.run(
            [sys.executable, "-m", "autopilot_analysis.cli", *map(str, arguments)],
            stdout=full_device, stderr=subprocess.PIPE, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


def full(*_arguments, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/where")


@pytest.mark.usefixtures("told_once")
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    assert cli.main(["tables", str(SAMPLE), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "No space left on device" in said
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_a_page_is_put_leaves_nothing(tmp_path, monkeypatch):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        write = staticmethod(full)

    monkeypatch.setattr(place.os, "fdopen", lambda handle, _mode: os.close(handle) or Full())
    with pytest.raises(place.NothingToWrite, match="No space left"):
        place.put(b"x", tmp_path / "page.html", free=False, overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are told otherwise here")
def test_a_folder_that_takes_no_file_is_one_line(tmp_path, monkeypatch, capsys):
    def refused(*_arguments, **_options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path / "x"))

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    assert cli.main(["tables", str(SAMPLE), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Permission denied" in said


def test_an_export_nobody_may_read_is_one_line(tmp_path, monkeypatch, capsys):
    path = tmp_path / "a.cab"
    shutil.copyfile(SAMPLE, path)
    real = Path.open

    def refused(self, *arguments, **options):
        if self == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    assert cli.main(["findings", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("change", ["gone", "shorter", "longer", "a folder"])
def test_a_file_that_changes_while_it_is_read_is_a_gap_and_the_rest_is_read(tmp_path, change):
    (tmp_path / "MdmDiagReport_RegistryDump.reg").write_bytes(
        b'[HKEY_LOCAL_MACHINE\\software]\r\n"a"="1"\r\n' * 9
    )
    hash_file = tmp_path / "DeviceHash_A.csv"
    hash_file.write_bytes(b"Device Serial Number,Windows Product ID,Hardware Hash\r\nSN-0001,,\r\n")
    with open_export(tmp_path) as export:
        if change == "shorter":
            hash_file.write_bytes(b"Device")
        elif change == "longer":
            hash_file.write_bytes(hash_file.read_bytes() * 1000)
        else:
            hash_file.unlink()
        if change == "a folder":
            hash_file.mkdir()
        tables = read_tables(export)
    assert dict(tables.members.select("member", "state").iter_rows())["DeviceHash_A.csv"] == "damaged"
    assert tables.registry_values.height == 9
    assert "DeviceHash_A.csv" in tables.gaps["member"].to_list()


def test_too_little_memory_is_one_line(monkeypatch, capsys):
    def starved(*_, **__):
        raise MemoryError

    monkeypatch.setattr("autopilot_analysis.cli.findings.load", starved)
    assert cli.main(["findings", str(SAMPLE)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_a_killed_process_unpacked_is_removed_by_the_next_and_what_is_in_use_stays(
    tmp_path, monkeypatch
):
    code = f"""
from autopilot_analysis import open_export
import os, signal
export = open_export({str(ROOT / "data" / "user-driven-success.cab")!r})
[member.read() for member in export.members]
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    (dead,) = tmp_path.iterdir()
    assert len(list(dead.iterdir())) > 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_export(ROOT / "data" / "clock-step.cab") as one:
        assert not dead.exists()
        with open_export(ROOT / "data" / "clock-step.cab") as other:
            assert len(list(tmp_path.iterdir())) == 2
            assert [m.read() for m in one.members] == [m.read() for m in other.members]
    assert list(tmp_path.iterdir()) == []


NO_TEXT = os.fsdecode(b"a\xff\xed\xa0\x80")


@pytest.fixture
def no_text(tmp_path):
    """A capture in a folder whose name is no text, as old tools and foreign file systems leave them."""
    folder = tmp_path / NO_TEXT
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes text only")
    return shutil.copyfile(SAMPLE, folder / f"{NO_TEXT}.zip")


def test_a_capture_whose_path_is_no_text_is_ingested_once(tmp_path, no_text):
    for status in ("ingested", "already"):
        said = ingest(no_text, into=tmp_path / "dataset", workers=1)
        assert getattr(said, status) == 1
    assert open_dataset(tmp_path / "dataset").exports["name"].to_list() == ["a\\xff\\xed\\xa0\\x80.zip"]


def test_what_cannot_be_read_at_a_path_that_is_no_text_is_set_aside(tmp_path, no_text):
    no_text.write_bytes(b"MSCF")
    assert len(ingest(no_text, into=tmp_path / "dataset", workers=1).set_aside) == 1


@pytest.mark.usefixtures("told_once")
@pytest.mark.parametrize("verb", ["tables", "report", "ingest", "share", "sample", "lab"])
def test_a_result_asked_for_at_a_path_that_is_no_text_is_there_or_one_line(
    tmp_path, no_text, capsys, verb, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    asked = [str(word) for word in writing(no_text.parent, tmp_path)[verb]]
    try:
        status = cli.main(asked)
    except SystemExit as end:
        status = end.code
    said = capsys.readouterr().err
    assert (status, said.count("\n")) in {(0, 0), (2, 1)}, said


def test_a_dataset_whose_path_is_no_text_is_one_line(tmp_path, no_text, capsys):
    ingest(SAMPLE, into=tmp_path / "dataset", workers=1)
    moved = (tmp_path / "dataset").rename(no_text.parent / "dataset")
    assert cli.main(["findings", str(moved)]) == 2
    assert "no text" in capsys.readouterr().err


def test_a_clock_that_goes_backwards_neither_loses_nor_repeats_anything(tmp_path, monkeypatch):
    """The clock of the analyst's machine is set back by a year between two calls, then by an hour inside one."""
    ingest(SAMPLE, into=tmp_path / "dataset", workers=1)
    late = iter(range(10**6))
    monkeypatch.setattr("time.time", lambda: 1e9 - next(late))
    monkeypatch.setattr("time.perf_counter", lambda: -3600.0 * next(late))
    monkeypatch.setattr("time.gmtime", lambda *_: time_struct)
    said = ingest([SAMPLE, ROOT / "data" / "clock-step.cab"], into=tmp_path / "dataset", workers=1)
    assert (said.already, said.ingested) == (1, 1)
    told = open_dataset(tmp_path / "dataset")
    assert told.exports.height == 2
    assert told.tables().devices.height == 2
    assert list((tmp_path / "dataset" / "work").iterdir()) == []


time_struct = time.gmtime(0)
