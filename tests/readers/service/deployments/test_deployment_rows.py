"""Recognised cells become deployments: how each ended and where, and which traps its row shows."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.facts.report_columns import report_columns
from autopilot_analysis.readers.service.deployments.deployment import outcomes, states_with
from autopilot_analysis.readers.service.deployments.deployment_rows import (
    CARRIED,
    MADE_OF_OTHERS,
    deployments_of,
)
from autopilot_analysis.readers.service.fleet_rows import ORIGIN_OF
from autopilot_analysis.readers.service.report_columns import Report
from autopilot_analysis.tables import Deployment, schema_of

SPELT = {
    pl.String: ("Contoso", "Contoso"),
    pl.Int64: ("7", 7),
    pl.Boolean: ("True", True),
    pl.Duration: ("PT5M", timedelta(minutes=5)),
    pl.Datetime: ("2026-03-02T08:00:00Z", datetime(2026, 3, 2, 8, tzinfo=UTC)),
}
"""A cell of each type as an export writes it, and what it is."""
OF_THEIR_OWN = {"code": ("0x80180014", "0x80180014")}
NOT_READ = {"ignored", "os"}
"""Headers that are known, and tell a deployment nothing."""


def deployments(*rows, name="autopilotEvents", origin="graph"):
    columns = dict.fromkeys(column for row in rows for column in row)
    cells = pl.DataFrame(
        [{c: row.get(c) for c in columns} for row in rows], schema=dict.fromkeys(columns, pl.String)
    )
    return deployments_of(Report(name, cells), origin)


def deployment(**cells):
    frame, _ = deployments({"serial": "SN-0001", "started_at": "2026-03-02T08:00:00Z"} | cells)
    return Deployment.validate(frame).row(0, named=True)


def refused(text, **cells):
    return {"state": "failure", "enrollment_state": "failed", "failure_text": text} | cells


@pytest.mark.parametrize(
    ("cells", "outcome", "stage"),
    [
        ({"state": "success"}, "succeeded", None),
        ({"state": "failure", "device_state": "failure"}, "failed", "device_setup"),
        (
            {"state": "failure", "preparation_state": "failure", "device_state": "failure"},
            "failed",
            "device_preparation",
        ),
        ({"state": "inProgress"}, "in_progress", None),
        ({"state": "unknown", "enrollment_state": "failed"}, "failed", "mdm_enrollment"),
        (refused("Securing your hardware: 0x81039024"), "failed", "device_preparation"),
        (refused("Joining your organization's network: 0x801c03ea"), "failed", "entra_join"),
        (refused("Apps: 0x87d1041c"), "failed", None),
        (refused("ESP apps: 0x87d1041c", device_state="failure"), "failed", "device_setup"),
        (refused("0x80180014"), "failed", "mdm_enrollment"),
        ({"state": "success", "failure_text": "Securing your hardware: 0x81039024"}, "succeeded", None),
        ({"state": "somethingNew"}, "unknown", None),
        ({"device_state": "success", "account_state": "success"}, "succeeded", None),
        ({"device_state": "Success", "account_state": "failed"}, "failed", "account_setup"),
        ({"device_state": "failed", "account_state": "notAttempted"}, "failed", "device_setup"),
        ({"device_state": "success", "account_state": "notStarted"}, "unknown", None),
        ({"device_state": "success"}, "unknown", None),
        ({"account_state": "success"}, "unknown", None),
        ({"state": "unknown", "device_state": "success", "account_state": "success"}, "unknown", None),
        ({}, "unknown", None),
    ],
)
def test_an_attempt_ended_as_its_state_says_and_failed_in_the_first_stage_that_did(cells, outcome, stage):
    row = deployment(**cells)
    assert (row["outcome"], row["failed_stage"]) == (outcome, stage)


def test_a_state_that_nobody_knows_is_kept_as_it_was_written():
    assert deployment(state="Some, New")["flags"] == "unknown_state=Some; New"


def test_device_preparation_of_the_second_report_failed_in_its_only_stage():
    frame, _ = deployments(
        {"serial": "SN-0001", "state": "failed"}, name="AutopilotV2DeploymentStatus", origin="report_v2"
    )
    assert frame.select("outcome", "failed_stage").row(0) == ("failed", "device_preparation")


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ({"state": "successWithTimeout"}, "success_with_timeout,not_clean"),
        ({"state": "success", "account_state": "failure"}, "stage_failed,not_clean"),
        ({"state": "successOnRetry"}, "success_on_retry"),
        ({"state": "success", "serial": "Default string"}, "placeholder_serial,no_device"),
        ({"state": "success", "total": "-00:10:00"}, "negative_duration:total=-00:10:00"),
        ({"state": "success", "total": "soon"}, "unread_duration:total=soon"),
        ({"state": "success"}, None),
    ],
)
def test_the_traps_of_a_row_stand_in_its_flags(cells, flags):
    assert deployment(**cells)["flags"] == flags


def test_a_span_of_no_length_is_none_unless_its_stage_succeeded():
    row = deployment(
        state="success", total="PT0S", device_setup="PT0S", device_state="success", account_setup="PT0S"
    )
    assert (row["total"], row["device_setup"], row["account_setup"]) == (None, timedelta(), None)


def test_a_span_that_is_none_and_a_time_in_no_spelling_are_counted_as_not_read():
    _, unread = deployments({"state": "success", "total": "soon", "started_at": "some day"})
    assert sorted((gap.reason, gap.count) for gap in unread) == [
        ("times in started_at could not be read: no known spelling of a time", 1),
        ("unread durations in total: taken as missing", 1),
    ]


def test_times_of_the_portal_are_local_and_say_so():
    cells = {"serial": "SN-0001", "state": "success", "started_at": "2026-03-02 08:00"}
    frame, _ = deployments(cells, name="portal: Autopilot deployments", origin="report_v1")
    assert frame["flags"].to_list() == ["local_time"]


def test_a_code_stands_in_its_own_column_or_in_the_text_of_the_failure():
    assert deployment(state="failure", code="0x80180014")["code"] == "0x80180014"
    row = deployment(state="failure", failure_text="The device was refused (0x80180014)")
    assert (row["code"], row["failure_text"]) == ("0x80180014", "The device was refused (0x80180014)")
    assert deployment(state="success", failure_text="0x80180014")["failure_text"] is None


@pytest.mark.parametrize("column", [name for name in Deployment.column_names() if name not in MADE_OF_OTHERS])
def test_a_column_is_read_by_the_type_of_its_field_alone(column):
    text, value = OF_THEIR_OWN.get(column) or SPELT[schema_of("deployments")[column].base_type()]
    assert deployment(**{column: text})[column] == value


def test_every_header_of_an_export_of_deployments_is_read():
    headers = report_columns().filter(pl.col("report").is_in(list(ORIGIN_OF)))
    assert set(headers["column"]) - NOT_READ <= set(CARRIED)


def test_a_number_that_is_none_is_null():
    assert deployment(apps="many")["apps"] is None


def test_every_state_that_gives_a_flag_is_a_success():
    states = [*states_with("success_with_timeout"), *states_with("success_on_retry")]
    assert states == ["successwithtimeout", "successonretry"]
    assert {outcomes()[state] for state in states} == {"succeeded"}
