"""Two tenants on one device: told with both names, and silent where there is one or none."""

from __future__ import annotations

import pytest

DIAGNOSTICS = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\Diagnostics\AutoPilot"
OURS, THEIRS = "66666666-7777-4888-8999-000000000001", "11111111-2222-4333-8444-555555555555"


def values(**given):
    known = {
        "TenantMatched": "0",
        "AadTenantId": OURS,
        "CloudAssignedTenantId": THEIRS,
        "CloudAssignedTenantDomain": "former.example",
        **given,
    }
    return [(DIAGNOSTICS, name, value) for name, value in known.items() if value is not None]


def test_two_tenants_in_a_registry_alone_are_a_cause_with_both_names(proofs):
    rows = proofs("TENANT-MISMATCH", registry=values())
    assert rows["item"].to_list() == [f"the profile is of former.example ({THEIRS}), the user of {OURS}"]


def test_without_a_domain_the_ids_stand_alone(proofs):
    rows = proofs("TENANT-MISMATCH", registry=values(CloudAssignedTenantDomain=None))
    assert rows["item"].to_list() == [f"the profile is of {THEIRS}, the user of {OURS}"]


@pytest.mark.parametrize(
    "given",
    [
        {"TenantMatched": "1"},
        {"TenantMatched": None},
        {"AadTenantId": ""},
        {"AadTenantId": None},
        {"AadTenantId": "00000000-0000-0000-0000-000000000000"},
        {"AadTenantId": THEIRS.upper()},
        {"CloudAssignedTenantId": None},
    ],
)
def test_one_tenant_or_no_user_yet_is_nothing(proofs, given):
    assert proofs("TENANT-MISMATCH", registry=values(**given)).is_empty()


def test_a_device_that_is_enrolled_went_on(proofs):
    assert proofs("TENANT-MISMATCH", device={"enrolled": True}, registry=values()).is_empty()


def joined(tenant, profile=THEIRS, *, state="YES", domain="former.example"):
    return [
        ("AzureAdJoined", state, "dsregcmd.txt", "Device State"),
        ("TenantId", tenant, "dsregcmd.txt", "Tenant Details"),
        ("TenantName", "Fabrikam", "dsregcmd.txt", "Tenant Details"),
        ("CloudAssignedTenantId", profile, "AutopilotDDSZTDFile.json", ""),
        ("CloudAssignedTenantDomain", domain, "AutopilotDDSZTDFile.json", ""),
    ]


def test_a_device_joined_to_another_tenant_than_that_of_its_profile_names_both(proofs):
    rows = proofs("JOINED-IN-OTHER-TENANT", properties=joined(OURS))
    assert set(rows["item"]) == {f"joined to Fabrikam ({OURS}), registered in former.example ({THEIRS})"}
    assert set(rows["quote"]) == {f"TenantId: {OURS}", f"CloudAssignedTenantId: {THEIRS}"}


@pytest.mark.parametrize(
    "given",
    [
        joined(OURS, OURS.upper(), domain="fabrikam.onmicrosoft.example"),
        joined(OURS, state="NO"),
        joined(OURS, ""),
        [*joined(OURS), ("CloudAssignedTenantId", OURS, "other.json", "")],
    ],
)
def test_one_tenant_under_two_domains_no_join_or_two_profiles_are_nothing(proofs, given):
    assert proofs("JOINED-IN-OTHER-TENANT", properties=given).is_empty()
