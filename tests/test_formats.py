"""Every format that the command line offers is written, the first where none is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.cli import tables, timeline
from autopilot_analysis.cli.entry import EPILOG
from autopilot_analysis.formats import TABLE_FORMATS, TIMELINE_ENDINGS
from autopilot_analysis.tables.writing import WRITERS, write_frames
from autopilot_analysis.timeline.writing import WRITERS as TIMELINE_WRITERS

READ = {"parquet": pl.read_parquet, "csv": pl.read_csv, "ndjson": pl.read_ndjson}


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_a_table_is_written_in_each_form(form: str, tmp_path: Path) -> None:
    rows = pl.DataFrame({"device": ["SN-0001"], "record": [7]})
    write_frames({"marks": rows}, tmp_path / "out", form)
    assert READ[form](tmp_path / "out" / f"marks.{form}").equals(rows)


def test_the_verbs_offer_them_and_write_the_first() -> None:
    for module, forms in ((tables, tuple(TABLE_FORMATS)), (timeline, tuple(TIMELINE_ENDINGS))):
        verb = argparse.ArgumentParser()
        module.add_options(verb)
        (option,) = (action for action in verb._actions if action.dest == "format")
        assert (tuple(option.choices or ()), option.default) == (forms, forms[0])


def test_every_form_has_its_writer_by_name_in_whatever_order_they_are_offered() -> None:
    assert set(WRITERS) == set(TABLE_FORMATS)
    assert set(TIMELINE_WRITERS) == set(TIMELINE_ENDINGS)


def test_the_examples_of_the_command_line_name_no_format_that_is_only_the_first() -> None:
    named = [form for form in TABLE_FORMATS if form in EPILOG.lower()]
    assert "tables mdm-diagnostics.cab --out" in EPILOG
    assert named == []
