"""build_trace against the written-down truth of every install of the sample scenarios."""

from datetime import timedelta
from itertools import product

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from told_samples import tell_samples

from autopilot_analysis import (
    build_critical_path,
    count_unknown_messages,
    find_conflicts,
)
from autopilot_analysis.samples import PLANS, InstallTruthRow, install_truth_table

FIELDS = [name for name in InstallTruthRow.column_names() if name != "device"]
BESIDE = {
    "{a6a2f3b1-0000-4000-8000-000000000001}",
    "./Vendor/MSFT/ClientCertificateInstall/SCEP/ScepRoot",
}
"""What every enrolled sample has besides its plan: the agent's own package, and one certificate."""


LAYOUTS = ["cab", "diaglogs_flattened"]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Tables, trace and truth of a scenario in a layout; all are told together."""
    kept = tell_samples(tmp_path_factory.mktemp("scenarios"), [*product(PLANS, LAYOUTS)])

    def read(scenario, layout="cab"):
        sample, tables, trace, _ = kept[scenario, layout]
        return tables, trace, install_truth_table([sample])

    return read


def to_the_second(frame):
    moments = [name for name in FIELDS if name.endswith("_at")]
    return (
        frame.select(FIELDS)
        .with_columns(pl.col("kind", "phase").cast(pl.String), pl.col(moments).dt.truncate("1s"))
        .sort("item", "try_number")
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("scenario", PLANS)
def test_every_field_of_every_try_equals_the_truth(told, scenario, layout):
    _, trace, truth = told(scenario, layout)
    found = trace.installs.filter(pl.col("kind") != "policy", ~pl.col("item").is_in(BESIDE))
    assert_frame_equal(to_the_second(found), to_the_second(truth))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("scenario", PLANS)
def test_the_critical_path_tiles_the_phase_to_the_microsecond(told, scenario, layout):
    _, trace, _ = told(scenario, layout)
    for phase in ("device_setup", "account_setup"):
        path = build_critical_path(trace, phase=phase)
        runs = trace.stage_runs.filter(pl.col("stage") == phase).drop_nulls("waited")
        assert path["waited"].sum() == runs["waited"].sum()
        assert path["started_at"][1:].to_list() == path["ended_at"][:-1].to_list()


def test_the_path_of_one_item_of_every_kind_names_all_but_the_seams(told):
    _, trace, _ = told("installs_new_era")
    path = build_critical_path(trace)
    unnamed = path.filter(pl.col("cause") == "unattributed")["waited"].sum()
    assert {"download", "install", "script", "remediation", "certificate"} <= set(path["cause"])
    assert unnamed < timedelta(seconds=20)


def test_a_restart_on_the_path_names_what_asked_for_it(told):
    _, trace, _ = told("installs_hard_reboot", "diaglogs_flattened")
    (row,) = build_critical_path(trace).filter(pl.col("cause") == "wait_reboot").iter_rows(named=True)
    assert row["item"] == "./Device/Vendor/MSFT/Policy/Config/Example/NeedsRestart"
    assert row["waited"] == timedelta(seconds=91)


def test_the_lock_between_two_tries_stands_on_the_path(told):
    _, trace, _ = told("installs_retry_grs")
    path = build_critical_path(trace).filter(pl.col("cause") == "wait_grs")
    assert path.select("name", "waited").rows() == [("Example Backup", timedelta(minutes=4))]


def test_bytes_from_peers_are_told_where_the_log_still_says_so(told):
    classic = told("installs_classic_era")[1].installs.filter(pl.col("name") == "Example VPN")
    new = told("installs_new_era")[1].installs.filter(pl.col("name") == "Example VPN")
    assert classic["detail"].str.json_path_match("$.peers").to_list() == ["12000000"]
    assert classic["detail"].str.json_path_match("$.bytes_from").to_list() == ["telemetry"]
    assert new["detail"].str.json_path_match("$.bytes_from").to_list() == ["rebuilt"]


def test_an_app_that_failed_with_its_dependency_says_so_and_names_it(told):
    _, trace, truth = told("installs_dependency_failed")
    row = trace.installs.filter(pl.col("name") == "Example Suite").row(0, named=True)
    runtime = truth.filter(pl.col("name") == "Example Runtime")["item"][0]
    assert (row["outcome"], row["reason"]) == ("failed", "dependency failed")
    assert runtime in row["detail"]


def test_what_a_failed_script_printed_is_kept(told):
    _, trace, _ = told("installs_script_failed")
    detail = trace.installs.filter(pl.col("kind") == "script")["detail"]
    assert detail.str.json_path_match("$.output").to_list() == ["reading settings"]
    assert detail.str.json_path_match("$.error").to_list() == ["access is denied"]


def test_torn_records_are_gaps_and_nothing_else_is_lost(told):
    tables, _, _ = told("installs_torn")
    torn = tables.gaps.filter(pl.col("member").str.contains("AppWorkload"))
    assert torn["reason"].str.contains("torn").all()
    assert torn.height == 3


@pytest.mark.parametrize("scenario", PLANS)
def test_samples_write_no_line_that_the_census_has_to_report(told, scenario):
    tables, _, _ = told(scenario)
    shapes = set(count_unknown_messages(tables.log_lines)["shape"])
    assert shapes <= {
        "OnStart, public cloud env.",
        "Populating AccountId and DeviceId globally. Account ID is : <guid> Device Id is : <guid>",
        "[APv2] Checking if device is in APv2 mode.",
        "[APv2] Found DevicePrepHintValue = <n>.",
        "length of out=<n>",
    }


@pytest.mark.parametrize("scenario", PLANS)
def test_the_sources_of_a_sample_agree(told, scenario):
    tables, trace, _ = told(scenario)
    assert find_conflicts(tables, trace.installs).rows() == []


def test_intune_s_own_report_is_set_beside_the_device_by_itself(told):
    tables, trace, truth = told("installs_not_detected")
    item = truth.filter(pl.col("outcome") == "not_detected")["item"][0]
    row = {
        "device": trace.installs["device"][0],
        "report": "AppInvByDevice",
        "item": item,
        "state": "installed",
    }
    schema = tables.item_statuses.schema
    reported = pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)
    frames = tables.frames() | {"item_statuses": reported}
    (found,) = find_conflicts(type(tables)(**frames), trace.installs).iter_rows(named=True)
    assert (found["report"], found["log"], found["believed"]) == ("succeeded", "not_detected", "not_detected")
