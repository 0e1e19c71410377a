"""`what_if` against samples whose plan was really changed: it agrees with a device that lived so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from autopilot_analysis import build_trace, open_export, read_tables, what_if
from autopilot_analysis.samples import SCENARIOS, write_sample

SECOND = timedelta(seconds=1)


def lived(folder, name, change=lambda plan: plan):
    """Return the trace of a scenario whose plan was changed before anything was written."""
    scenario = SCENARIOS[name]
    sample = write_sample(folder, replace(scenario, plan=change(scenario.plan)), layout="cab")
    with open_export(sample.path) as export:
        return build_trace(read_tables(export))


def length(trace):
    (run,) = trace.stage_runs.filter(stage="device_setup").iter_rows(named=True)
    return run["ended_at"] - run["started_at"]


@pytest.mark.parametrize("scenario", ["installs_new_era", "installs_classic_era", "installs_script_failed"])
def test_leaving_an_app_out_agrees_with_a_device_that_never_had_it(scenario, tmp_path):
    trace = lived(tmp_path / "whole", scenario)
    other = lived(tmp_path / "less", scenario, lambda plan: plan.without("Example VPN"))
    answer = what_if(trace, without=["Example VPN"])
    assert abs(length(trace) - answer.saved - length(other)) <= SECOND
    assert abs(answer.path["waited"].sum() - length(other)) <= SECOND


def test_an_app_twice_as_fast_agrees_with_a_device_where_it_was(tmp_path):
    trace = lived(tmp_path / "whole", "installs_new_era")
    other = lived(tmp_path / "fast", "installs_new_era", lambda plan: plan.faster("Example VPN", 2))
    answer = what_if(trace, faster={"Example VPN": 2})
    assert abs(length(trace) - answer.saved - length(other)) <= SECOND


def test_a_retried_app_left_out_takes_all_its_tries_and_waits_along(tmp_path):
    trace = lived(tmp_path / "whole", "installs_retry_grs")
    other = lived(tmp_path / "less", "installs_retry_grs", lambda plan: plan.without("Example Backup"))
    answer = what_if(trace, without=["Example Backup"])
    assert answer.saved > timedelta(minutes=5)
    assert abs(length(trace) - answer.saved - length(other)) <= SECOND


def test_a_shorter_limit_ends_the_phase_there(tmp_path):
    trace = lived(tmp_path, "installs_new_era")
    answer = what_if(trace, timeout=timedelta(minutes=2))
    assert (answer.timed_out, answer.outcome, answer.path["waited"].sum()) == (
        True,
        "failed",
        timedelta(minutes=2),
    )
    longer = what_if(trace, timeout=timedelta(minutes=60))
    assert (longer.timed_out, longer.outcome, longer.saved) == (False, "succeeded", timedelta())


def test_an_app_the_page_does_not_wait_for_agrees_with_a_device_that_never_had_it(tmp_path):
    trace = lived(tmp_path / "whole", "installs_new_era")
    other = lived(tmp_path / "less", "installs_new_era", lambda plan: plan.without("Example VPN"))
    answer = what_if(trace, non_blocking=["Example VPN"])
    assert abs(length(trace) - answer.saved - length(other)) <= SECOND
    assert any("not waited for" in line for line in answer.assumptions)
