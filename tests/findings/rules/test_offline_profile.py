"""The offline profile of the image: whose it is, whether Windows finds it and can do it."""

import pytest
from findings.rule_worlds import DIAGNOSTICS, OFFLINE_FILE, OFFLINE_PROFILE, SOUGHT_IN_VAIN

OTHER, MISNAMED = "CONFIGURATION-FILE-OTHER-TENANT", "CONFIGURATION-FILE-MISNAMED"
AWAY = ("sign_in_other_tenant", "user_authentication", 3, None, "{}")
FILE = "configuration_file_json"


def asks(number, source=FILE, **more):
    bits = [("CloudAssignedOobeConfig", number, OFFLINE_FILE)]
    return {"sources": {OFFLINE_FILE: source}, "properties": bits} | more


def turned_away(**more):
    return OFFLINE_PROFILE | {"marks": [*OFFLINE_PROFILE["marks"], AWAY]} | more


def test_the_tenant_of_the_file_is_named_by_the_page_that_turned_a_user_away(proofs):
    rows = proofs(OTHER, **turned_away())
    assert set(rows["item"]) == {"fabrikam.com"}
    assert rows["quote"].to_list()[-1] == "CloudAssignedTenantDomain: fabrikam.com"


def test_where_the_file_is_not_in_the_export_windows_tells_whose_it_was(proofs):
    read = [("ap:103", {"Message1": "CloudAssignedTenantDomain", "Message2": "fabrikam.com"}, 2, None)]
    rows = proofs(OTHER, **turned_away(events=read, sources={}, properties=()))
    assert set(rows["item"]) == {"fabrikam.com"}


@pytest.mark.parametrize(
    "more",
    [
        {"events": [("ap:703", {}, 2, None)]},
        {"runs": [(1, "entra_join", "succeeded", 3, 4, None, None)]},
    ],
)
def test_a_profile_of_the_service_or_a_join_that_went_through_acquits_the_file(proofs, more):
    assert proofs(OTHER, **turned_away(**more)).is_empty()


def test_a_registry_that_keeps_the_mismatch_proves_it_as_well(proofs):
    rows = proofs(OTHER, **OFFLINE_PROFILE, registry=[(DIAGNOSTICS, "TenantMatched", "0")])
    assert set(rows["member"]) == {"marks.evtx", "dump.reg", "AutopilotConfigurationFile.json"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Contoso_AutopilotConfigurationFile.json", True),
        ("mail/AutopilotConfigurationFile.json.txt", True),
        ("AutopilotConfigurationFile (1).json", True),
        ("Windows/Provisioning/Autopilot/AutopilotConfigurationFile.json", False),
        ("(7) FoldersFiles windir_provisioning_autopilot_AutopilotConfigurationFile.json", False),
        ("profile.json", False),
    ],
)
def test_only_the_very_name_is_looked_for(proofs, name, found):
    rows = proofs(MISNAMED, **SOUGHT_IN_VAIN, sources={name: FILE})
    assert (rows.height > 0) == found
    assert not found or set(rows["item"]) == {name.rpartition("/")[2]}


@pytest.mark.parametrize(
    "more",
    [
        {"device": {"enrolled": True}},
        {"runs": [(1, "entra_join", "succeeded", 3, 4, None, None)]},
        {"marks": [*SOUGHT_IN_VAIN["marks"], ("profile_available", "profile_download", 4, None, "{}")]},
        {"sources": {"a_AutopilotConfigurationFile.json": FILE, "AutopilotConfigurationFile.json": FILE}},
    ],
)
def test_a_copy_beside_a_deployment_that_went_on_is_no_finding(proofs, more):
    given = {"sources": {"a_AutopilotConfigurationFile.json": FILE}} | more
    assert proofs(MISNAMED, **(SOUGHT_IN_VAIN | given)).is_empty()


@pytest.mark.parametrize(
    ("number", "found"),
    [("382", True), ("96", True), ("1308", False), ("32", False), ("64", False), ("none", False)],
)
def test_a_file_cannot_let_the_device_prove_and_join_itself(proofs, number, found):
    rows = proofs("CONFIGURATION-FILE-SELF-DEPLOYING", **asks(number))
    assert rows["item"].to_list() == [f"OOBE configuration {number}"] * found


@pytest.mark.parametrize(
    "given",
    [
        asks("382", "profile_json"),
        asks("382", events=[("ap:703", {}, 2, None)], attempts=OFFLINE_PROFILE["attempts"]),
        asks(
            "382",
            attempts=OFFLINE_PROFILE["attempts"],
            runs=[(1, "entra_join", "succeeded", 3, 4, None, None)],
        ),
    ],
)
def test_a_registered_device_may_deploy_itself_by_the_same_bits(proofs, given):
    assert proofs("CONFIGURATION-FILE-SELF-DEPLOYING", **given).is_empty()
