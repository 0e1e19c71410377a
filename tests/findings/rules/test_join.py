"""Joining Entra ID: alone or with the domain, and what the join state names by itself."""

import pytest

NO_DC = "0x80070774"


@pytest.mark.parametrize(
    ("scenario", "code", "rule"),
    [
        ("user_driven", "0x801C0003", "ENTRA-JOIN-FAILED"),
        ("user_driven", NO_DC, "ENTRA-JOIN-FAILED"),
        ("hybrid_join", "0x801C03F2", "HYBRID-JOIN-FAILED"),
        ("hybrid_join", None, "HYBRID-JOIN-FAILED"),
        ("hybrid_join", NO_DC, "HYBRID-DC-UNREACHABLE"),
    ],
)
def test_a_failed_join_is_answered_by_one_rule(proofs, failure, scenario, code, rule):
    given = failure("entra_join", scenario=scenario, code=code)
    rules = ("ENTRA-JOIN-FAILED", "HYBRID-JOIN-FAILED", "HYBRID-DC-UNREACHABLE")
    assert [name for name in rules if proofs(name, **given).height] == [rule]


def test_the_join_state_names_phase_and_code_and_weighs_where_no_log_tells_of_an_attempt(proofs, failure):
    told = [("Error Phase", "join"), ("Client ErrorCode", "0x801c0021")]
    alone = proofs("JOIN-PHASE", properties=told)
    assert set(alone.select("item", "code", "severity").rows()) == {("join", "0x801C0021", "warning")}
    beside = proofs("JOIN-PHASE", properties=told, **failure("device_setup"))
    assert set(beside["severity"]) == {"info"}


def test_a_token_that_was_never_tried_for_has_no_code(proofs):
    joined = [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]
    assert proofs("JOIN-NO-TOKEN", properties=joined)["code"].to_list() == [None]
    tried = proofs("JOIN-NO-TOKEN", properties=[*joined, ("Attempt Status", "0xc000006d")])
    assert sorted(tried["code"].to_list(), key=str) == ["0xC000006D", None]
