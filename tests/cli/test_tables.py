"""`tables`: a file a table, and nothing overwritten."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS


@pytest.mark.parametrize("form", ["parquet", "csv", "ndjson"])
def test_tables_writes_every_table_as_a_file(refused, tmp_path, run, form):
    status, _, _ = run("tables", refused, "--out", tmp_path / "t", "--format", form)
    assert status == 0
    assert {p.name for p in (tmp_path / "t").iterdir()} >= {f"{name}.{form}" for name in SCHEMAS}


def test_parquet_tables_keep_their_types(refused, tmp_path, run):
    run("tables", refused, "--out", tmp_path / "t")
    events = pl.read_parquet(tmp_path / "t" / "events.parquet")
    assert events.schema["at"] == pl.Datetime("us", "UTC")
    assert pl.read_parquet(tmp_path / "t" / "attempts.parquet").height == 4


def test_nothing_is_overwritten_unasked(refused, tmp_path, run):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    status, _, err = run("tables", refused, "--out", tmp_path)
    assert status == 2
    assert "--force" in err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_spreadsheet_meets_no_formula(refused, tmp_path, run):
    run("tables", refused, "--out", tmp_path / "t", "--format", "csv")
    text = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "t").iterdir())
    assert ",=" not in text
    assert ",@" not in text
