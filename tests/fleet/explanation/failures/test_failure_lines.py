"""What failed in a fleet, one by one where nothing explains it together."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
from answer_parts import parts

from autopilot_analysis import wording
from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.explanation.failures.failure_kinds import failed_of
from autopilot_analysis.fleet.explanation.failures.failure_lines import (
    NOTHING_OPEN,
    chief_kinds,
    tell_device,
    tell_lesser,
)
from autopilot_analysis.fleet.explanation.failures.one_behind import ended_of


def failures(fleet, count):
    failed = fleet.deployments.filter(pl.col("outcome").cast(pl.String) == "failed").sort("started_at")
    return replace(fleet, deployments=failed.head(count))


def test_where_no_group_stands_out_the_newest_failures_are_named_with_stage_length_and_reason(fleet):
    few = failures(fleet, 7)
    newest = few.deployments.row(-1, named=True)
    said = parts(answer_fleet(few))
    listed = [line for line in said["What happened"] if " failed" in line and "Too few" not in line]
    name = newest["name"] or newest["serial"]
    assert len(listed) == 5
    how = f"{wording.words(newest['failed_stage'])} with {newest['code']}"
    assert listed[0].startswith(f"{name} failed in {how} after ")
    assert "“" not in listed[0]  # its text is the code once more
    assert f"{newest['started_at']:%Y-%m-%d}" in listed[0]
    assert "And 2 older failures." in said["What happened"]
    code = few.deployments["code"].value_counts(sort=True)["code"][0]
    alike = few.deployments.filter(code=code).row(-1, named=True)
    assert f"failed with {code} (the newest of these is {alike['name']})" in said["What to do"][-1]


def test_a_failure_quotes_the_words_of_the_service(fleet):
    told = failures(fleet, 1).deployments.with_columns(failure_text=pl.lit("Enrollment is blocked"))
    said = parts(answer_fleet(replace(fleet, deployments=told)))
    assert any(line.endswith(": “Enrollment is blocked”.") for line in said["What happened"])


def test_where_a_group_stands_out_no_single_failure_is_told(fleet):
    assert "older failures" not in str(answer_fleet(fleet))


def test_what_is_open_has_not_ended_and_the_newest_failure_comes_first(fleet):
    rows = fleet.deployments
    assert set(ended_of(rows)["outcome"].cast(pl.String)) == {"succeeded", "failed"}
    started = failed_of(rows)["started_at"].drop_nulls()
    assert started.equals(started.sort(descending=True))
    assert set(failed_of(rows)["outcome"].cast(pl.String)) == {"failed"}


def kinds(fleet, *counts):
    """So many failures of each of some codes, a device each."""
    first = failed_of(fleet.deployments).row(0, named=True)
    codes = [
        code for code, count in zip(("0x80180018", "0x87D1041C"), counts, strict=True) for _ in range(count)
    ]
    rows = [
        {**first, "code": code, "device": f"D-{n}", "deployment": f"d-{n}"} for n, code in enumerate(codes)
    ]
    return replace(fleet, deployments=pl.DataFrame(rows, schema=fleet.deployments.schema))


def test_codes_of_a_handful_of_devices_are_told_by_no_line_of_their_own_in_a_fleet_that_was_compared(fleet):
    few = kinds(fleet, 5, 4)
    assert chief_kinds(few.deployments, found=False, compared=True) == ["0x80180018"]
    assert chief_kinds(few.deployments, found=False, compared=False) == ["0x80180018", "0x87D1041C"]
    assert list(tell_lesser(few, [], [], ["0x80180018"])) == []
    (line,) = tell_lesser(few, [], [], [])
    assert ", 0x80180018 (" in line.text
    assert "the device that failed last, " in tell_device([], few, [])
    assert "a device that failed with 0x80180018" in tell_device([], few, ["0x80180018"])


def test_beside_what_stands_out_a_kind_is_told_first_where_half_of_all_failures_are_it(fleet):
    assert chief_kinds(kinds(fleet, 8, 8).deployments, found=True, compared=True) == [
        "0x80180018",
        "0x87D1041C",
    ]
    assert chief_kinds(kinds(fleet, 9, 8).deployments, found=True, compared=True) == ["0x80180018"]
    assert chief_kinds(kinds(fleet, 9, 8).deployments, found=False, compared=True) == [
        "0x80180018",
        "0x87D1041C",
    ]


def test_where_each_device_that_failed_has_succeeded_since_nothing_is_asked_for(fleet):
    failed = failures(fleet, 1).deployments
    again = failed.with_columns(
        pl.col("started_at") + timedelta(hours=2), outcome=pl.lit("succeeded").cast(failed.schema["outcome"])
    )
    assert tell_device([], replace(fleet, deployments=failed), []).startswith("Collect diagnostics from ")
    assert tell_device([], replace(fleet, deployments=pl.concat([failed, again])), []) == NOTHING_OPEN
    open_ = pl.concat([failures(fleet, 2).deployments, again])
    assert tell_device([], replace(fleet, deployments=open_), []) != NOTHING_OPEN
