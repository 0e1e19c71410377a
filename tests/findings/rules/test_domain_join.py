"""How joins to a domain ended, by the status of NetSetup.log."""

import pytest

LOG = {"sources": {"agent.log": "netsetup_log"}}
DOMAIN = "NetpDoDomainJoin: status: 0x{}"
OFFLINE = "NetpCompleteOfflineDomainJoin: status: 0x{}"


def told(*lines):
    return LOG | {"lines": [("error", line) for line in lines]}


@pytest.mark.parametrize(
    ("line", "rule", "code"),
    [
        (DOMAIN.format("216d"), "DOMAIN-JOIN-QUOTA", "0x8007216D"),
        (DOMAIN.format("54b"), "DOMAIN-JOIN-NO-CONTROLLER", "0x8007054B"),
        (DOMAIN.format("5"), "DOMAIN-JOIN-REFUSED", "0x80070005"),
        (DOMAIN.format("8b0"), "DOMAIN-JOIN-NAME-TAKEN", "0x800708B0"),
        (OFFLINE.format("52e"), "DOMAIN-JOIN-PASSWORD", "0x8007052E"),
        (DOMAIN.format("40"), "DOMAIN-JOIN-FAILED", "0x80070040"),
    ],
)
def test_the_status_of_a_join_tells_its_reason(proofs, line, rule, code):
    rows = proofs("DOMAIN-JOIN-ANSWERS", **told(line))
    assert rows.select("rule", "code", "quote").rows() == [(rule, code, line)]


@pytest.mark.parametrize(
    "given",
    [
        told(DOMAIN.format("0")),
        told(DOMAIN.format("5"), DOMAIN.format("0")),
        told("NetpJoinDomainOnDs: Function exits with status of: 0x5"),
        {"lines": [("error", DOMAIN.format("5"))]},
    ],
)
def test_a_join_that_went_well_in_the_end_or_another_log_is_no_failure(proofs, given):
    assert proofs("DOMAIN-JOIN-ANSWERS", **given).is_empty()


HYBRID = ("failed", "entra_join", "hybrid_join", 0, 60, None)


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"attempts": [HYBRID]}, None),
        ({"attempts": [("succeeded", None, "hybrid_join", 0, 60, None)]}, "info"),
        ({"attempts": [("failed", "device_setup", "user_driven", 0, 60, None)]}, "info"),
        ({"device": {"enrolled": True}}, "info"),
        ({"device": {"enrolled": True}, "attempts": [HYBRID]}, None),
        ({}, None),
    ],
)
def test_a_failed_join_is_a_cause_only_where_a_hybrid_join_hung_on_it(proofs, given, severity):
    rows = proofs("DOMAIN-JOIN-ANSWERS", **told(DOMAIN.format("5")), **given)
    assert rows["severity"].to_list() == [severity]


@pytest.mark.parametrize(("minute", "severity"), [(-60, "info"), (30, None)])
def test_a_join_before_the_last_attempt_began_is_none_of_it(proofs, minute, severity):
    lines = [("error", DOMAIN.format("5"), minute)]
    rows = proofs("DOMAIN-JOIN-ANSWERS", **LOG, lines=lines, attempts=[HYBRID])
    assert rows["severity"].to_list() == [severity]
