"""Policy providers that were not installed, as the registry keeps it and as the page tells it."""

import json

import pytest
from findings.rule_worlds import installed

AGENT, CLIENT = "PROVIDER-INSTALL-FAILED", "CONFIGMGR-CLIENT-FAILED"
OTHER = "POLICY-PROVIDER-FAILED"
RULES = [AGENT, CLIENT, OTHER]
REFUSED, CAME, NAMELESS = "provider_install_failed", "provider_installed", "policies_not_counted"
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


def preparation(*marks, ended=REFUSED):
    """An attempt whose device preparation failed, and its marks: name, minute, provider or message, code."""
    marks_of_it = [
        (mark, "device_preparation", minute, code, named if " " in named else json.dumps({"Message1": named}))
        for mark, minute, named, code in marks
    ]
    return {
        "attempts": [("failed", "device_preparation", "user_driven", 0, 60, None)],
        "runs": [(1, "device_preparation", "failed", 10, 60, None, ended)],
        "marks": marks_of_it,
    }


@pytest.mark.parametrize(
    ("named", "rule", "item"),
    [
        ("Sidecar", AGENT, None),
        ("SIDECAR", AGENT, None),
        ("ConfigMgr", CLIENT, None),
        ("Das Zeitlimit des Anbieters ConfigMgr ist abgelaufen", CLIENT, None),
        ("Le fournisseur Sidecar a échoué", AGENT, None),
        ("Contoso", OTHER, "Contoso"),
    ],
)
def test_a_record_is_of_the_provider_that_it_names(proofs, named, rule, item):
    world = preparation((REFUSED, 60, named, "0x800705B4"))
    found = {name: proofs(name, **world).select("code", "item").rows() for name in RULES}
    assert found == {name: [("0x800705B4", item)] * (name == rule) for name in RULES}


def test_two_providers_that_failed_have_each_its_own_code(proofs):
    world = preparation((REFUSED, 50, "ConfigMgr", "0x80070643"), (REFUSED, 60, "Sidecar", "0x80072EE2"))
    assert proofs(CLIENT, **world)["code"].to_list() == ["0x80070643"]
    assert proofs(AGENT, **world)["code"].to_list() == ["0x80072EE2"]


def test_the_agent_fails_beside_a_client_that_came(proofs):
    world = preparation((CAME, 30, "ConfigMgr", None), (REFUSED, 60, "Sidecar", None))
    assert [proofs(name, **world).height for name in RULES] == [1, 0, 0]


@pytest.mark.parametrize(("minute", "proved"), [(59, 1), (61, 0)])
def test_a_provider_that_came_after_all_did_not_fail(proofs, minute, proved):
    world = preparation((REFUSED, 60, "ConfigMgr", None), (CAME, minute, "ConfigMgr", None))
    assert proofs(CLIENT, **world).height == proved


@pytest.mark.parametrize(
    ("came", "registry", "expected"),
    [
        ([], [], [1, 0, 0]),
        ([(CAME, 20, "Sidecar", None)], [], [0, 0, 1]),
        ([(CAME, 20, "ConfigMgr", None)], [], [1, 0, 0]),
        ([], installed("Sidecar", "3", "0"), [0, 0, 1]),
        ([], installed("ConfigMgr", "3", "0"), [1, 0, 0]),
    ],
)
def test_a_record_without_a_name_is_the_agents_unless_it_came(proofs, came, registry, expected):
    world = preparation(*came, (REFUSED, 60, "", None)) | {"registry": registry}
    assert [proofs(name, **world).height for name in RULES] == expected


@pytest.mark.parametrize(
    ("came", "provider", "expected"),
    [
        ([], "Sidecar", [1, 0, 0]),
        ([(CAME, 20, "Sidecar", None)], "Sidecar", [0, 0, 1]),
        ([(CAME, 20, "ConfigMgr", None)], "ConfigMgr", [0, 0, 1]),
        ([(CAME, 65, "Sidecar", None)], "Sidecar", [0, 0, 1]),
    ],
)
def test_a_provider_that_was_installed_and_named_nothing_is_not_called_missing(
    proofs, came, provider, expected
):
    world = preparation(*came, (NAMELESS, 60, provider, None), ended=NAMELESS)
    assert [proofs(name, **world).height for name in RULES] == expected


@pytest.mark.parametrize(
    ("client", "agent", "proved"), [("1", "3", 4), ("1", "1", 0), ("3", "3", 0), ("2", "3", 0)]
)
def test_a_client_that_never_ended_stops_the_page_where_the_agent_came(
    proofs, failure, client, agent, proved
):
    kept = [*installed("ConfigMgr", client, "0"), *installed("Sidecar", agent, "0")]
    assert proofs(CLIENT, **failure("device_preparation"), registry=kept).height == proved
    assert proofs(CLIENT, **failure("device_setup"), registry=kept).is_empty()
