"""Which record proves what, and on which devices it proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS, Tables
from autopilot_analysis.trace.marks import find_marks

MODERN = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
REGISTRATION = "Microsoft-Windows-User Device Registration"


def whole(table, row):
    schema = SCHEMAS[table].create_empty().schema
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)


def marks_of(provider, event_id, data="{}", *, channel=f"{MODERN}/Autopilot", code=None, scenario=None):
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    event = {
        "device": "D", "member": "a.evtx", "record": 1, "recorded_at": at, "at": at, "clock": "declared",
        "channel": channel, "provider": provider, "event_id": event_id, "data": data, "code": code,
    }  # fmt: skip
    device = {"device": "D", "scenario": scenario}
    return find_marks(Tables.of({"events": whole("events", event), "devices": whole("devices", device)}))


@pytest.mark.parametrize(
    ("scenario", "edge"), [("user_driven", "note"), ("hybrid_join", "fail"), (None, "fail")]
)
def test_a_failed_automatic_join_fails_no_scenario_without_one(scenario, edge):
    found = marks_of(REGISTRATION, 304, channel=f"{REGISTRATION}/Admin", scenario=scenario)
    assert found["edge"].to_list() == [edge]


@pytest.mark.parametrize(
    ("state", "stages"),
    [(2, ["device_preparation"]), (3, ["device_preparation", "entra_join"]),
     (6, ["device_preparation", "mdm_enrollment"])],
)  # fmt: skip
def test_the_state_of_a_blocked_device_enrolment_names_the_part_that_failed(state, stages):
    found = marks_of(MODERN, 301, f'{{"State":{state},"HRESULT":"0x80180014"}}', code="0x80180014")
    assert sorted(found.filter(pl.col("edge") == "fail")["stage"].cast(pl.String)) == stages


def test_the_overall_result_of_a_preparation_is_its_code():
    data = '{"DisplayPageResult":"0x0","AgentResult":"0x80070643","OverallResult":"0x80070643"}'
    assert marks_of(MODERN, 401, data).select("mark", "code").rows() == [
        ("preparation_page_failed", "0x80070643")
    ]
