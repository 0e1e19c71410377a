from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.samples.fleet.fleet import simulate_fleet
from autopilot_analysis.widgets import explore_failures

CODE = "0x81039001"


def test_the_drill_goes_from_stage_to_code_to_device(fleet):
    deployments, _ = fleet
    failed = deployments.filter(pl.col("outcome") == "failed")
    explorer = explore_failures(deployments)
    explorer.choose(stage="mdm_enrollment", code=CODE)
    these = failed.filter(code=CODE)
    assert explorer.view.sentence.startswith(f"showing {these.height} of {failed.height} failed attempts")
    device = explorer.controls["device"].options[1][1]
    explorer.choose(device=device)
    caption, attempts = explorer.view.frames[0]
    assert caption == f"Every attempt of {device}"
    assert set(attempts["deployment"]) == set(deployments.filter(device=device)["deployment"])


def test_a_device_that_is_not_among_the_failures_is_let_go(fleet):
    explorer = explore_failures(fleet[0])
    explorer.choose(stage="mdm_enrollment", code=CODE)
    explorer.choose(device=explorer.controls["device"].options[1][1])
    explorer.choose(stage="device_setup")
    assert (explorer.selection.code, explorer.selection.device) == ("", "")


def test_the_trace_of_the_device_is_drawn_when_there_is_one(fleet, refused):
    asked = []

    def trace(device):
        asked.append(device)
        return refused[1]

    explorer = explore_failures(fleet[0], trace)
    device = explorer.controls["device"].options[1][1]
    explorer.choose(device=device)
    assert asked == [device]
    assert explorer.view.alt == f"Trace of {device}"


def test_without_a_capture_of_the_device_its_attempts_are_shown(fleet):
    def trace(device):
        raise UnknownName(f"no device is called {device!r}")

    explorer = explore_failures(fleet[0], trace)
    device = explorer.controls["device"].options[1][1]
    explorer.choose(device=device)
    assert "There is no trace of it" in explorer.view.sentence
    assert explorer.view.frames[0][0] == f"Every attempt of {device}"


def test_what_no_export_told_can_be_chosen_too(fleet):
    untold = fleet[0].with_columns(code=pl.lit(None, pl.String))
    explorer = explore_failures(untold)
    explorer.choose(code="(not told)")
    assert explorer.view.sentence.startswith(str(fleet[0].filter(pl.col("outcome") == "failed").height))


def test_a_fleet_without_failures_says_so(fleet):
    fine = fleet[0].filter(pl.col("outcome") == "succeeded")
    assert explore_failures(fine).view.sentence == "0 failed attempts on 0 devices."


def test_of_ten_thousand_failed_devices_two_hundred_are_listed_and_all_are_found():
    deployments, _ = simulate_fleet(10_000, seed=1)
    failed = deployments.with_columns(outcome=pl.lit("failed", pl.Enum(["failed"])), code=pl.lit(CODE))
    explorer = explore_failures(failed)
    assert len(explorer.controls["device"].options) == 201
    explorer.choose(search="sn-0099")
    assert all("SN-0099" in value for _, value in explorer.controls["device"].options[1:])
