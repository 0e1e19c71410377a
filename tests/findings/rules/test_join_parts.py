"""Parts of the join state that stand alone: a failed try counts unless the device is joined and trusted."""

from __future__ import annotations

import pytest

MISSING = [("Server ErrorSubCode", "error_missing_device"), ("Server Operation", "DeviceRenew")]
REFUSED = [("Client ErrorCode", "0x801c03f2")]
TICKET = [("Kerberos Ticket Test", "FAIL [0x80090303]")]
JOINED, TRUSTED = ("AzureAdJoined", "YES"), ("DeviceAuthStatus", "SUCCESS")
UNTRUSTED = ("DeviceAuthStatus", "FAILED. Device is either disabled or deleted")
TRIES = {"JOIN-OBJECT-MISSING": MISSING, "JOIN-TRY-FAILED": REFUSED, "KERBEROS-TICKET-FAILED": TICKET}


@pytest.mark.parametrize("name", TRIES)
def test_what_a_joined_and_trusted_device_says_of_an_earlier_try_is_over(proofs, name):
    told = TRIES[name]
    assert proofs(name, properties=told).height
    for beside in ([JOINED], [TRUSTED], [JOINED, TRUSTED], [("DomainJoined", "NO")]):
        assert proofs(name, properties=[*told, *beside]).is_empty()


@pytest.mark.parametrize("name", ["JOIN-OBJECT-MISSING", "KERBEROS-TICKET-FAILED"])
def test_a_device_that_is_not_trusted_is_not_past_it(proofs, name):
    assert proofs(name, properties=[*TRIES[name], JOINED, UNTRUSTED]).height


def test_a_try_quotes_all_that_stands_of_it_under_the_code_of_the_client(proofs):
    told = [("Registration Type", "fallback_sync"), *REFUSED, ("Server Message", "not found")]
    rows = proofs("JOIN-TRY-FAILED", properties=told)
    assert rows["code"].unique().to_list() == ["0x801C03F2"]
    assert sorted(rows["quote"]) == sorted(f"{name}: {value}" for name, value in told)
    assert proofs("JOIN-TRY-FAILED", properties=[("Client ErrorCode", "0x0")]).is_empty()


def test_one_try_is_one_finding(proofs):
    for other in ("JOIN-TRY-FAILED", "HYBRID-JOIN-PHASE"):
        assert proofs(other, properties=MISSING).is_empty()
    phased = [*REFUSED, ("Error Phase", "join")]
    assert proofs("JOIN-TRY-FAILED", properties=phased).is_empty()
    assert proofs("HYBRID-JOIN-PHASE", properties=phased).height


def test_a_ticket_that_failed_brings_its_code(proofs):
    assert proofs("KERBEROS-TICKET-FAILED", properties=TICKET)["code"].to_list() == ["0x80090303"]
    assert proofs("KERBEROS-TICKET-FAILED", properties=[("Kerberos Ticket Test", "PASS")]).is_empty()


@pytest.mark.parametrize(
    ("status", "beside", "found"),
    [
        ("0xc000006d", [], 1),
        ("0xc000006d", [("AzureAdPrt", "NO")], 2),
        ("0xc000006d", [("AzureAdPrt", "YES")], 0),
        ("0xc000006d", [("Server Error Description", "AADSTS50126: example")], 0),
        ("0x0", [], 0),
    ],
)
def test_a_try_at_a_token_that_windows_ended_counts_where_no_answer_is_quoted(proofs, status, beside, found):
    told = [("Attempt Status", status), *beside]
    assert proofs("TOKEN-TRY-FAILED", properties=told).height == found


def test_an_answer_of_entra_counts_without_the_line_that_says_that_there_is_no_token(proofs):
    answer = ("Server Error Description", "AADSTS90002: example")
    assert proofs("TOKEN-REFUSED", properties=[answer])["item"].to_list() == ["AADSTS90002"]
    assert proofs("TOKEN-REFUSED", properties=[answer, ("AzureAdPrt", "YES")]).is_empty()


def test_the_phase_of_an_earlier_try_weighs_nothing_where_the_device_is_joined_and_trusted(proofs):
    told = [("Error Phase", "join"), ("Client ErrorCode", "0x801c03f2")]
    assert proofs("JOIN-PHASE", properties=told)["severity"].unique().to_list() == ["warning"]
    for beside in ([JOINED], [JOINED, TRUSTED]):
        assert proofs("JOIN-PHASE", properties=[*told, *beside])["severity"].unique().to_list() == ["info"]
    over = proofs("JOIN-PHASE", properties=[*told, JOINED, UNTRUSTED])
    assert over["severity"].unique().to_list() == ["warning"]
