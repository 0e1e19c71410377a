"""Policies that the device refused while the page ran."""

import json

import pytest
from findings.rule_worlds import REFUSED, SETTINGS, SETUP

from autopilot_analysis.trace.installs.policies import no_fault

NODE = REFUSED["item"]
KEPT = r"HKEY_LOCAL_MACHINE\software\ESPTrackingInfo\Diagnostics\ExpectedPolicies\2026-03-02T08:05:00Z"


def test_a_policy_is_named_by_its_node_and_proven_by_the_page_s_own_record(proofs):
    rows = proofs("ESP-POLICY-REFUSED", **SETUP, installs=[REFUSED] * 2, registry=[(KEPT, NODE, "0")])
    assert rows["item"].unique().to_list() == ["AssignedAccess/Configuration"]
    assert rows["quote"][0] == "failed"
    assert rows["quote"][2] == f'{KEPT}\\{NODE} = "0"'
    assert rows["code"].to_list() == ["0xC00CE223"] * 3


def test_a_policy_that_the_page_found_applied_in_the_end_is_no_cause(proofs):
    assert proofs("ESP-POLICY-REFUSED", **SETUP, installs=[REFUSED], registry=[(KEPT, NODE, "1")]).is_empty()


@pytest.mark.parametrize(("state", "found"), [("succeeded", 0), ("inProgress", 1)])
def test_a_page_that_has_its_policies_waited_for_something_else(proofs, state, found):
    part = {"subcategoryState": state, "subcategoryStatusText": "x"}
    status = (
        SETTINGS, "DeviceSetupCategory.Status", json.dumps({"DeviceSetup.SecurityPoliciesSubcategory": part})
    )  # fmt: skip
    assert proofs("ESP-POLICY-REFUSED", **SETUP, installs=[REFUSED], registry=[status]).height == found


@pytest.mark.parametrize("reason", no_fault())
@pytest.mark.parametrize("rule", ["ESP-POLICY-REFUSED", "ESP-POLICY-FAILED"])
def test_a_harmless_refusal_is_no_policy_that_failed(proofs, rule, reason):
    asked = [REFUSED | {"reason": reason}, REFUSED | {"reason": reason, "blocking": None}]
    assert proofs(rule, **SETUP, installs=asked).is_empty()
