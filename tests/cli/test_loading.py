"""What an export or a dataset says, for the verbs that need all of it."""

from __future__ import annotations

from polars.testing import assert_frame_equal

from autopilot_analysis.cli.loading import load
from autopilot_analysis.fleet import ingest


def test_a_dataset_says_what_the_export_in_it_says(refused, tmp_path):
    ingest(refused, into=tmp_path / "dataset", workers=1)
    tables, trace, found = load(str(refused), "")
    kept_tables, kept_trace, kept_found = load(str(tmp_path / "dataset"), "")
    assert_frame_equal(kept_tables.devices, tables.devices)
    assert_frame_equal(kept_trace.attempts, trace.attempts)
    assert_frame_equal(kept_found.findings, found.findings)


def test_a_name_book_names_what_it_knows(refused, tmp_path):
    book = tmp_path / "book.csv"
    book.write_text("id,name\n11111111-2222-4333-8444-555555555555,Contoso Agent\n", encoding="utf-8")
    tables, _, _ = load(str(refused), str(book))
    assert "Contoso Agent" in tables.properties["value"].to_list()
