"""The registry says what came of a phase where no dated record shows its end, and never when."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.outcomes.registry_outcomes import find_registry_outcomes, settle

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
MOMENT = pl.Datetime("us", "UTC")


def found(*given):
    """Undated marks of device setup from (edge, categoryState)."""
    rows = [
        {
            "device": "D", "at": None, "edge": edge, "detail": f'{{"categoryState": "{state}"}}',
            "code": None, "stage": "device_setup", "member": "dump.reg", "record": number,
        }
        for number, (edge, state) in enumerate(given, 1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"at": MOMENT, "code": pl.String})


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ([("category", "succeeded")], ["succeeded"]),
        ([("category", "notRequired")], ["skipped"]),
        ([("category", "inProgress")], ["unfinished"]),
        ([("category", "somethingNew")], []),
        ([("not_completed", "")], ["unfinished"]),
        ([("not_completed", ""), ("category", "failed")], ["failed"]),
        ([("not_completed", ""), ("workload_failed", "")], ["failed"]),
        ([("completed", "")], ["succeeded"]),
        ([("completed", ""), ("category", "failed")], ["failed"]),
        ([("workload_failed", ""), ("completed", "")], ["succeeded"]),
        ([("start", "succeeded")], []),
    ],
)
def test_the_more_telling_place_says_what_came_of_a_phase(given, state):
    assert find_registry_outcomes(found(*given))["state"].to_list() == state


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        (["preparation_workloads_done", "agent_left_preparation"], ["succeeded"]),
        (["preparation_workloads_done"], []),
        (["agent_left_preparation"], []),
    ],
    ids=["ended", "the page goes on", "workloads are open"],
)
def test_workloads_that_ended_well_end_a_preparation_that_the_agent_left(marks, state):
    edges = ["workloads_done" if "workloads" in mark else "note" for mark in marks]
    given = found(*[(edge, "") for edge in edges]).with_columns(
        mark=pl.Series(marks), stage=pl.lit("device_preparation"), at=pl.lit(AT)
    )
    assert find_registry_outcomes(given)["state"].to_list() == state


def test_a_dated_mark_is_no_word_of_the_registry():
    assert find_registry_outcomes(found(("completed", "")).with_columns(at=pl.lit(AT))).is_empty()


def runs(*given):
    schema = {
        "device": pl.String, "attempt": pl.Int64, "stage": pl.Enum(STAGES), "outcome": pl.String,
        "code": pl.String, "ended_at": MOMENT, "ended_member": pl.String, "ended_record": pl.Int64,
    }  # fmt: skip
    rows = [("D", n, stage, outcome, None, None, None, None) for n, stage, outcome in given]
    return pl.DataFrame(rows, schema=schema, orient="row")


TOLD = pl.DataFrame(
    {
        "device": ["D"], "stage": ["device_setup"], "state": ["failed"], "noted": ["0x87D1041C"],
        "noted_member": ["dump.reg"], "noted_record": [7],
    },
    schema_overrides={"stage": pl.Enum(STAGES)},
)  # fmt: skip


def openings(*kinds):
    rows = [("D", number, kind) for number, kind in enumerate(kinds, 1)]
    return pl.DataFrame(
        rows, schema={"device": pl.String, "attempt": pl.Int64, "opening": pl.String}, orient="row"
    )


def scenarios(*names):
    rows = [("D", number, name) for number, name in enumerate(names, 1)]
    return pl.DataFrame(
        rows, schema={"device": pl.String, "attempt": pl.Int64, "scenario": pl.String}, orient="row"
    )


def settled(given, *kinds, told=TOLD):
    rows = settle(runs(*given), told, openings(*kinds), scenarios()).sort("attempt")
    return (
        rows.filter(pl.col("stage") == "device_setup")
        .select("attempt", "outcome", "code", "ended_record")
        .rows()
    )


@pytest.mark.parametrize("outcome", ["unfinished", "unknown"])
def test_an_open_stage_takes_the_registrys_word_in_the_last_attempt_that_ran_it(outcome):
    given = [(1, "device_setup", outcome), (2, "device_setup", outcome), (3, "entra_join", "succeeded")]
    assert settled(given, "start", "start", "start") == [
        (1, outcome, None, None),
        (2, "failed", "0x87D1041C", 7),
    ]


def test_a_word_that_is_of_a_known_attempt_counts_there():
    given = [(1, "device_setup", "unknown"), (2, "device_setup", "unknown")]
    of_first = TOLD.with_columns(attempt=pl.lit(1, pl.Int64))
    assert settled(given, "start", "start", told=of_first) == [
        (1, "failed", "0x87D1041C", 7),
        (2, "unknown", None, None),
    ]


def test_a_stage_that_a_record_closed_keeps_its_outcome():
    assert settled([(1, "device_setup", "succeeded")], "start") == [(1, "succeeded", None, None)]


def test_a_stage_that_nobody_saw_ran_in_the_last_attempt_that_began_at_the_start():
    given = [(1, "entra_join", "succeeded"), (2, "mdm_enrollment", "failed")]
    assert settled(given, "start", "retry") == [(1, "failed", "0x87D1041C", 7)]


@pytest.mark.parametrize(
    ("scenario", "state", "outcome"),
    [
        ("pre_provisioning_user", "succeeded", "unfinished"),
        ("pre_provisioning_user", "failed", "failed"),
        ("user_driven", "succeeded", "succeeded"),
    ],
)
def test_what_a_technicians_flow_left_says_nothing_of_the_users_part(scenario, state, outcome):
    told = TOLD.with_columns(state=pl.lit(state))
    open_run = runs((1, "device_setup", "unfinished"))
    assert settle(open_run, told, openings("start"), scenarios(scenario))["outcome"].to_list() == [outcome]
