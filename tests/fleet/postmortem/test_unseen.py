"""What nobody saw of an incident, each with how often."""

from dataclasses import replace

import polars as pl

from autopilot_analysis.fleet.postmortem.unseen import list_unseen


def counted(case):
    return dict(list_unseen(case).select("what", "count").iter_rows())


def test_a_device_that_was_hit_and_not_captured_is_counted_once(case_of):
    rows = [("A", None, 0, 30, "failed", True), ("A", None, 1, 31, "failed", True)]
    case = case_of([*rows, ("B", None, 0, 30, "succeeded", True)])
    assert counted(case)["devices hit without a capture"] == 1
    captured = case.judged.with_columns(origin=pl.lit("capture"))
    assert "devices hit without a capture" not in counted(replace(case, judged=captured))


def test_failures_without_a_code_are_counted(case_of):
    case = case_of([(f"D{n}", None, 0, 30, "failed", True) for n in range(4)])
    codes = pl.Series("code", ["0x80180014", None, None, "0x800705B4"])
    assert counted(replace(case, judged=case.judged.with_columns(codes)))["failures without a code"] == 2
