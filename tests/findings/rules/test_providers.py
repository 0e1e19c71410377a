"""Policy providers that were not installed, as the registry keeps it and as the page tells it."""

import pytest
from findings.rule_worlds import installed

AGENT, CLIENT = "PROVIDER-INSTALL-FAILED", "CONFIGMGR-CLIENT-FAILED"
TIME_OUT = "2147943860"


@pytest.mark.parametrize(
    ("kept", "rule", "proved"),
    [
        (("ConfigMgr", "4"), CLIENT, 4),
        (("configmgr", "4"), CLIENT, 4),
        (("ConfigMgr", "3"), CLIENT, 0),
        (("ConfigMgr", "1"), CLIENT, 0),
        (("Sidecar", "4"), CLIENT, 0),
        (("Sidecar", "4"), AGENT, 4),
        (("ConfigMgr", "4"), AGENT, 0),
    ],
)
def test_a_provider_whose_installation_ended_with_an_error_is_named(proofs, failure, kept, rule, proved):
    rows = proofs(rule, **failure("device_preparation"), registry=installed(*kept, TIME_OUT))
    assert rows["code"].to_list() == ["0x800705B4"] * proved


@pytest.mark.parametrize(
    ("stage", "proved"),
    [("device_preparation", 4), ("device_setup", 4), ("account_setup", 0), ("mdm_enrollment", 0)],
)
def test_it_stops_an_attempt_before_its_users_part(proofs, failure, stage, proved):
    rows = proofs(CLIENT, **failure(stage), registry=installed("ConfigMgr", "4", TIME_OUT))
    assert rows.height == proved


def test_without_an_error_kept_it_has_no_code(proofs, failure):
    rows = proofs(CLIENT, **failure("device_preparation"), registry=installed("ConfigMgr", "4", "0"))
    assert rows["code"].to_list() == [None] * 4


def test_what_an_event_tells_is_not_told_again_from_the_registry(proofs):
    world = {
        "attempts": [("failed", "device_preparation", "user_driven", 0, 60, None)],
        "runs": [(1, "device_preparation", "failed", 10, 60, "0x80070643", "provider_install_failed")],
        "marks": [("provider_install_failed", "device_preparation", 60, "0x80070643", "")],
    }
    rows = proofs(AGENT, **world, registry=installed("Sidecar", "4", TIME_OUT))
    assert rows["code"].to_list() == ["0x80070643"]


@pytest.mark.parametrize(("state", "proved"), [("4", 4), ("3", 0)])
def test_what_the_registry_keeps_of_the_client_counts_without_an_attempt(proofs, state, proved):
    assert proofs(CLIENT, registry=installed("ConfigMgr", state, TIME_OUT)).height == proved
    assert proofs(AGENT, registry=installed("Sidecar", state, TIME_OUT)).is_empty()
