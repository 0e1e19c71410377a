"""Lists beside deployments: told where what failed goes with failed deployments, else silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from findings.service_tables import status, tables_of

from autopilot_analysis.findings import Part
from autopilot_analysis.fleet import answer_fleet, find_in_fleet
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.fleet.explanation.lists.beside import (
    MEND_FIRST,
    Together,
    failed_together,
    tell_items_to_do,
    with_lists,
)
from autopilot_analysis.tables import SCHEMAS, ItemStatus
from autopilot_analysis.tables.typed import checked

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAYS, A_DAY = 40, 8


def deployments(failed):
    """Eight deployments a day, each keyed by its serial and known to Intune by an id."""
    rows = []
    for place in range(DAYS * A_DAY):
        day, n = divmod(place, A_DAY)
        rows.append(
            {
                "device": f"SN-{place}",
                "deployment": f"d-{place}",
                "origin": "report_v1",
                "serial": f"SN-{place}",
                "intune_device_id": f"id-{place}",
                "started_at": FIRST + timedelta(days=day, minutes=7 * n),
                "outcome": "failed" if failed(day, n) else "succeeded",
            }
        )
    return rows


def broken(day, n):
    return (day >= 25 and n % 2 == 0) or (day * 3 + n) % 29 == 0


def tables(hit, key="id", well="1", bad="2", **more):
    rows = [
        status(
            f"{key}-{day * A_DAY + n}", bad if hit(day, n) else well, at=FIRST + timedelta(days=day), **more
        )
        for day in range(DAYS)
        for n in range(A_DAY)
    ]
    return tables_of(deployments=deployments(broken), item_statuses=rows)


def fleet_of(given):
    """The fleet that tables tell of, which no device's own records are in."""
    none = {name: SCHEMAS[name].create_empty() for name in ("installs", "findings", "evidence")}
    return gather_fleet(none | given.frames())


def lines(given):
    sections = answer_fleet(fleet_of(given)).sections
    return [line.text for section in sections for line in section.lines if "whose deployment" in line.text]


def since_then(day, n):
    return day >= 25 and n % 2 == 0


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (tables(since_then), "Map failed"),
        (tables(since_then, key="SN"), "Map failed"),
        (
            tables(
                since_then,
                well="compliant",
                bad="nonCompliant",
                report="DevicePolicySettingsComplianceReport",
            ),
            "Map is not met",
        ),
        (
            tables(
                since_then,
                well="issueFixed",
                bad="remediationFailed",
                report="DeviceRunStatesByProactiveRemediation",
            ),
            "Map failed",
        ),
    ],
)
def test_what_failed_on_the_devices_whose_deployments_failed_is_told_with_both_shares(given, what):
    (line,) = lines(given)
    assert line == (
        f"{what} on 60 of 62 (97 %, 89 to 99 %) devices whose deployment failed since 2026-03-27, on 0 of 58 "
        "(0 %, 0 to 6 %) of those whose deployment went well."
    )


def test_an_item_that_most_failed_deployments_have_in_common_is_in_the_first_line_with_what_to_do():
    told = answer_fleet(fleet_of(tables(since_then)))
    assert told.verdict.endswith("; Map failed on 60 of the 62 devices that failed since then")
    parts = {section.label: [line.text for line in section.lines] for section in told.sections}
    assert parts[Part.TO_DO][0].startswith("Map: Look in the audit log for what was changed on that day")
    assert parts[Part.HAPPENED][1].startswith("Map failed on 60 of 62")
    versions = tables(since_then)
    version = pl.when(pl.col("state") == "2").then(pl.lit("2")).otherwise(pl.lit("1"))
    statuses = checked(versions.item_statuses.with_columns(version=version), ItemStatus)
    told = answer_fleet(fleet_of(replace(versions, item_statuses=statuses)))
    (to_do,) = (section for section in told.sections if section.label is Part.TO_DO)
    assert to_do.lines[0].text.startswith("Map: Look at what this version changed")


def test_an_item_that_fails_on_all_devices_alike_is_mended_first():
    one = SimpleNamespace(leads=True, difference=None, question=SimpleNamespace(name="Map"))
    assert [line.text for line in tell_items_to_do([one, one])] == [f"Map: {MEND_FIRST}."]


@pytest.mark.parametrize(("k", "leads"), [(30, False), (31, True)])
def test_an_item_leads_where_more_than_half_of_the_failed_deployments_have_it(k, leads):
    one = Together(None, k, 60, 0, 60, 0.0)
    assert one.leads is leads


def test_an_item_of_fewer_failed_deployments_stays_below_the_first_line():
    given = tables(lambda day, n: since_then(day, n) and n == 0)
    assert "Map" not in answer_fleet(fleet_of(given)).verdict
    assert lines(given)[0].startswith("Map failed on 15 of 62")


@pytest.mark.parametrize(
    "hit",
    [
        lambda day, n: day >= 25 and n % 2 == 1,  # on devices whose deployment went well
        lambda day, n: (day + n) % 5 == 0,  # on both alike
        lambda day, n: broken(day, n) and day < 4,  # too few
    ],
)
def test_what_failed_elsewhere_or_on_all_alike_is_not_told_beside_the_deployments(hit):
    assert lines(tables(hit)) == []


def test_what_stands_in_the_deployments_themselves_is_no_list_beside_them():
    nested = tables(since_then, deployment="d-1")
    assert failed_together(fleet_of(nested)) == []


def test_all_findings_hold_those_of_the_lists_behind_the_others():
    given = tables(since_then)
    own = find_in_fleet(fleet_of(given), given.members)
    both = with_lists(own, given)
    listed = both.findings[own.findings.height :]
    assert listed["title"][0] == "Map failed on 60 of 320 devices"
    assert both.findings["id"].to_list() == list(range(1, both.findings.height + 1))
    assert both.evidence["finding"].is_in(both.findings["id"].implode()).all()
    attention = tables_of(
        deployments=deployments(broken),
        identities=[
            {"device": f"SN-{n}", "report": "Devices", "compliance_state": "noncompliant"} for n in range(9)
        ],
    )
    assert with_lists(own, attention) is own  # a device that wants attention is no failure of a deployment
