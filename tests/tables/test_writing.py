"""Tables are written all or none, and no cell of a CSV is run by a spreadsheet."""

import errno
import re
import tempfile
from datetime import timedelta

import polars as pl
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.errors import NothingToWrite
from autopilot_analysis.tables import writing
from autopilot_analysis.tables.writing import store_frame, system_errors, write_csv, write_frames

FRAME = pl.DataFrame({"name": ["a"], "waited": [timedelta(seconds=90)], "codes": [["x", "y"]]})


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_a_cell_that_would_be_a_formula_is_text(tmp_path, sign):
    write_csv(pl.DataFrame({"name": [f"{sign}cmd|calc", f"a{sign}b"]}), tmp_path / "t.csv")
    assert pl.read_csv(tmp_path / "t.csv", quote_char='"')["name"].to_list() == [
        f"'{sign}cmd|calc",
        f"a{sign}b",
    ]


def test_spans_are_seconds_and_lists_are_joined_where_a_format_has_neither(tmp_path):
    write_frames({"t": FRAME}, tmp_path / "csv", "csv")
    write_frames({"t": FRAME}, tmp_path / "ndjson", "ndjson")
    write_frames({"t": FRAME}, tmp_path / "parquet", "parquet")
    assert (tmp_path / "csv" / "t.csv").read_text() == "name,waited,codes\na,90.0,x y\n"
    assert pl.read_ndjson(tmp_path / "ndjson" / "t.ndjson").row(0) == ("a", 90.0, ["x", "y"])
    assert pl.read_parquet(tmp_path / "parquet" / "t.parquet").equals(FRAME)


def test_what_a_folder_held_besides_stays_in_it(tmp_path):
    out = tmp_path / "out"
    (out / "deeper").mkdir(parents=True)
    (out / "deeper" / "note.txt").write_text("kept")
    (out / "t.csv").write_text("old")
    write_frames({"t": FRAME}, out, "csv")
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*")) == [
        "deeper", "deeper/note.txt", "t.csv",
    ]  # fmt: skip
    assert (out / "t.csv").read_text().startswith("name,waited")


def test_where_one_table_cannot_be_written_the_folder_is_as_before(tmp_path):
    out = tmp_path / "out"
    write_frames({"t": FRAME}, out, "csv")
    with pytest.raises(AttributeError):
        write_frames({"t": FRAME.clear(), "u": None}, out, "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "t.csv").read_text().endswith("x y\n")


def test_the_systems_number_is_read_from_the_engines_words(tmp_path):
    with pytest.raises(OSError, match=r"t\.csv") as caught, system_errors(tmp_path / "t.csv"):
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")
    assert caught.value.errno == errno.ENOSPC


def test_an_error_of_another_kind_stays_what_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "FULL", 0)
    with pytest.raises(pl.exceptions.ComputeError), system_errors(tmp_path / "t.csv"):
        raise pl.exceptions.ComputeError("a column of another type")


@pytest.mark.parametrize("kind", ["at hand", "lazy"])
def test_a_stored_table_is_packed_and_holds_what_it_held(tmp_path, kind):
    rows = pl.DataFrame({"number": range(1000)})
    store_frame(rows.lazy() if kind == "lazy" else rows, tmp_path / "t.parquet", row_group=100)
    assert_frame_equal(pl.read_parquet(tmp_path / "t.parquet"), rows)
    held = pq.read_metadata(tmp_path / "t.parquet")
    assert held.row_group(0).column(0).compression == "ZSTD"
    assert held.num_row_groups == (10 if kind == "lazy" else 1)


def test_a_table_that_cannot_be_stored_is_an_error_of_the_system(tmp_path):
    with pytest.raises(OSError, match=r"t\.parquet"):
        store_frame(pl.DataFrame({"number": [1]}).lazy(), tmp_path / "nowhere" / "t.parquet")


def test_a_folder_that_takes_no_tables_is_named_as_it_was_given(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", ".t-x")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(NothingToWrite, match=re.escape(f"{tmp_path} takes no file (Permission denied)")):
        write_frames({"a": pl.DataFrame({"b": [1]})}, tmp_path / "t", "csv")
