"""A code proves nothing without its origin: for every rule, its codes written elsewhere leave it silent."""

import re

import pytest
from findings.rule_worlds import CASES
from findings.sign_worlds import SIGNS, asked, world_of

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find, words
from autopilot_analysis.findings.rules.client_setup_time import RESTARTS, SLOW
from autopilot_analysis.findings.signs.signs import answerable, terms_of

UNRELATED = ("ap:1005", "power:1", "bitlocker:1", "shell:1")
"""Events that no rule asks for: the collector, the kernel, the disk and the shell write any code."""
COMMON = ("0x80070032", "0x8007042B", "0x800705B4", "0x80072EE2")
"""Codes of healthy machines, for rules that have none of their own."""
SIGN_OF = {rule: (sign, stage) for rule, sign, stage in SIGNS}
STAGE_OF = dict(words().select("rule", "stage").iter_rows())
FAMILY_OF = {
    "KNOWN": "KNOWN-ISSUES",
    "CHECK": "CONFIGURATION",
    "NETWORK": "NETWORK-SIGNS",
    "CONFLICT": "CONFLICTS",
}
FALLBACK = "STAGE-FAILED"
"""It speaks of any failed stage whatever the code, where no other rule does."""
ANSWERS = {
    rule: family
    for family, facts in {
        "ATTESTATION-ANSWERS": "attestation_answers",
        "SCRIPT-ERRORS": "script_errors",
        "EVENT-FAILURES": "event_failures",
        "APPS-BLOCKED": "blocking_events",
        "SETUP-ERRORS": "setup_errors",
        "CONFIGMGR-SETUP": "client_setup_errors",
        "CERTIFICATES-IN-VAIN": "certificate_refusals",
        "DOMAIN-JOIN-ANSWERS": "domain_join_errors",
        "DOMAIN-JOIN-STEPS": "domain_join_steps",
        "SWITCHED-OFF": "switched_off",
        "SIGN-IN-DENIED": "sign_in_policies",
        "TPM-ANSWERS": "tpm_tool",
        "AGENT-REQUESTS-REFUSED": "http_refusals",
        "QUOTED-ERRORS": "quotes",
        "REPORTED-CODES": "reported_codes",
        "HYBRID-DOMAIN-OUT-OF-SIGHT": "tunnel_errors",
    }.items()
    for rule in read_facts(facts)["rule"].drop_nulls()
} | dict.fromkeys(read_facts("domain_join_errors")["connector"].drop_nulls(), "CONNECTOR-ANSWERS")
ANSWERS |= dict.fromkeys((SLOW, RESTARTS), "CONFIGMGR-SETUP-TIME")
ANSWERS["ESP-APPS-UNANSWERED"] = "ESP-APPS-NOT-COMPUTED"


def _answered(name):
    return name in RULES or name in SIGN_OF or name in ANSWERS or name.startswith("CONFLICT-")


ANSWERED = [name for name in STAGE_OF if _answered(name) and name != FALLBACK]


def _run(name):
    return name if name in RULES else ANSWERS.get(name) or FAMILY_OF[name.partition("-")[0]]


def _codes(name):
    """The codes that a rule's evidence carries where it shows."""
    text = repr(CASES[name][0]) if name in CASES else SIGN_OF.get(name, ("",))[0]
    found = re.findall(r"0x[0-9A-F*]{3,8}", text)
    return sorted({code.replace("*", "7").ljust(10, "0") for code in found}) or COMMON


def _silent(world, failure, name, **more):
    """A world just short of what shows a rule, with more laid into it."""
    if name in SIGN_OF:
        sign, stage = SIGN_OF[name]
        first = terms_of(sign.split(" | ")[0])
        coded = [n for n, (_, value) in enumerate(first) if asked(value)[1]]
        return world_of(world, failure, sign, stage, (coded or [0])[0], **more)
    parts = dict(CASES[name][1] if name in CASES else failure(STAGE_OF[name] or "device_setup"))
    for table, rows in more.items():
        parts[table] = [*parts.get(table, ()), *rows]
    return world(**parts)


def _rules(found):
    return set(found.findings["rule"])


@pytest.mark.parametrize("name", ANSWERED)
def test_its_codes_written_by_an_unrelated_provider_leave_a_rule_silent(world, failure, name):
    events = [(key, {"errorCode": code}, 30, code) for key in UNRELATED for code in _codes(name)]
    tables, trace = _silent(world, failure, name, events=events)
    assert name not in _rules(find(tables, trace, rules={_run(name): RULES[_run(name)]}))


@pytest.mark.parametrize("name", [name for name in ANSWERED if STAGE_OF[name]])
def test_its_codes_outside_its_stage_leave_a_rule_silent(world, failure, name):
    """A rule that has no stage says in its facts why it may speak of any."""
    other = "network" if STAGE_OF[name] == "desktop" else "desktop"
    runs = [(1, other, "failed", 10, 60, code, None) for code in _codes(name)]
    tables, trace = _silent(world, failure, name, runs=runs)
    assert name not in _rules(find(tables, trace, rules={_run(name): RULES[_run(name)]}))


def test_every_rule_that_can_be_answered_is_asked_here():
    unanswered = {name for name in STAGE_OF if not _answered(name)}
    facts = {"KNOWN": ("known_issues", "sign"), "CHECK": ("configuration_checks", "sign"),
             "NETWORK": ("network_signs", "rule_sign")}  # fmt: skip
    for name in unanswered:
        family, _, row = name.partition("-")
        table, column = facts[family]
        (sign,) = read_facts(table).filter(id=row)[column]
        assert not answerable(sign), name
    assert len(ANSWERED) >= 190
