"""What stands beside a deployment that went well."""

import pytest
from findings.rule_worlds import dual, kept_since

DUAL, KEPT = "DUAL-STATE", "PROFILE-KEPT-FROM-BEFORE"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (dual(), 2),
        (dual(tenant="C0FFEE00-1"), 2),
        (dual(tenant="c0ffee00-2"), 0),
        (dual(domain="NO"), 0),
        (dual(registered="NO"), 0),
        ([("AzureAdJoined", "NO"), *dual()[1:]], 0),
        (dual()[:4], 0),
    ],
)
def test_a_second_registration_counts_in_the_tenant_of_a_hybrid_join(proofs, given, found):
    assert proofs(DUAL, properties=given).height == found


@pytest.mark.parametrize(
    ("loaded", "found"),
    [
        ("2026-03-01T08:05:00Z", True),
        ("2026-03-01T08:06:00Z", False),
        ("2025-05-12T13:20:44Z", True),
        ("2026-03-02T08:04:00Z", False),
        ("never", False),
    ],
)
def test_a_profile_of_another_day_is_named_by_its_date(proofs, loaded, found):
    rows = proofs(KEPT, **kept_since(loaded))
    assert set(rows["item"]) == ({f"that of {loaded[:10]}"} if found else set())


def test_the_file_of_the_service_tells_the_date_as_well(proofs):
    shown = [("PolicyDownloadDate", "2025-05-12T13:20:44Z", "AutopilotDDSZTDFile.json")]
    rows = proofs(KEPT, **kept_since("x", registry=[], properties=shown))
    assert rows["member"].to_list() == ["marks.evtx", "AutopilotDDSZTDFile.json"]


def test_a_profile_that_was_downloaded_is_none_that_was_kept(proofs):
    assert proofs(KEPT, **kept_since("2025-05-12T13:20:44Z", marks=[])).is_empty()
