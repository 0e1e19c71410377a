"""`ingest`: each export once."""

from __future__ import annotations

import json


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
