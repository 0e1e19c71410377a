"""Policies in conflict or not met and updates held back: what is no failure of an app."""

from __future__ import annotations

import pytest
from findings.service_tables import status, table, tables_of

from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.service.answer import only_attention, quiet_lists, verdict_of_lists
from autopilot_analysis.findings.service.item_states import alert_of

POLICIES, UPDATES = "DeviceConfigurationPolicyStatuses", "FeatureUpdateDeviceState"


def found(*rows):
    return find_in_service(tables_of(item_statuses=rows)).findings


def policy(device, state, name="Disk", **more):
    return status(device, state, report=POLICIES, name=name, item=name, **more)


def update(device, state, alert=None):
    return status(device, state, report=UPDATES, name="Ring", detail=alert)


def test_a_conflict_comes_first_and_a_failure_stays_apart():
    rows = [policy("A", "Conflict"), policy("B", "conflict"), policy("C", "Error"), policy("D", "Succeeded")]
    findings = found(*rows)
    assert findings.select("rule", "role", "title").rows() == [
        ("FLEET-POLICY-CONFLICT", "cause", "Disk is in conflict on 2 of 4 devices"),
        ("FLEET-ITEM-FAILED", "consequence", "Disk failed on 1 of 4 devices"),
    ]
    assert "second policy" in findings["remedy"][0]
    assert "names the setting and its error code" in findings["remedy"][1]
    tables = tables_of(item_statuses=rows)
    assert verdict_of_lists(tables, find_in_service(tables)).startswith(
        "1 policy in conflict; Disk failed on 1 of 4 devices"
    )


def at_odds(device, *settings, state="conflict"):
    words = "; ".join(f"{name}: {state} (set by {' and by '.join(among)})" for name, *among in settings)
    return policy(device, "conflict", detail=words)


def test_a_conflict_whose_policies_are_named_says_to_which_settings_to_look_and_claims_no_values():
    rows = [
        at_odds("A", ("Lock", "Base", "Disk"), ("Scan", "Base", "Disk")),
        at_odds("B", ("Scan", "X", "Disk")),
    ]
    row = found(*rows).row(0, named=True)
    assert row["remedy"].endswith(": Lock, Scan are set by Base and by Disk; Scan is set by X and by Disk")
    assert "More than one policy sets the same setting" in row["meaning"]
    assert "different values" not in row["meaning"]


@pytest.mark.parametrize(
    "row",
    [
        policy("A", "conflict"),
        at_odds("A", ("Lock", "Disk")),
        at_odds("A", ("Lock", "Base", "Disk"), state="error"),
    ],
)
def test_a_conflict_without_a_second_policy_by_name_sends_one_to_find_it(row):
    finding = found(row).row(0, named=True)
    assert "Find the second policy" in finding["remedy"]
    assert "More than one policy" not in finding["meaning"]
    assert "different values" not in finding["meaning"]


def test_of_many_shared_settings_the_first_are_named():
    remedy = found(at_odds("A", *((f"S{n}", "Base", "Disk") for n in range(6))))["remedy"][0]
    assert remedy.endswith(": S0, S1, S2, S3, and 2 more are set by Base and by Disk")


def test_a_policy_that_is_not_met_is_a_warning_and_a_device_need_not_be_known():
    row = found({**policy("A", "nonCompliant"), "device": None}).row(0, named=True)
    assert (row["rule"], row["severity"], row["device"]) == ("FLEET-POLICY-UNMET", "warning", "fleet")


def test_an_update_under_a_safeguard_hold_is_held_back_and_has_not_failed():
    tables = tables_of(item_statuses=[update("A", "OnHold", "SafeguardHold"), update("B", "Success")])
    findings = find_in_service(tables)
    row = findings.findings.row(0, named=True)
    assert (row["rule"], row["role"], row["title"]) == (
        "FLEET-UPDATE-HELD", "context", "Ring is held back on 1 of 2 devices",
    )  # fmt: skip
    assert "no failure" in row["meaning"]
    assert only_attention(findings)
    assert verdict_of_lists(tables, findings).startswith("1 update held back")


def test_the_alert_of_an_update_that_failed_tells_why():
    row = found(update("A", "Error", "InsufficientUpdateConnectivity")).row(0, named=True)
    assert (row["rule"], row["role"]) == ("FLEET-ITEM-FAILED", "cause")
    assert "not connected to Windows Update" in row["meaning"]
    assert alert_of(["Insufficient update connectivity", None]) is not None
    assert alert_of(["SafeguardHold", "DiskFull"]) is None


def test_a_report_of_failures_alone_tells_no_share():
    row = status("A", "error", "0x80070070", report="DeviceFailuresByFeatureUpdatePolicy", name="Ring")
    assert found(row)["title"].to_list() == ["Ring failed (0x80070070) on 1 device"]


@pytest.mark.parametrize("state", ["NotApplicable", "Pending", "InProgress", "Offering", "Succeeded"])
def test_what_waits_or_does_not_apply_is_quiet(state):
    rows = [update("A", state), policy("B", state)]
    assert found(*rows).is_empty()
    assert quiet_lists(tables_of(item_statuses=rows)).verdict.startswith("Nothing went wrong")


def test_a_count_tells_conflicts_and_asks_for_the_devices_of_a_policy():
    report = "ConfigurationPolicyAggregate"
    counts = [{"report": report, "name": "Disk", "installed": 180, "failed": 2, "conflict": 58}]
    findings = find_in_service(tables_of(item_counts=counts)).findings
    assert findings["title"].to_list() == [
        "Disk is in conflict on 58 of 240 devices", "Disk failed on 2 of 240 devices",
    ]  # fmt: skip
    assert findings["remedy"][1].startswith("Export the device status of this policy")
    good = quiet_lists(tables_of(item_counts=[{"report": report, "name": "Disk", "failed": 0}]))
    assert good.sections[0].lines[0].text == "1 policy that is counted: none failed on a device."


def test_a_word_for_a_state_counts_in_the_portal_s_language():
    assert table("item_statuses", [policy("A", "Konflikt")]).height == 1
    assert found(policy("A", "Konflikt"), policy("B", "Fehler")).height == 2


def test_the_alert_that_more_than_half_of_the_devices_name_gives_the_remedy():
    assert alert_of(["DiskFull"] * 3 + ["SafeguardHold"] * 2) == alert_of(["DiskFull"])
    assert alert_of(["DiskFull"] * 2 + ["SafeguardHold"] * 2) is None
    assert alert_of(["a word"] * 3 + ["DiskFull"]) is None
