"""What join states of several devices come to together: the cause that they share, and its domain."""

import polars as pl
import pytest

from autopilot_analysis.findings import Answer, Answers, Line, Part, Section
from autopilot_analysis.fleet.explanation.answer.states_summed import sum_states
from autopilot_analysis.tables import Finding, Findings
from autopilot_analysis.tables.typed import empty

POINT = ("Hybrid join failed in phase: discover (0x801C001D)", "Create the service connection point")


def summed(*, bad, good=(), outcome="unknown", severity="high", role="cause"):
    """The answer on devices of these names together, of which the bad ones have one cause."""
    happened = (Section(Part.HAPPENED, (Line("What was read."),)),)
    devices = [Answer(name, "What was read", outcome, happened) for name in (*bad, *good)]
    schema = empty(Finding).schema
    rows = [
        {"id": n, "device": name, "severity": severity, "role": role, "title": POINT[0], "remedy": POINT[1]}
        for n, name in enumerate(bad)
    ]
    found = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return sum_states(Answers(tuple(devices)), Findings(findings=found, evidence=pl.DataFrame())).together


def named(domain, number, start=0):
    return [f"PC-{n}.{domain}" for n in range(start, start + number)]


def test_a_shared_cause_is_counted_with_its_domain():
    good = [*named("b.example", 4), *named("a.example", 1, 9)]
    together = summed(bad=named("a.example", 3), good=good)
    assert together.verdict == f"3 of 8: {POINT[0]}; 3 of 4 of a.example, 0 of 4 of b.example"
    assert together.sections[1].lines[0].text == f"{POINT[1]}."


@pytest.mark.parametrize(("number", "told"), [(2, False), (3, True)])
def test_a_domain_of_few_devices_is_not_set_against_another(number, told):
    together = summed(bad=named("a.example", 3), good=named("b.example", number))
    assert ("b.example" in together.verdict) == told


@pytest.mark.parametrize(
    "given",
    [
        {"bad": ["PC-1"]},
        {"bad": ["PC-1", "PC-2"], "severity": "info"},
        {"bad": ["PC-1", "PC-2"], "role": "context"},
        {"bad": ["PC-1", "PC-2"], "outcome": "failed"},
        {"bad": []},
    ],
)
def test_one_device_and_what_is_no_cause_are_not_summed(given):
    assert summed(good=["PC-8", "PC-9"], **given) is None
