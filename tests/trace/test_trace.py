"""build_trace against the written-down truth of every sample scenario."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from told_samples import tell_samples

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.samples import SCENARIOS, truth_table

TRUTH = ["attempt", "stage", "started_at", "ended_at", "outcome", "code"]


def to_the_second(frame):
    return (
        frame.select(TRUTH)
        .filter(pl.col("attempt") > 0)
        .with_columns(
            pl.col("stage", "outcome").cast(pl.String),
            pl.col("started_at", "ended_at").dt.cast_time_unit("us").dt.truncate("1s"),
        )
        .sort("attempt", "stage")
    )


LAYOUTS = ["diaglogs_flattened", "diaglogs_numbered", "page", "folder"]
IN_EVERY_LAYOUT = ["user_driven_success", "clock_step", "pre_provisioning_success"]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Tables, trace and truth of a scenario in a layout; all are told together."""
    asked = [*product(SCENARIOS, ["cab"]), *product(IN_EVERY_LAYOUT, LAYOUTS)]
    kept = tell_samples(tmp_path_factory.mktemp("scenarios"), asked)

    def read(scenario, layout="cab"):
        sample, tables, trace, _ = kept[scenario, layout]
        return tables, trace, truth_table([sample], sample.path.parent)

    return read


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_stage_boundaries_equal_the_truth_to_the_second(told, scenario):
    _, trace, truth = told(scenario)
    assert_frame_equal(to_the_second(trace.stage_runs), to_the_second(truth))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("scenario", IN_EVERY_LAYOUT)
def test_every_layout_tells_the_same_story(told, scenario, layout):
    _, trace, truth = told(scenario, layout)
    assert_frame_equal(to_the_second(trace.stage_runs), to_the_second(truth))


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("user_driven_success", ["user_driven"]),
        ("mdm_enrollment_refused", ["user_driven"] * 4),
        ("tpm_attestation_failure", ["self_deploying"]),
        ("hybrid_join_failure", ["hybrid_join"]),
        ("pre_provisioning_success", ["pre_provisioning_technician", "pre_provisioning_user"]),
        ("self_deploying_success", ["self_deploying"]),
        ("existing_device_success", ["existing_device"]),
        ("autopilot_reset", ["autopilot_reset"]),
        ("device_preparation_success", ["device_preparation"]),
        ("not_autopilot", []),
    ],
)
def test_each_attempt_knows_its_scenario(told, scenario, expected):
    assert told(scenario)[1].attempts["scenario"].to_list() == expected


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("user_driven_success", [("succeeded", None, None)]),
        ("mdm_enrollment_refused", [("failed", "mdm_enrollment", "0x80180014")] * 4),
        ("tpm_attestation_failure", [("failed", "device_preparation", "0x81039001")]),
        ("esp_app_timeout", [("failed", "device_setup", "0x800705B4")]),
        ("esp_app_failure", [("failed", "device_setup", "0x87D1041C")]),
        ("blank_profile_then_reboot", [("succeeded", None, None)]),
        ("hybrid_join_failure", [("failed", "entra_join", "0x80070774")]),
        ("network_blocked", [("failed", "network", None)]),
        ("not_autopilot", []),
    ],
)
def test_each_attempt_says_what_came_of_it_where_and_with_which_code(told, scenario, expected):
    attempts = told(scenario)[1].attempts
    assert attempts.select("outcome", "failed_stage", "code").rows() == expected


def test_every_boundary_leads_back_to_a_record_that_exists(told):
    tables, trace, _ = told("user_driven_success")
    known = pl.concat(
        frame.select("member", "record")
        for frame in (tables.events, tables.log_lines, tables.registry_values)
    )
    for end in ("started", "ended"):
        cited = trace.stage_runs.select(member=f"{end}_member", record=f"{end}_record").drop_nulls()
        assert cited.height > 0
        assert cited.join(known, on=["member", "record"], how="anti").is_empty()


def test_the_clock_step_is_told_and_the_events_before_it_lie_before_it(told):
    tables, trace, _ = told("clock_step")
    (step,) = trace.steps.filter(pl.col("kind") == "clock_step").iter_rows(named=True)
    assert abs(step["amount"].total_seconds()) > 3600
    corrected = tables.events.filter(pl.col("clock") == "corrected")
    assert corrected.height > 0
    assert (corrected["at"] <= step["at"]).all()
    assert (corrected["recorded_at"] != corrected["at"]).all()


def test_the_starts_of_a_genuine_device_without_autopilot_are_no_attempts(genuine):
    with open_export(genuine / "mdm-diagnostics-23h2.cab") as export:
        trace = build_trace(read_tables(export))
    assert trace.attempts.is_empty()
    assert "profile_empty" in trace.marks["mark"].to_list()
    assert trace.steps.filter(pl.col("kind") == "clock_step")["amount"].dt.total_hours().to_list() == [-3]


def test_an_export_without_progress_gives_empty_frames(tmp_path):
    log = tmp_path / "setupact.log"
    log.write_text("2026-03-02 10:00:00, Info       [setup.exe] hello\n", encoding="utf-8")
    with open_export(log) as export:
        trace = build_trace(read_tables(export))
    assert {name: frame.height for name, frame in trace.frames().items()} == dict.fromkeys(trace.frames(), 0)
