"""Which rule explains which, and which says another's fact again."""

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.relations import explained_codes, explanations, implications


def pairs(frame, *columns):
    return set(frame.select(columns).rows())


def test_a_cause_of_the_facts_explains_its_consequence():
    known = pairs(read_facts("explains"), "cause", "consequence", "same_item")
    assert known <= pairs(explanations(), "cause", "consequence", "same_item")
    assert ("AGENT-NO-CERTIFICATE", "ESP-FAILED") in pairs(explanations(), "cause", "consequence")


def test_what_a_value_switched_off_explains_each_failure_that_it_names():
    row = next(
        row for row in read_facts("switched_off").iter_rows(named=True) if " " in (row["explains"] or "")
    )
    found = pairs(explanations(), "cause", "consequence", "same_item")
    assert {(row["rule"], each, None) for each in row["explains"].split(" ")} <= found


def test_a_rule_says_again_what_the_facts_name():
    known = pairs(read_facts("implies"), "rule", "implied", "same_item")
    assert known <= pairs(implications(), "rule", "implied", "same_item")


def test_no_rule_explains_or_implies_itself_and_no_pair_stands_twice():
    for frame in (explanations(), implications()):
        own = frame.select(frame.columns[:2])
        assert own.is_unique().all()
        assert not [pair for pair in own.iter_rows() if pair[0] == pair[1] or None in pair]


def test_a_rule_that_explains_a_code_is_none_of_the_facts_alone():
    known = pairs(read_facts("explained_codes"), "cause", "code")
    assert known == pairs(explained_codes(), "cause", "code")
    assert set(explained_codes()["cause"]) <= set(read_facts("rules")["rule"])
