"""Record ids tell what a log no longer holds, and a header is believed only where it can be."""

from __future__ import annotations

import polars as pl
from readers.event_log.written_logs import log

from autopilot_analysis.readers.event_log.event_chunks import LogFile
from autopilot_analysis.readers.event_log.record_gaps import Written, begins_late, holes_in, id_gaps


def counted(gaps):
    return [(gap.record, gap.count) for gap in gaps]


def test_a_header_counts_what_was_written_unless_it_cannot_be_trusted():
    whole = log(1, 2, 3)
    assert Written.of(LogFile.of(whole, "")) == Written(3, dirty=False)
    altered = whole[:24] + b"\x09" + whole[25:]
    assert Written.of(LogFile.of(altered, "")).records == 0


def test_a_log_that_ends_before_its_header_says_so_unless_it_was_open():
    ids = pl.Series([1, 2, 3])
    assert counted(id_gaps(Written(5, dirty=False), ids, 0)) == [(3, 2)]
    assert counted(id_gaps(Written(5, dirty=True), ids, 0)) == []


def test_a_log_without_records_says_how_many_there_were():
    none = pl.Series([], dtype=pl.Int64)
    assert counted(id_gaps(Written(5, dirty=False), none, 0)) == [(None, 5)]
    assert counted(id_gaps(Written(0, dirty=False), none, 0)) == []
    assert counted(id_gaps(Written(2**48, dirty=False), none, 0)) == []


def test_a_first_record_above_one_says_how_many_are_gone():
    assert counted(begins_late(pl.Series([7, 8]))) == [(7, 6)]
    assert counted(begins_late(pl.Series([1, 2]))) == []


def test_holes_that_something_else_explains_are_counted_once():
    ids = pl.Series([1, 2, 6, 9])
    assert counted(holes_in(ids, 0)) == [(2, 5)]
    assert counted(holes_in(ids, 4)) == [(2, 1)]
    assert counted(holes_in(ids, 5)) == []
