"""Runs of several logs that are one run, told by their calls and the quarter hours between zones."""

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.trace.installs.agent.calls import Call, Run
from autopilot_analysis.trace.installs.agent.views import join_runs

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def run(stem, second, part="script", *, item="x", lasts=None, begun=True, **more):
    def message(at):
        return {"moment": NOON + timedelta(seconds=at), "stem": stem}

    call = Call(part, message(second), begun=message(second) if begun else None)
    if lasts is not None:
        call.ended = message(second + lasts)
    return Run("script", "D", item, message(second), calls=[call], **more)


@pytest.mark.parametrize(("second", "count"), [(90, 1), (91, 2)])
def test_two_logs_tell_of_one_run_when_a_call_begins_within_ninety_seconds(second, count):
    assert len(join_runs([run("executor", 0), run("agent", second)])) == count


def test_two_runs_of_one_log_stay_two_however_near():
    assert len(join_runs([run("agent", 0), run("agent", 1)])) == 2


@pytest.mark.parametrize("other", [run("agent", 0, "pre"), run("agent", 0, item="y")])
def test_another_part_or_another_script_is_another_run(other):
    assert len(join_runs([run("executor", 0), other])) == 2


def test_a_call_that_lost_its_beginning_is_known_by_its_end():
    lost = run("agent", 600, begun=False, lasts=0)
    assert len(join_runs([run("executor", 0, lasts=600), lost])) == 1


@pytest.mark.parametrize(("apart", "count"), [(3600, 2), (3600 + 31, 4), (27 * 3600, 4)])
def test_logs_of_two_zones_are_paired_in_order_when_whole_quarters_lie_between_them(apart, count):
    near, far = (
        [run(stem, at + extra) for at in (0, 200)] for stem, extra in (("agent", 0), ("executor", apart))
    )
    assert len(join_runs([*near, *far])) == count


def test_the_callers_word_goes_before_the_executors_and_parts_stand_in_their_order():
    (views,) = join_runs([run("executor", 0, context="user"), run("agent", 5, context="system")])
    assert (views.value_of("context"), views.nearest.first["stem"]) == ("system", "executor")
    assert views.value_of("result") is None
    remediation = run("executor", 0, "post")
    remediation.calls = [Call(part, remediation.first) for part in ("post", "remediate", "pre")]
    assert join_runs([remediation])[0].parts() == ["pre", "remediate", "post"]
