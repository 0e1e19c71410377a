"""A few devices behind most failures, each tried again and again without success."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from answer_parts import parts
from attempt_rows import fleet as attempts
from attempt_rows import healthy

from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.explanation.failures.few_behind import few_behind, tell_behind

LABS = [("LAB-1", "a", 17, 0), ("LAB-2", "b", 14, 0), ("LAB-3", "c", 13, 0)]


def test_three_devices_that_never_got_there_are_named_with_how_it_stands_without_them():
    rows = attempts(*healthy(200, failed=10), *LABS)
    (line,) = tell_behind(rows)
    assert line.text == (
        "44 of the 54 failures are of 3 devices that were tried again and again without one success, LAB-1, "
        "LAB-2 and LAB-3: of the first attempts of all others 10 of 200 (5 %, 3 to 9 %) failed."
    )
    assert few_behind(rows).in_short == "3 devices alone made 44 of the 54 failures"


@pytest.mark.parametrize(
    "parts_",
    [
        [*healthy(200, failed=10), ("LAB-1", "a", 17, 1), ("LAB-2", "b", 14, 1)],  # they got there
        [*healthy(200, failed=10), *((f"LAB-{n}", f"l{n}", 3, 0) for n in range(5))],  # three are few tries
        [*healthy(200, failed=10), ("LAB-1", "a", 5, 0), ("LAB-2", "b", 5, 0)],  # half is not most
        [*healthy(30, failed=2), *LABS],  # 3 of 33 devices are no handful
        [*healthy(300, failed=2), *((f"LAB-{n}", f"l{n}", 4, 0) for n in range(6))],  # too many to name
        [*healthy(200, failed=10), ("LAB-1", "a", 40, 0), ("LAB-2", "b", 4, 0)],  # one stands behind most
    ],
)
def test_near_misses_name_no_few_devices(parts_):
    assert few_behind(attempts(*parts_)) is None


def test_what_firmware_writes_in_place_of_a_serial_number_is_no_device():
    rows = attempts(*healthy(200, failed=10), *LABS)
    named = rows.with_columns(device=pl.col("device").replace("LAB-3", "To be filled by O.E.M."))
    assert few_behind(named).names == ("LAB-1", "LAB-2")
    assert few_behind(rows.with_columns(flags=pl.lit("no_device"))) is None


def test_the_answer_begins_with_them_where_no_group_stands_out(fleet):
    rows = attempts(*healthy(200, failed=10), *LABS)
    mixed = (37 * pl.int_range(pl.len())) % rows.height
    rows = rows.with_columns(started_at=pl.col("started_at").min() + pl.duration(hours=mixed))
    known = fleet.deployments.clear()
    told = answer_fleet(replace(fleet, deployments=pl.concat([known, rows], how="diagonal_relaxed")))
    assert "; 3 devices alone made 44 of the 54 failures" in told.verdict
    lines = parts(told)
    assert lines["What happened"][0].startswith("44 of the 54 failures are of 3 devices")
    assert lines["What to do"][0].startswith("Look at these 3 devices by themselves, LAB-1 first")
