"""What lies in a dataset is read as it was written, and refused where it is not."""

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet.dataset import stored
from autopilot_analysis.fleet.dataset.places import Place
from autopilot_analysis.fleet.dataset.stored import check_rows, naming_damage, refuse_bomb, scan_stored

GAP = {"export": "a", "device": "SN-0042", "reason": "cut"}


class Stored(Place):
    """A place with one table of so many rows."""

    def rows(self, table):
        return 2 if table == "gaps" else 0


@pytest.fixture
def place(tmp_path):
    schema = stored.scan_stored("gaps", [], None).collect_schema()
    pl.DataFrame([GAP, GAP], schema=schema).write_parquet(tmp_path / "gaps.parquet")
    return Stored(tmp_path, (), whole=True)


def test_a_table_is_read_with_its_columns_where_it_lies_and_empty_where_it_does_not(place):
    frame = scan_stored("gaps", [place], None).collect()
    assert frame.select("device", "reason").rows() == [("SN-0042", "cut")] * 2
    assert scan_stored("events", [place], None).collect().is_empty()
    with pytest.raises(UnknownName):
        scan_stored("gap", [place], None)


def test_other_rows_than_were_written_and_nulls_that_nobody_wrote_are_refused(place):
    frame = scan_stored("gaps", [place], None).collect()
    check_rows("gaps", frame, 2)
    with pytest.raises(pl.exceptions.ShapeError, match="2 rows instead of 3"):
        check_rows("gaps", frame, 3)
    nameless = frame.with_columns(device=pl.lit(None, pl.String))
    check_rows("gaps", nameless, older=True)
    with pytest.raises(pl.exceptions.SchemaError, match="nothing in device"):
        check_rows("gaps", nameless)


def test_far_more_text_than_lies_in_the_file_is_refused(place, monkeypatch):
    frame = scan_stored("gaps", [place], None).collect()
    refuse_bomb("gaps", frame, [place])
    monkeypatch.setattr(stored.Limits, "total_floor", 1)
    monkeypatch.setattr(stored.Limits, "ratio", 0.0)
    with pytest.raises(pl.exceptions.ComputeError, match="gaps unpacks"):
        refuse_bomb("gaps", frame, [place])


def test_damage_is_named_by_its_file(place):
    (place.folder / "gaps.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(BadInput, match=r"gaps\.parquet is damaged"), naming_damage(place.folder, [place]):
        scan_stored("gaps", [place], None).collect()
