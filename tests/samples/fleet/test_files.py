"""A fleet as the services spell it: pages with links, and reports in their own words."""

import json

import polars as pl
import pytest

from autopilot_analysis.samples.fleet.files import graph_pages, identity_pages, report_v1_csv, report_v2_csv
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


@pytest.fixture(scope="module")
def fleet():
    return simulate_fleet(120, incident="model_build_attestation", seed=3)[0]


def test_every_page_but_the_last_links_to_the_next(fleet):
    pages = [json.loads(page) for page in graph_pages(fleet, page=50)]
    assert [len(page["value"]) for page in pages] == [50, 50, 20]
    assert ["@odata.nextLink" in page for page in pages] == [True, True, False]


def test_a_state_is_spelt_as_graph_spells_it(fleet):
    rows = [row for page in graph_pages(fleet) for row in json.loads(page)["value"]]
    assert {row["deploymentState"] for row in rows} <= {"success", "failure", "inProgress", "unknown"}
    assert all(row["osVersion"].startswith("10.0.") for row in rows)


def test_a_device_has_one_identity_however_often_it_tried(fleet):
    rows = [row for page in identity_pages(fleet) for row in json.loads(page)["value"]]
    serials = [row["serialNumber"] for row in rows]
    assert sorted(serials) == sorted(fleet["serial"].unique())


@pytest.mark.parametrize("write", [report_v1_csv, report_v2_csv])
def test_a_report_has_a_row_an_attempt(fleet, write):
    table = pl.read_csv(write(fleet), infer_schema=False)
    assert table.height == fleet.height
