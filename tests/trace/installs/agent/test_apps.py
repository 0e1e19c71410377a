"""When the agent may try again, and which numbers of its stored state count."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.trace.installs.agent.app_stream import app_stream, number_tries
from autopilot_analysis.trace.installs.agent.apps import (
    NOT_DETECTED,
    build_tries,
    locked,
    states,
    stored_number,
)

APP = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("text", "until"),
    [("03/02/2026 08:00:00", datetime(2026, 3, 3, 8, tzinfo=UTC)), ("", None), ("soon", None)],
)
def test_the_agent_leaves_an_app_alone_for_a_day_after_a_failed_try(text, until):
    assert pl.DataFrame({"t": [text]}).select(locked(pl.col("t"))).item() == until


@pytest.mark.parametrize("quotes", ['"', '""'])
def test_a_stored_number_is_read_with_single_and_doubled_quotes(quotes):
    text = f"{{{quotes}EnforcementState{quotes}: -5000, {quotes}State{quotes}: 1}}"
    rows = pl.DataFrame({"payload": [text, "{}"]})
    assert rows.select(stored_number("EnforcementState")).to_series().to_list() == ["-5000", None]


def test_a_scale_says_what_its_values_mean():
    codes = dict(states("exit_code").select("value", "means").rows())
    assert (codes["0"], codes["3010"]) == ("succeeded", "succeeded")
    assert states("no such scale").is_empty()


def begun(second=0):
    return [
        (second, f"[Win32App][V3Processor] Processing subgraph with app ids: {APP}"),
        (
            second + 1,
            f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install "
            f"for policy with id: {APP} and version: 1.",
        ),
    ]


def detection(second, state):
    text = f"[Win32App][DetectionActionHandler] Detection for policy with id: {APP} "
    return [(second, f"{text}resulted in action status: Success and detection state: {state}.")]


@pytest.mark.parametrize(
    ("records", "outcome", "code"),
    [
        (begun(), "unfinished", None),
        ([*begun(), (9, "[Win32App] lpExitCode 0"), *detection(10, "Detected")], "succeeded", None),
        ([*begun(), (9, "[Win32App] lpExitCode 0"), *detection(10, "NotDetected")], "not_detected", None),
        ([*begun(), (9, "[Win32App] lpExitCode 1603"), *detection(10, "NotDetected")], "failed", None),
    ],
)
def test_a_try_is_judged_by_its_exit_and_by_what_detection_finds_after_it(ordered, records, outcome, code):
    (row,) = build_tries(number_tries(app_stream(ordered(*records, member="AppWorkload.log")))).iter_rows(
        named=True
    )
    assert (row["outcome"], row["code"]) == (outcome, code)
    assert NOT_DETECTED == "0x87D1041C"


def of_page(second, before, state):
    text = f"[Win32App][EspManager] Updating ESP tracked install status from {before} to {state} "
    return [(second, f"{text}for application {APP} with name: Example.")]


def reported(second, state):
    change = f'{{"EnforcementState":{{"OldValue":"InProgress","NewValue":"{state}"}}}}'
    text = f"[Win32App][ReportingManager] Execution state for app with id: {APP} has been updated."
    return [(second, f"{text} Report delta: {change}")]


@pytest.mark.parametrize(
    ("exit_code", "state", "looked", "outcome"),
    [
        (1603, "Error", "NotDetected", "failed"),
        (1603, "Error", "Detected", "succeeded"),
        (0, "Success", "Detected", "succeeded"),
    ],
)
def test_what_the_page_counts_as_done_is_no_success_of_an_app_that_failed_and_was_not_found(
    ordered, exit_code, state, looked, outcome
):
    ends = [(9, f"[Win32App] lpExitCode {exit_code}"), *detection(10, looked), *reported(11, state)]
    records = [*begun(), *ends, *of_page(12, "InProgress", "Completed")]
    stream = app_stream(ordered(*records, member="AppWorkload.log"))
    assert build_tries(number_tries(stream))["outcome"].to_list() == [outcome]


@pytest.mark.parametrize(
    ("looks", "second"),
    [
        ([(2, "NotDetected"), (10, "NotDetected"), (2500, "Detected")], 10),
        ([(10, "Detected"), (2500, "NotDetected")], 10),
        ([(2, "NotDetected")], 2),
        ([(2, "NotDetected"), (10, "Detected")], 10),
    ],
)
def test_the_look_of_a_try_is_the_first_after_its_end_and_no_later_one(ordered, looks, second):
    found = [line for moment, state in looks for line in detection(moment, state)]
    records = sorted([*begun(), (9, "[Win32App] lpExitCode 1603"), *found])
    tries = build_tries(number_tries(app_stream(ordered(*records, member="AppWorkload.log"))))
    start = tries["started_written"][0]
    assert (tries["detected_written"][0] - start).total_seconds() == second - 1


@pytest.mark.parametrize(
    ("exit_code", "wrapped", "code"),
    [
        (3221225794, -2147024574, "0xC0000142"),
        (3221225477, -2147024891, "0xC0000005"),
        (3762504530, -2147007662, "0xE0434352"),
        (-1073741502, -1073741502, "0xC0000142"),
        (322, -2147024574, "0x80070142"),
        (2147943568, -2147023728, "0x80070490"),
        (3221225794, -2016345060, "0x87D1041C"),
    ],
)
def test_an_exit_code_that_is_a_status_of_windows_is_the_code_and_not_the_half_that_a_wrap_leaves(
    ordered, exit_code, wrapped, code
):
    ended = [(9, f"[Win32App] lpExitCode {exit_code}"), (9, f"[Win32App] hResultFromWin32 {wrapped}")]
    stream = ordered(*begun(), *ended, *detection(10, "NotDetected"), member="AppWorkload.log")
    (row,) = build_tries(number_tries(app_stream(stream))).iter_rows(named=True)
    assert (row["outcome"], row["exit_code"], row["code"]) == ("failed", exit_code, code)
