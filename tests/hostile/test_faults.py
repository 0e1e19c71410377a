"""Killed, no room, no right, gone, changed: one clear line or the whole result, never half of one."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from hostile_inputs import ROOT

from autopilot_analysis import cli, open_export, read_tables
from autopilot_analysis.report import place

SAMPLE = ROOT / "data" / "esp-app-timeout.zip"
KILLS = int(os.environ.get("KILLS", "2"))
"""Moments at which each command is killed; benchmarks/fuzz/table.py asks for 50."""


def killed(arguments, folder, after):
    """Kill the command, in a process group of its own, after some seconds; tell whether it still ran."""
    running = subprocess.Popen(
        [sys.executable, "-m", "autopilot_analysis.cli", *map(str, arguments)],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return True
    return False


def moments(arguments, folder):
    """Yield delays spread over one whole run, measured here."""
    begun = time.monotonic()
    killed(arguments, folder, 300)
    whole, chance = time.monotonic() - begun, random.Random(8)
    yield from (whole * (0.15 + 0.95 * (n + chance.random()) / KILLS) for n in range(KILLS))


def test_tables_killed_at_any_moment_leaves_all_of_them_or_none(tmp_path):
    for number, delay in enumerate(moments(["tables", SAMPLE, "--out", tmp_path / "whole"], tmp_path)):
        out = tmp_path / f"out{number}"
        killed(["tables", SAMPLE, "--out", out], tmp_path, delay)
        if out.exists():
            names = {path.name for path in out.iterdir()}
            assert names == {path.name for path in (tmp_path / "whole").iterdir()}
            assert all(pl.read_parquet(path).width for path in out.iterdir())
    assert cli.main(["tables", str(SAMPLE), "--out", str(tmp_path / "out0"), "--force"]) == 0


def test_a_report_killed_at_any_moment_leaves_a_whole_page_or_none(tmp_path):
    for number, delay in enumerate(moments(["report", SAMPLE, "--out", tmp_path / "whole.html"], tmp_path)):
        page = tmp_path / f"{number}.html"
        killed(["report", SAMPLE, "--out", page], tmp_path, delay)
        if page.exists():
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")


def full(*_arguments, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/where")


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

    monkeypatch.setattr(cli.tempfile, "mkdtemp", refused)
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
    def starved(_path):
        raise MemoryError

    monkeypatch.setattr(cli, "_load", starved)
    assert cli.main(["findings", str(SAMPLE)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
