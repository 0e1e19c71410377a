"""Windows as far as it can be shown elsewhere: consoles of one code page, paths, names, files held open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis import cli, windows
from autopilot_analysis.cli.terminal import json_text
from autopilot_analysis.errors import BadInput, NotWritten
from autopilot_analysis.export import open_export
from autopilot_analysis.report.place import put
from autopilot_analysis.tables.writing import write_frames

DATA = Path(__file__).parents[1] / "data"
FIRST = "autopilot_analysis.cli"


def held(times, winerror=32):
    """Return a stand-in for a rename that is refused so often, and what it was called with."""
    calls = []

    def rename(self, target):
        calls.append(target)
        if len(calls) <= times:
            error = PermissionError(13, "The process cannot access the file", str(target))
            error.winerror = winerror
            raise error
        os.rename(self, target)  # noqa: PTH104  # Path's own is what is stood in for
        return Path(target)

    return rename, calls


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(windows, "PAUSE", 0)


def test_a_page_replaces_one_that_is_let_go_after_a_moment(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    rename, calls = held(2)
    monkeypatch.setattr(Path, "replace", rename)
    put(b"new", page, free=False, overwrite=True)
    assert (page.read_bytes(), len(calls)) == (b"new", 3)


def test_a_page_that_stays_open_is_one_line_and_stays_as_it_was(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    rename, calls = held(99)
    monkeypatch.setattr(Path, "replace", rename)
    with pytest.raises(NotWritten, match=r"page\.html is held open by another program; close it there"):
        put(b"new", page, free=False, overwrite=True)
    assert ([path.name for path in tmp_path.iterdir()], page.read_bytes()) == (["page.html"], b"old")
    assert len(calls) == windows.TRIES


def test_rights_that_lack_are_not_waited_for(tmp_path, monkeypatch):
    rename, calls = held(99, winerror=None)
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(PermissionError):
        windows.move(tmp_path / "a", tmp_path / "b")
    assert len(calls) == 1


def test_tables_that_are_held_open_stay_whole(tmp_path, monkeypatch):
    out = tmp_path / "tables"
    write_frames({"a": pl.DataFrame({"x": [1]})}, out, "csv")
    rename, _ = held(99)
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(NotWritten, match="held open"):
        write_frames({"a": pl.DataFrame({"x": [2]})}, out, "csv")
    assert (out / "a.csv").read_text() == "x\n1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nul", "device"), ("out/CON.html", "device"), (r"C:\\a\\com1\\x", "device"), ("aux .txt", "device"),
        ("page.", "dot or blank"), (r"C:\\a\\b. \\x", "dot or blank"), ("what?.html", "holds '?'"),
        ("ab:c", "holds ':'"),
    ],
)  # fmt: skip
def test_names_that_windows_takes_for_something_else_are_refused(path, words):
    with pytest.raises(BadInput, match=words.replace("?", r"\?")):
        windows.check_name(path)


@pytest.mark.parametrize(
    "path", ["out", r"C:\\a\\b.html", "../x/./y.parquet", "console", "null.csv", "com10"]
)
def test_names_that_windows_takes_as_they_are_pass(path):
    assert windows.check_name(path) == path


@pytest.mark.parametrize(
    "words",
    [["report", "x", "--out", "nul"], ["tables", "x", "--out", "t."], ["sample", "con"],
     ["share", "x", "a. "],
     ["ingest", "x", "--into", "prn"], ["lab", "aux"]],
)  # fmt: skip
def test_every_verb_refuses_such_a_place_in_one_line(words, monkeypatch, capsys):
    monkeypatch.setattr(windows, "HERE", True)
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "on Windows" in error or "Windows drops" in error


def test_elsewhere_such_names_are_names(monkeypatch):
    monkeypatch.setattr(windows, "HERE", False)
    assert cli.build_parser().parse_args(["sample", "con"]).out == "con"


def test_long_paths_are_spelt_so_that_they_may_be_long(monkeypatch):
    monkeypatch.setattr(windows, "HERE", True)
    assert windows.extended(r"C:\a\..\b") == r"\\?\C:\b"
    assert windows.extended(r"\\host\share\a") == r"\\?\UNC\host\share\a"
    assert windows.extended(r"\\?\C:\b") == r"\\?\C:\b"


def test_a_path_that_is_too_long_to_write_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(windows, "HERE", True)

    def not_found(*_):
        raise FileNotFoundError(2, "No such file or directory", "C:\\" + "d" * 300)

    monkeypatch.setattr("autopilot_analysis.cli.share.run", not_found)
    assert cli.main(["share", "x", "out"]) == 2
    error = capsys.readouterr().err
    assert "the path has 3" in error
    assert "Windows takes 259" in error
    assert error.count("\n") == 1


def test_files_deeper_than_260_signs_are_read(tmp_path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 12)
    deep.mkdir(parents=True)
    (deep / "MdmDiagReport_RegistryDump.reg").write_bytes(b"[HKEY_LOCAL_MACHINE\\software]\r\n")
    assert len(str(deep)) > 300
    with open_export(tmp_path) as export:
        assert [member.name for member in export.members] == ["MdmDiagReport_RegistryDump.reg"]


@pytest.mark.parametrize("verb", [["findings"], ["findings", "--json"], ["explain"]])
def test_a_console_of_code_page_1252_gets_every_line(verb):
    words = [sys.executable, "-m", FIRST, verb[0], str(DATA / "mdm-enrollment-refused.cab"), *verb[1:]]
    env = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = subprocess.run(words, capture_output=True, env=env, check=False)
    assert (done.returncode, done.stderr.decode("cp1252")) == (0, "")
    assert len(done.stdout.decode("cp1252")) > 50


def test_json_on_such_a_console_loses_no_sign(monkeypatch):
    class Console:
        encoding = "cp1252"

    monkeypatch.setattr(sys, "stdout", Console())
    text = json_text({"name": "Łódź – Gerät → 東京"})
    text.encode("cp1252")
    assert "Gerät" in text
    assert json.loads(text) == {"name": "Łódź – Gerät → 東京"}
