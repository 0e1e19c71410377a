"""The entry: help, version, and one line for what is wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autopilot_analysis.cli import main, tables


@pytest.mark.parametrize("module", ["autopilot_analysis", "autopilot_analysis.cli"])
def test_python_runs_the_command_by_the_name_of_the_package(module):
    done = subprocess.run(
        [sys.executable, "-m", module, "tables", "nowhere.cab", "--out", "t"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("autopilot-analysis: ")
    assert "does not exist" in done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pictures", "none of them known"),
        ("empty", "holds no files"),
        ("empty.zip", "holds no files"),
        ("diag.7z", "7-Zip"),
        ("notes.cab", "text file named .cab"),
        ("nothing.cab", "empty"),
        ("locked.zip", "password"),
        ("nowhere.cab", "does not exist"),
    ],
)
@pytest.mark.parametrize("verb", ["findings", "tables"])
def test_bad_input_is_one_clear_line_and_exit_status_2(bad, run, name, words, verb):
    argv = [verb, bad / name] + (["--out", bad / "out"] if verb == "tables" else [])
    status, out, err = run(*argv)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
    assert not (bad / "out").exists()


def test_help_names_every_verb():
    done = subprocess.run(
        [sys.executable, "-m", "autopilot_analysis.cli", "--help"], capture_output=True, text=True, check=True
    )
    for verb in ("report", "findings", "explain", "tables", "ingest", "lab", "sample", "share"):
        assert f"  {verb} " in done.stdout


def test_hostile_text_cannot_steer_the_terminal(tmp_path, run):
    evil = tmp_path / "setupact.log"
    evil.write_text(
        "2026-03-02 10:00:00, Error      [x] \x1b]8;;http://example.com\x07click\x1b[31m\n", encoding="utf-8"
    )
    _, out, err = run("findings", evil)
    assert "\x1b" not in out + err


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("autopilot-analysis ")


@pytest.mark.parametrize(("status", "exit_status"), [(None, 0), (0, 0), (3, 3)])
def test_the_exit_status_is_what_the_verb_returns(monkeypatch, status, exit_status):
    monkeypatch.setattr(tables, "run", lambda args: status)
    assert main(["tables", "anything", "--out", "anywhere"]) == exit_status


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("report", []),
        ("findings", []),
        ("explain", []),
        ("tables", ["--out", "t"]),
        ("timeline", ["t"]),
        ("share", ["t"]),
        ("ingest", ["--into", "t"]),
    ],
)
def test_an_empty_name_is_no_export_and_never_the_current_folder(capsys, verb, more, empty):
    with pytest.raises(SystemExit) as stopped:
        main([verb, empty, *more])
    err = capsys.readouterr().err
    assert (stopped.value.code, err.count("\n")) == (2, 1)
    assert "no export was named" in err


def test_an_unknown_option_leads_to_the_help_of_its_verb(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["timeline", "device.cab", "out", "--colour", "red"])
    err = capsys.readouterr().err
    assert (stopped.value.code, err.count("\n")) == (2, 1)
    assert err.endswith("unrecognized arguments: --colour red; see autopilot-analysis timeline --help\n")


@pytest.mark.parametrize("verb", ["findings", "report", "explain"])
def test_an_address_is_shown_as_it_was_typed_with_the_verb_that_fetches_it(run, verb):
    status, _, err = run(verb, "https://example.com/x.zip")
    assert (status, err.count("\n")) == (2, 1)
    assert "https://example.com/x.zip is an address, and ingest alone reads from one" in err


def test_what_the_system_says_of_a_file_of_ones_own_stands_without_its_number(refused, run):
    for option in ("--words", "--names"):
        _, _, err = run("findings", refused, option, "nowhere.csv")
        assert (err.count("nowhere.csv"), "Errno" in err, "No such file" in err) == (1, False, True), err
