"""`ingest`: each export once."""

from __future__ import annotations

import json

import pytest


def test_ingest_keeps_exports_once_and_a_dataset_answers_like_an_export(refused, tmp_path, run):
    status, out, _ = run("ingest", refused, refused, "--into", tmp_path / "ds")
    assert status == 0, out
    status, out, _ = run("findings", tmp_path / "ds", "--json")
    assert json.loads(out)[0]["code"] == "0x80180014"


def test_ingest_of_a_file_that_is_not_there_is_one_line_and_nothing_is_written(tmp_path, run):
    status, _, err = run("ingest", tmp_path / "gone.zip", "--into", tmp_path / "ds")
    assert (status, err.count("\n")) == (2, 1)
    assert "does not exist" in err
    assert not (tmp_path / "ds").exists()


@pytest.mark.parametrize("name", ["empty", "nothing.cab", "locked.zip"])
def test_ingest_that_took_nothing_ends_as_the_other_verbs_do(bad, run, name):
    status, out, err = run("ingest", bad / name, "--into", bad / "ds")
    assert (status, err.count("\n")) == (2, 1)
    assert out.startswith("0 of 1 exports ingested")
    assert run("ingest", bad / name, "--into", bad / "ds")[0] == 2  # from what was noted


def test_ingest_that_took_one_of_two_is_a_success_and_so_is_its_repeat(refused, bad, run):
    named = (refused, bad / "nothing.cab")
    assert run("ingest", *named, "--into", bad / "ds")[0] == 0
    status, out, _ = run("ingest", *named, "--into", bad / "ds")
    assert (status, "1 there before" in out) == (0, True)


def test_a_dataset_alone_is_nothing_to_ingest_and_beside_others_it_is_passed_over(refused, tmp_path, run):
    run("ingest", refused, "--into", tmp_path / "ds")
    status, _, err = run("ingest", tmp_path / "ds", "--into", tmp_path / "other")
    assert (status, err.count("\n")) == (2, 1)
    assert "is a dataset already" in err
    assert not (tmp_path / "other").exists()
    assert run("ingest", tmp_path / "ds", refused, "--into", tmp_path / "other")[0] == 0
