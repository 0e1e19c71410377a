from __future__ import annotations

import re
import tempfile

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, NothingToWrite, UnknownName
from autopilot_analysis.timeline import FORMATS, build_timeline, write_timeline


def test_a_csv_holds_every_row_and_quotes_what_a_spreadsheet_would_run(world, tmp_path):
    rows = [world.line(n, n, text) for n, text in enumerate(["=1+1", "+x", "-x", "@x", "x=1"], 1)]
    line = build_timeline(
        world.tables({"log_lines": world.frame("log_lines", *rows, world.line(6, None, "x"))})
    )
    written = pl.read_csv(write_timeline(line, tmp_path / "t", "csv"), infer_schema=False)
    assert written["text"].to_list() == ["'=1+1", "'+x", "'-x", "'@x", "x=1", "x"]
    assert written["title"].to_list() == written["text"].to_list()
    assert written["at"].to_list()[4:] == ["2026-03-02T08:00:05.000000+0000", None]


def test_a_csv_names_the_findings_of_each_row(timeline, tmp_path):
    written = pl.read_csv(write_timeline(timeline, tmp_path / "t", "csv"), infer_schema=False)
    joined = timeline["findings"].cast(pl.List(pl.String)).list.join(" ").to_list()
    assert written["findings"].fill_null("").to_list() == joined


@pytest.mark.parametrize(
    ("form", "name"), [("timesketch", "t.jsonl"), ("perfetto", "t.json"), ("csv", "t.csv")]
)
def test_a_file_gets_the_ending_its_reader_insists_on(timeline, tmp_path, form, name):
    assert write_timeline(timeline, tmp_path / "t", form).name == name
    assert write_timeline(timeline, tmp_path / name, form, overwrite=True).name == name
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_timeline_gives_the_same_bytes(timeline, tmp_path, form):
    one, two = (write_timeline(timeline, tmp_path / name, form).read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(timeline, tmp_path):
    (tmp_path / "t.csv").write_text("mine")
    with pytest.raises(NothingToWrite, match="is there already"):
        write_timeline(timeline, tmp_path / "t.csv", "csv")
    assert (tmp_path / "t.csv").read_text() == "mine"
    write_timeline(timeline, tmp_path / "t.csv", "csv", overwrite=True)
    assert (tmp_path / "t.csv").read_text().startswith("device,id,at")


def test_a_failed_write_leaves_nothing(timeline, tmp_path, monkeypatch):
    def fail(timeline, file):
        file.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(write_timeline.__globals__["WRITERS"], "csv", fail)
    with pytest.raises(OSError, match="No space"):
        write_timeline(timeline, tmp_path / "t", "csv")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_and_a_missing_folder_are_named(timeline, tmp_path):
    with pytest.raises(UnknownName, match="xlsx"):
        write_timeline(timeline, tmp_path / "t", "xlsx")
    with pytest.raises(BadInput, match="is not a folder"):
        write_timeline(timeline, tmp_path / "no" / "t", "csv")


def test_a_folder_that_takes_no_file_is_named_as_it_was_given(timeline, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", ".t.x.part")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(NothingToWrite, match=re.escape(f"{tmp_path} takes no file (Permission denied)")):
        write_timeline(timeline, tmp_path / "t", "csv")
