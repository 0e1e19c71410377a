"""What goes wrong in a fleet as findings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet import find_in_fleet
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.tables import SCHEMAS, schema_of

DAY = datetime(2026, 7, 6, 8, tzinfo=UTC)


def fleet_of(*failures):
    """A small fleet: one device for each failure, as stage and code, and three that went well."""
    rows = [
        {"device": f"SN-{n}", "deployment": str(n), "origin": "graph", "started_at": DAY + timedelta(hours=n),
         "outcome": "failed" if stage else "succeeded", "failed_stage": stage, "code": code}
        for n, (stage, code) in enumerate([*failures, *[(None, None)] * 3])
    ]  # fmt: skip
    frames = {name: schema.create_empty() for name, schema in SCHEMAS.items()}
    schema = frames["deployments"].schema
    return gather_fleet(
        {
            **frames,
            "deployments": pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema),
        }
    )


def members(*names):
    rows = [{"device": "", "member": name, "source": "graph_json", "state": "read"} for name in names]
    schema = schema_of("members")
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("0x80180018", "cause"),  # a licence is missing
        ("0x800705B4", "consequence"),  # time ran out
        ("0x80070002", "consequence"),  # a file was not found, and nothing is known to mend that
        ("0x8F00BABE", "consequence"),  # nobody knows it
        (None, "consequence"),
    ],
)
def test_a_kind_of_failure_is_a_cause_where_its_code_says_why(code, role):
    found = find_in_fleet(fleet_of(("device_setup", code)), members("a.json")).findings
    assert found.select("rule", "role", "device", "code", "stage").rows() == [
        ("FLEET-FAILURE", role, "SN-0", code, "device_setup")
    ]


def test_causes_come_first_and_what_several_devices_show_is_of_the_fleet():
    failures = [("device_setup", None)] * 2 + [("mdm_enrollment", "0x80180018")]
    found = find_in_fleet(fleet_of(*failures), members("a.json", "b.json"))
    assert found.findings.select("id", "role", "device", "item").rows() == [
        (1, "cause", "SN-2", "SN-2"),
        (2, "consequence", "fleet", "SN-1, SN-0"),
    ]
    assert (
        found.findings["title"][1]
        == "Deployments failed in device setup: 2 of the 3 that failed, on 2 devices"
    )
    assert found.evidence.select("finding", "member", "quote").rows() == [
        (1, "a.json and 1 more file", "SN-2 failed in MDM enrolment with 0x80180018, 2026-07-06."),
        (2, "a.json and 1 more file", "SN-1 failed in device setup, 2026-07-06."),
        (2, "a.json and 1 more file", "SN-0 failed in device setup, 2026-07-06."),
    ]


def test_a_proof_leads_to_the_file_and_the_row_of_the_deployment_that_is_quoted():
    fleet = fleet_of(*[("device_setup", None)] * 2, ("mdm_enrollment", "0x80180018"))
    rows = fleet.deployments.with_columns(
        member=pl.format("{}.json", "device"), record=pl.int_range(1, pl.len() + 1)
    )
    found = find_in_fleet(replace(fleet, deployments=rows), members("a.json", "b.json"))
    assert found.evidence.select("member", "record").rows() == [
        ("SN-2.json", 3),
        ("SN-1.json", 2),
        ("SN-0.json", 1),
    ]


def test_a_proof_of_a_group_and_of_a_day_is_the_first_that_failed_in_it(shipped_fleet):
    rows = shipped_fleet.deployments
    found = find_in_fleet(shipped_fleet, members("a.csv"))
    proofs = found.evidence.filter(pl.col("rule").is_in(["FLEET-GROUP", "FLEET-DAY"]))
    failed = rows.filter(profile="User driven", outcome="failed").sort("started_at")
    since = failed.filter(pl.col("started_at") >= found.findings.filter(rule="FLEET-DAY")["at"][0])
    first = [since.select("member", "record").row(0)] * 2
    assert proofs.select("member", "record").rows() == first
    assert failed["started_at"][0] < since["started_at"][0]


def test_where_nothing_failed_nothing_is_found():
    assert find_in_fleet(fleet_of(), members("a.json")).findings.is_empty()


def test_a_group_that_differs_and_its_day_are_context(shipped_fleet):
    found = find_in_fleet(shipped_fleet, members("a.csv")).findings
    differing = found.filter(pl.col("rule") != "FLEET-FAILURE")
    assert differing.select("rule", "role", "severity", "item").rows() == [
        ("FLEET-GROUP", "context", "high", "profile User driven"),
        ("FLEET-DAY", "context", "high", "profile User driven"),
    ]
    assert differing["confidence"].min() > 0.99


@pytest.mark.parametrize(("state", "named"), [("error", True), ("installed", False)])
def test_an_item_that_failed_in_a_deployment_is_named_and_one_that_is_installed_is_not(state, named):
    fleet = fleet_of(("device_setup", "0x80070652"))
    schema = fleet.item_statuses.schema
    row = {
        "device": "SN-0",
        "deployment": "0",
        "report": "policyStatusDetails",
        "name": "Map",
        "state": state,
    }
    statuses = pl.DataFrame([{c: row.get(c) for c in schema} for row in [row]], schema=schema)
    found = find_in_fleet(replace(fleet, item_statuses=statuses), members("a.json")).findings
    assert (found["item"][0] == "Map", found["title"][0].endswith(", at Map")) == (named, named)


@pytest.mark.parametrize(
    ("tracked", "words"),
    [
        ((None, None), ", at Map (0x1), Viewer"),
        ((False, True), ", at Viewer, Map (0x1, the page did not wait for it)"),
    ],
)
def test_an_item_that_held_no_page_up_stands_last_and_is_marked(tracked, words):
    fleet = fleet_of(("device_setup", "0x80070652"))
    schema = fleet.item_statuses.schema
    own = {"device": "SN-0", "deployment": "0", "report": "policyStatusDetails", "state": "error"}
    rows = [
        own | {"name": name, "code": code, "tracked": known}
        for (name, code), known in zip([("Map", "0x1"), ("Viewer", None)], tracked, strict=True)
    ]
    statuses = pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)
    found = find_in_fleet(replace(fleet, item_statuses=statuses), members("a.json")).findings
    assert found["title"][0].endswith(words)


def test_what_the_service_says_of_a_failure_in_words_is_told_and_not_called_unsaid():
    fleet = fleet_of(("device_setup", None), ("device_setup", None))
    text = "Required app Viewer was not installed"
    told = pl.when(pl.col("outcome").cast(pl.String) == "failed").then(pl.lit(text)).alias("failure_text")
    told = replace(fleet, deployments=fleet.deployments.with_columns(told))
    found = find_in_fleet(told, members("a.json")).findings
    assert found.select("meaning", "remedy").rows() == [
        (f"The report's own text: “{text}”", "Collect diagnostics from one of these devices")
    ]
    assert find_in_fleet(fleet, members("a.json")).findings["meaning"].to_list() == [
        "The service does not say why."
    ]


def test_hours_in_which_all_failed_send_nobody_to_a_single_device():
    good, bad = [(None, None)], [("device_setup", None)]
    found = find_in_fleet(fleet_of(*good * 20, *bad * 9, *good * 20), members("a.json")).findings
    (day,) = found.filter(pl.col("rule") == "FLEET-DAY").iter_rows(named=True)
    assert day["title"].startswith(
        "all attempts, from 07 July 2026, 04:00 UTC until 07 July 2026, 13:00 UTC: "
    )
    assert day["remedy"].startswith("Look at what was down in that time")
