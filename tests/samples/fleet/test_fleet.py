import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.log_analytics import read_log_analytics
from autopilot_analysis.readers.service.report_csv import read_report_csv
from autopilot_analysis.samples.fleet.files import (
    graph_pages,
    identity_pages,
    log_analytics_csv,
    report_v1_csv,
    report_v2_csv,
)
from autopilot_analysis.samples.fleet.fleet import INCIDENTS, simulate_fleet
from autopilot_analysis.tables import Deployment

DEPLOYMENTS, _ = simulate_fleet(120, seed=3)
SAID = [
    "device",
    "outcome",
    "failed_stage",
    "code",
    "profile",
    "build",
    "started_at",
    "total",
    "device_setup",
    "account_setup",
]


def test_a_fleet_keeps_the_schema_and_is_the_same_for_the_same_seed():
    Deployment.validate(DEPLOYMENTS.drop("app_version"))
    assert_frame_equal(DEPLOYMENTS, simulate_fleet(120, seed=3)[0])
    assert not DEPLOYMENTS.equals(simulate_fleet(120, seed=4)[0])


@pytest.mark.parametrize("incident", INCIDENTS)
def test_the_truth_of_an_incident_is_written_down(incident):
    deployments, truth = simulate_fleet(3000, incident=incident, seed=1)
    inside = deployments.filter(*(pl.col(name) == value for name, value in truth["where"].items()))
    assert truth["incident"] == incident
    assert inside.height > 100
    assert truth["where"] or truth["at"]


def test_graph_pages_are_read_back_as_they_were_made():
    pages = graph_pages(DEPLOYMENTS)
    readings = [read_graph_json(page) for page in pages]
    assert [bool(reading.unread) for reading in readings] == [True, True, False]
    read = pl.concat([reading.rows["deployments"] for reading in readings])
    assert_frame_equal(read.select(SAID), DEPLOYMENTS.select(SAID))


def test_identity_pages_tell_the_models_that_graph_deployments_lack():
    identities = pl.concat([read_graph_json(page).rows["identities"] for page in identity_pages(DEPLOYMENTS)])
    told = dict(identities.select("device", "model").iter_rows())
    assert told == dict(DEPLOYMENTS.select("device", "model").iter_rows())


def test_the_classic_report_is_read_back_as_it_was_made():
    read = read_report_csv(report_v1_csv(DEPLOYMENTS)).rows["deployments"]
    assert_frame_equal(read.select(SAID), DEPLOYMENTS.select(SAID))


def test_the_device_preparation_report_keeps_outcomes_codes_and_seconds():
    read = read_report_csv(report_v2_csv(DEPLOYMENTS)).rows["deployments"]
    assert_frame_equal(
        read.select("device", "outcome", "code"), DEPLOYMENTS.select("device", "outcome", "code")
    )
    difference = (read["total"] - DEPLOYMENTS["total"]).dt.total_milliseconds().abs()
    assert difference.max() <= 500


def test_log_analytics_tells_who_was_refused_at_enrolment():
    read = read_log_analytics(log_analytics_csv(DEPLOYMENTS)).rows["deployments"]
    assert (read["failed_stage"] == "mdm_enrollment").sum() == (
        DEPLOYMENTS["failed_stage"] == "mdm_enrollment"
    ).sum()


def test_a_device_that_tries_again_is_still_the_same_device():
    seen = DEPLOYMENTS.group_by("device").agg(pl.len(), pl.col("model", "group_tag").n_unique())
    assert seen["len"].max() > 1
    assert seen["model"].max() == 1
    assert seen["group_tag"].max() == 1
