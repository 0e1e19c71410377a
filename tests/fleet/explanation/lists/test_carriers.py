"""An app beside deployments carries failures where those without it hardly fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.service_tables import status, tables_of

from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.fleet.explanation.lists.carriers import carriers_of, in_short
from autopilot_analysis.tables import SCHEMAS

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
SIZE = 120
OTHER = {"item": "portal", "name": "Portal"}


def fleet_of(statuses, failed):
    deployments = [
        {
            "device": f"SN-{n}",
            "deployment": f"d-{n}",
            "origin": "report_v2",
            "serial": f"SN-{n}",
            "name": f"PC-{n}",
            "started_at": FIRST + timedelta(hours=7 * n),
            "total": timedelta(minutes=30),
            "outcome": "failed" if failed(n) else "succeeded",
            "code": ("0x80070643" if n % 2 else "0x80072EE2") if failed(n) else None,
            "failed_stage": "device_preparation" if failed(n) else None,
        }
        for n in range(SIZE)
    ]
    given = tables_of(deployments=deployments, item_statuses=statuses)
    none = {name: SCHEMAS[name].create_empty() for name in ("installs", "findings", "evidence")}
    return gather_fleet(none | given.frames())


def has(n):
    """Every odd device has the app."""
    return n % 2 == 1


def with_it(n):
    return n % 6 in (1, 3)


def app(hit=with_it, given=has, well="1", bad="2", **more):
    rows = [status(f"SN-{n}", bad if hit(n) else well, **more) for n in range(SIZE) if given(n)]
    return rows + [status(f"SN-{n}", "1", **(more | OTHER)) for n in range(SIZE)]


@pytest.mark.parametrize("report", ["DeviceInstallStatusByApp", "DeviceRunStatesByProactiveRemediation"])
def test_the_app_or_script_is_named_with_those_that_have_it_and_those_that_do_not(report):
    words = {"well": "issueFixed", "bad": "remediationFailed"} if report.startswith("DeviceRun") else {}
    fleet = fleet_of(app(report=report, **words), lambda n: with_it(n) or n % 40 == 2)
    (one,) = carriers_of(fleet)
    assert (one.name, one.k, one.n, one.rest_k, one.rest_n) == ("Map", 40, 60, 3, 60)
    assert in_short(one) == "67 % of all deployments with Map failed, without it 5 %"
    told = answer_fleet(fleet)
    assert told.verdict.endswith(f"; {in_short(one)}")
    happened, todo = (
        [line.text for section in told.sections if section.label == label for line in section.lines]
        for label in ("What happened", "What to do")
    )
    assert happened[0].startswith("Map: the deployment failed on 40 of 60 (67 %, ")
    assert happened[1] == (
        "Map itself failed on 40 of these, all with 0x80070643 (The installer ended with a fatal error); of "
        "the 3 other failures none had it."
    )
    assert "No groups were compared: no attribute with several values is told." not in happened
    assert todo[0].startswith("Map, 0x80070643: Read the MSI log")
    assert todo[1].startswith("Collect diagnostics from one device on which Map failed, such as PC-")


@pytest.mark.parametrize(
    ("statuses", "failed"),
    [
        (app(given=lambda _: True), with_it),  # all devices have it
        (app(bad="skipped"), with_it),  # it was only skipped
        (app(), lambda n: n % 3 == 1),  # deployments fail as often without it
        (app(hit=lambda n: n % 6 == 1 and n < 90), with_it),  # it failed on few of those
        ([one for one in app() if one["state"] == "2"], with_it),  # the report holds failures alone
    ],
)
def test_an_app_that_all_have_or_that_others_fail_without_carries_nothing(statuses, failed):
    assert carriers_of(fleet_of(statuses, failed)) == []


def test_a_script_that_carries_failures_since_a_day_is_told_in_words_for_scripts_and_each_advice_once():
    report = "AutopilotV2DeploymentStatusDetailedScriptInfo"
    late = SIZE // 2

    def hit(n):
        return has(n) and n >= late

    fleet = fleet_of(app(hit=hit, report=report, well="Installed", bad="Failed"), hit)
    coded = pl.when(pl.col("outcome").cast(pl.String) == "failed").then(pl.lit("0x80070001"))
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.with_columns(code=coded)))
    text = "\n".join(line.text for section in told.sections for line in section.lines)
    assert "The script ended with exit code 1, a number of its own" in text
    assert "installer" not in text.lower()
    todo = [line.text for section in told.sections if section.label == "What to do" for line in section.lines]
    assert len([line for line in todo if "Read what the script itself writes" in line]) == 1
    assert len([line for line in todo if line.startswith("Collect diagnostics")]) == 1
    carried, _, moved = told.verdict.partition(" failed, without it 0 %; ")
    assert carried.endswith("% of all deployments with Map")
    assert moved.startswith("since ")
