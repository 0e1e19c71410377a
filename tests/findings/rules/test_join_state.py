"""What `dsregcmd /status` says at collection: it needs no attempt beside it, and a dash is no value."""

import pytest


@pytest.mark.parametrize(
    ("told", "item"),
    [
        ([("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "discover")], ["discover"]),
        ([("AzureAdJoined", "YES"), ("DomainJoined", "YES"), ("Error Phase", "discover")], []),
        ([("AzureAdJoined", "NO"), ("DomainJoined", "NO"), ("Error Phase", "discover")], []),
        ([("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "-")], []),
    ],
)
def test_the_phase_of_a_hybrid_join_counts_on_a_domain_device_that_is_not_in_entra(proofs, told, item):
    assert proofs("HYBRID-JOIN-PHASE", properties=told)["item"].to_list() == item


def test_the_last_try_has_the_code_that_one_of_its_lines_is(proofs):
    told = [("DomainJoined", "YES"), ("Error Phase", "join"), ("Server ErrorCode", "0x801c03f2")]
    assert set(proofs("HYBRID-JOIN-PHASE", properties=told)["code"]) == {"0x801C03F2"}


@pytest.mark.parametrize(
    ("status", "found"),
    [("FAILED. Device is either disabled or deleted", 1), ("FAILED. Error: 0x80072ee7", 0), ("SUCCESS", 0)],
)
def test_a_test_that_could_not_run_says_nothing_of_the_devices_object(proofs, status, found):
    assert proofs("DEVICE-NOT-TRUSTED", properties=[("DeviceAuthStatus", status)]).height == found


def test_a_key_that_cannot_sign_brings_its_code(proofs):
    rows = proofs("DEVICE-KEY-BROKEN", properties=[("KeySignTest", "FAILED. 0x80090016")])
    assert rows["code"].to_list() == ["0x80090016"]


def test_a_refused_token_names_the_error_of_the_service(proofs):
    told = [("AzureAdPrt", "NO"), ("Server Error Description", "AADSTS50126: example")]
    assert proofs("TOKEN-REFUSED", properties=told)["item"].to_list() == ["AADSTS50126"]
    assert proofs("TOKEN-REFUSED", properties=[told[0], ("Attempt Status", "0xc000006d")]).is_empty()
