"""Registered devices in need of attention: what they share, alone and beside deployments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from findings.service_tables import GOOD, table, tables_of

from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.lists.beside import tell_lists, with_lists
from autopilot_analysis.fleet.explanation.lists.lists import find_in_lists
from autopilot_analysis.fleet.explanation.lists.registered import states_in_need
from autopilot_analysis.tables import SCHEMAS, Findings

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
UNASSIGNED = {"profile_state": "notAssigned"}


def devices(*groups):
    """Registered devices: (how many, what differs from a good one) for each group."""
    rows = []
    for number, own in groups:
        for _ in range(number):
            name = f"SN-{len(rows)}"
            rows.append({**GOOD, "device": name, "serial": name, **own})
    return rows


def shared(*groups):
    (one,) = states_in_need(table("identities", devices(*groups)))
    return one.shared


def deployments(serials, failed=()):
    return [
        {
            "device": name,
            "deployment": f"d-{name}",
            "origin": "report_v1",
            "serial": name,
            "started_at": FIRST + timedelta(hours=place),
            "outcome": "failed" if name in failed else "succeeded",
        }
        for place, name in enumerate(serials)
    ]


def answer_of(given):
    none = {name: SCHEMAS[name].create_empty() for name in ("installs", "findings", "evidence")}
    found = answer_fleet(gather_fleet(none | given.frames()))
    return "\n".join([found.verdict, *(line.text for part in found.sections for line in part.lines)])


def test_a_tag_that_all_devices_without_a_profile_have_is_named_with_the_tag_it_was_meant_to_be():
    found = shared(
        (6, {**UNASSIGNED, "group_tag": "EAST_LAB"}),
        (9, {"group_tag": "EAST-LAB"}),
        (9, {"group_tag": "WEST"}),
    )
    assert found.title == "All 6 have group tag EAST_LAB; of the 18 others none is in this state"
    assert "spelt almost as EAST-LAB" in found.finding["meaning"]
    assert "let it hold the group tag EAST_LAB" in found.finding["remedy"]


def test_devices_without_a_tag_share_that():
    found = shared((6, UNASSIGNED), (18, {"group_tag": "WEST"}))
    assert found.title.startswith("All 6 have no group tag;")


def test_a_list_without_tags_shares_none():
    assert shared((6, UNASSIGNED), (18, {})) is None


def test_a_model_that_most_devices_with_a_new_board_are_of_is_named_with_the_exceptions():
    needy = {"remediation_state": "manualRemediationRequired"}
    found = shared(
        (7, {**needy, "model": "Slate 4"}), (1, {**needy, "model": "Slate 9"}), (2, {"model": "Slate 4"}),
        (30, {"model": "Slate 9"}),
    )  # fmt: skip
    assert found.title == (
        "7 of these 8 have model Slate 4 (of 9 registered devices with it); "
        "of the 31 others one is in this state"
    )


def test_new_stock_of_every_tag_shares_nothing():
    groups = [(4, {**state, "group_tag": tag}) for tag in ("EAST", "WEST") for state in (UNASSIGNED, {})]
    assert shared(*groups) is None


def test_three_devices_are_too_few_to_share_anything():
    assert shared((3, {**UNASSIGNED, "group_tag": "EAST"}), (40, {"group_tag": "WEST"})) is None


def test_a_tag_of_fewer_than_half_of_them_is_not_what_they_share():
    found = shared(
        (4, {**UNASSIGNED, "group_tag": "EAST"}), (5, {**UNASSIGNED, "group_tag": "WEST"}),
        (40, {"group_tag": "WEST"}),
    )  # fmt: skip
    assert found is None


def test_beside_deployments_it_is_said_in_the_first_line_and_with_what_to_do():
    listed = devices((6, {**UNASSIGNED, "group_tag": "EAST_LAB"}), (24, {"group_tag": "WEST"}))
    text = answer_of(tables_of(deployments=deployments([f"SN-{n}" for n in range(6, 30)]), identities=listed))
    assert (
        "6 of 30 registered devices have no Autopilot profile assigned: all 6 have group tag EAST_LAB"
        in (text.splitlines()[0])
    )
    assert "No deployment of these 6 devices is told of here." in text
    assert "let it hold the group tag EAST_LAB" in text


def test_devices_that_are_blocked_are_laid_beside_what_their_deployments_came_to():
    kiosks = [f"SN-{n}" for n in range(6)]
    listed = devices((6, {"userless_state": "blocked", "group_tag": "KIOSK"}), (24, {"group_tag": "DESK"}))
    given = tables_of(
        deployments=deployments([f"SN-{n}" for n in range(2, 30)], failed=kiosks), identities=listed
    )
    text = answer_of(given)
    assert (
        "4 of 6 have a deployment here; the last one failed on 4, at 0 of 24 (0 %, 0 to 14 %) others." in text
    )
    assert "all 6 have group tag KIOSK" in text


def test_new_stock_beside_deployments_is_told_apart_and_not_in_the_first_line():
    groups = [(4, {**state, "group_tag": tag}) for tag in ("EAST", "WEST") for state in (UNASSIGNED, {})]
    text = answer_of(
        tables_of(deployments=deployments([f"SN-{n}" for n in range(4, 8)]), identities=devices(*groups))
    )
    assert "8 of 16 registered devices have no Autopilot profile assigned" in text
    assert "registered" not in text.splitlines()[0]


def test_that_an_enrolment_failed_is_not_told_again_beside_deployments():
    listed = devices((6, {"enrollment_state": "failed", "group_tag": "EAST"}), (24, {"group_tag": "WEST"}))
    names = [f"SN-{n}" for n in range(30)]
    text = answer_of(tables_of(deployments=deployments(names, failed=names[:6]), identities=listed))
    assert "failed to enrol when they last tried" not in text


def test_findings_hold_the_state_and_what_is_shared_alone_and_beside_deployments():
    listed = devices((6, {**UNASSIGNED, "group_tag": "EAST"}), (24, {"group_tag": "WEST"}))
    alone = find_in_lists(tables_of(identities=listed)).findings
    assert alone["rule"].to_list() == ["FLEET-PROFILE-UNASSIGNED", "FLEET-GROUP"]
    none = Findings.of({})
    beside = with_lists(none, tables_of(deployments=deployments(["SN-9"]), identities=listed)).findings
    assert beside["rule"].to_list() == ["FLEET-PROFILE-UNASSIGNED", "FLEET-GROUP"]


def compliance(failing):
    states = {
        name: "noncompliant" if name in failing else "compliant" for name in (f"SN-{n}" for n in range(30))
    }
    return [
        {"device": name, "report": "Devices", "serial": name, "compliance_state": state}
        for name, state in states.items()
    ]


def compliance_lines(failing):
    names = [f"SN-{n}" for n in range(30)]
    given = tables_of(deployments=deployments(names, failed=names[:6]), identities=compliance(failing))
    none = {name: SCHEMAS[name].create_empty() for name in ("installs", "findings", "evidence")}
    return [line.text for line in tell_lists(gather_fleet(none | given.frames()), {"failed": _nothing()})]


def _nothing():
    return explain(pl.DataFrame(schema={"outcome": pl.String}))


def test_devices_that_failed_and_are_not_compliant_are_laid_side_by_side():
    (line,) = compliance_lines([f"SN-{n}" for n in range(5)])
    assert line == (
        "Not compliant: 5 of 6 (83 %, 44 to 97 %) devices whose deployment failed, "
        "0 of 24 (0 %, 0 to 14 %) of those whose deployment went well."
    )


def test_devices_that_are_not_compliant_and_went_well_are_not_told_of():
    assert compliance_lines([f"SN-{n}" for n in range(0, 30, 3)]) == []
