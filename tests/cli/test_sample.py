"""`sample`: exports and their truth."""

from __future__ import annotations

import polars as pl


def test_sample_writes_exports_and_their_truth(tmp_path, run):
    status, _, _ = run("sample", tmp_path / "s", "--devices", 2, "--incident", "clock_step")
    assert status == 0
    truth = pl.read_parquet(tmp_path / "s" / "truth.parquet")
    assert truth["device"].n_unique() == 2
    assert len(list((tmp_path / "s").glob("*.cab"))) == 2


def test_an_incident_that_does_not_exist_lists_those_that_do(tmp_path, run):
    status, _, err = run("sample", tmp_path / "s", "--incident", "flood")
    assert status == 2
    assert "clock_step" in err
