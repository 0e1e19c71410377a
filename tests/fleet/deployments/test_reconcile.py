from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.fleet.deployments.reconcile import reconcile_deployments
from autopilot_analysis.tables import schema_of

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minutes):
    return MORNING + timedelta(minutes=minutes)


def fleet(*rows):
    schema = schema_of("deployments")
    whole = {"outcome": "succeeded", "origin": "capture"}
    filled = [{**dict.fromkeys(schema), "deployment": str(n), **whole, **row} for n, row in enumerate(rows)]
    return pl.DataFrame(filled, schema=schema)


def test_a_capture_and_a_graph_row_of_one_attempt_are_one_and_the_device_is_believed():
    rows = fleet(
        {"device": "x", "serial": "SN-0001", "origin": "graph", "started_at": at(6), "ended_at": at(50)},
        {"device": "SN-0001", "started_at": at(0), "ended_at": at(45)},
        {"device": "SN-0002", "origin": "graph", "started_at": at(6), "ended_at": at(50)},
    )
    told = reconcile_deployments(rows)
    assert told["same"].to_list() == [1, 1, 2]
    assert told["believed"].to_list() == [False, True, True]


def test_retries_of_one_export_stay_retries_and_meet_the_nearest_row_of_another():
    rows = fleet(
        {"device": "SN-0001", "started_at": at(0), "ended_at": at(4), "outcome": "failed"},
        {"device": "SN-0001", "started_at": at(6), "ended_at": at(40)},
        {"device": "sn-0001", "origin": "graph", "started_at": at(7), "ended_at": at(41)},
    )
    told = reconcile_deployments(rows)
    assert told["same"].to_list() == [1, 2, 2]
    assert told["believed"].to_list() == [True, True, False]


def test_a_row_within_an_attempt_is_of_it_though_the_next_attempt_began_nearer():
    rows = fleet(
        {"device": "SN-0001", "started_at": at(0), "ended_at": at(8), "outcome": "failed"},
        {"device": "SN-0001", "started_at": at(9), "ended_at": at(18), "outcome": "failed"},
        {"device": "SN-0001", "origin": "graph", "started_at": at(7), "ended_at": at(8), "outcome": "failed"},
        {
            "device": "SN-0001",
            "origin": "graph",
            "started_at": at(17),
            "ended_at": at(18),
            "outcome": "failed",
        },
    )
    assert reconcile_deployments(rows)["same"].to_list() == [1, 2, 1, 2]


def test_a_row_that_saw_the_end_is_believed_before_one_that_did_not():
    rows = fleet(
        {"device": "SN-0001", "started_at": at(0), "observed_until": at(20), "outcome": "in_progress"},
        {"device": "SN-0001", "origin": "graph", "started_at": at(3), "ended_at": at(50)},
    )
    assert reconcile_deployments(rows)["believed"].to_list() == [False, True]


def test_three_exports_of_one_attempt_are_one_and_far_starts_are_two():
    rows = fleet(
        {"device": "SN-0001", "started_at": at(0), "ended_at": at(40)},
        {"device": "SN-0001", "origin": "graph", "started_at": at(5), "ended_at": at(42)},
        {"device": "SN-0001", "origin": "report_v1", "started_at": at(9), "ended_at": at(43)},
        {"device": "SN-0001", "origin": "report_v1", "started_at": at(60), "ended_at": at(70)},
        {"device": "SN-0001", "origin": "log_analytics", "started_at": None},
    )
    assert reconcile_deployments(rows)["same"].to_list() == [1, 1, 1, 2, 3]


def test_placeholder_serials_join_nothing():
    rows = fleet(
        {"device": "a", "serial": "Default string", "started_at": at(0), "ended_at": at(9)},
        {
            "device": "b",
            "serial": "Default string",
            "origin": "graph",
            "started_at": at(0),
            "ended_at": at(9),
        },
    )
    assert reconcile_deployments(rows)["same"].to_list() == [1, 2]


def test_pandas_is_answered_with_pandas():
    rows = fleet({"device": "SN-0001", "started_at": at(0)})
    assert reconcile_deployments(rows.to_pandas())["believed"].tolist() == [True]


def test_a_row_told_again_is_one_attempt_and_the_one_that_ended_is_believed():
    rows = fleet(
        {
            "device": "a",
            "deployment": "e-1",
            "origin": "graph",
            "started_at": at(0),
            "outcome": "in_progress",
        },
        {"device": "a", "deployment": "e-1#2", "origin": "graph", "started_at": at(0), "ended_at": at(9)},
        {"device": "a", "deployment": "e-2", "origin": "graph", "started_at": at(20), "ended_at": at(29)},
        {"device": "b", "deployment": "b@unknown", "origin": "report_v1"},
        {"device": "b", "deployment": "b@unknown#2", "origin": "report_v1"},
    )
    told = reconcile_deployments(rows)
    assert told["same"].to_list() == [1, 1, 2, 3, 4]
    assert told["believed"].to_list() == [False, True, True, True, True]


def test_an_enrolment_that_succeeded_is_no_end_to_be_believed():
    rows = fleet(
        {
            "device": "a", "origin": "log_analytics", "started_at": at(0), "flags": "enrollment_only",
            "outcome": "succeeded",
        },
        {"device": "a", "origin": "graph", "started_at": at(1), "outcome": "in_progress"},
    )  # fmt: skip
    assert reconcile_deployments(rows)["believed"].to_list() == [False, True]


BLANK = {"serial": "To be filled by O.E.M.", "name": "DESKTOP-A1", "user": "ana@example.com"}


def test_rows_of_a_placeholder_serial_meet_by_name_user_and_start():
    rows = fleet(
        {**BLANK, "device": "id-1", "origin": "graph", "started_at": at(0), "ended_at": at(40)},
        {**BLANK, "device": "row-7", "origin": "report_v1", "started_at": at(0), "user": "Ana@example.com"},
        {**BLANK, "device": "row-8", "origin": "report_v1", "started_at": at(0), "name": "DESKTOP-B2"},
        {**BLANK, "device": "row-9", "origin": "report_v1", "started_at": at(3000)},
        {**BLANK, "device": "row-10", "origin": "report_v1", "started_at": at(0), "user": None},
    )
    assert reconcile_deployments(rows)["same"].to_list() == [1, 1, 2, 3, 4]


def test_rows_of_a_placeholder_serial_stay_apart_where_two_would_do():
    rows = fleet(
        {**BLANK, "device": "id-1", "origin": "graph", "started_at": at(0), "ended_at": at(40)},
        {**BLANK, "device": "row-7", "origin": "report_v1", "started_at": at(0)},
        {**BLANK, "device": "row-8", "origin": "report_v1", "started_at": at(2)},
    )
    assert reconcile_deployments(rows)["same"].n_unique() == 3


def test_devices_with_serials_of_their_own_never_meet_by_name():
    rows = fleet(
        {**BLANK, "serial": "SN-1", "device": "SN-1", "origin": "graph", "started_at": at(0)},
        {**BLANK, "serial": "SN-2", "device": "SN-2", "origin": "report_v1", "started_at": at(0)},
    )
    assert reconcile_deployments(rows)["same"].n_unique() == 2


def test_a_row_of_a_placeholder_serial_meets_one_that_two_pages_tell_of():
    graph = {**BLANK, "device": "id-1", "deployment": "e", "origin": "graph", "started_at": at(0)}
    rows = fleet(graph, graph, {**BLANK, "device": "row-7", "origin": "report_v1", "started_at": at(0)})
    assert reconcile_deployments(rows)["same"].n_unique() == 1
