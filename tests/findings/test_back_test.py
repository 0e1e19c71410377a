"""Findings against what analysts decided: the first cause counts, and no cause agrees with none."""

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings.back_test import back_test, read_verdicts
from autopilot_analysis.tables import Findings


@pytest.fixture
def verdicts(tmp_path):
    def read(*lines):
        path = tmp_path / "verdicts.csv"
        path.write_text("\n".join(lines))
        return read_verdicts(path)

    return read


def found(rows, *given):
    plain = {"device": "D", "title": "", "meaning": "", "confidence": 1.0}
    made = [
        plain | {"id": number, "rule": rule, "severity": severity, "role": role}
        for number, (rule, severity, role) in enumerate(given, 1)
    ]
    return Findings.of({"findings": rows("findings", *made)})


FOUND = [
    ("CLOCK-STEPPED", "info", "context"),
    ("ESP-TIMEOUT", "high", "consequence"),
    ("ESP-APP-FAILED", "high", "cause"),
]


@pytest.mark.parametrize(
    ("rule", "rank", "agrees"),
    [
        ("ESP-APP-FAILED", 2, True),
        ("ESP-TIMEOUT", 1, False),
        ("CLOCK-STEPPED", None, False),
        ("", None, False),
    ],
)
def test_the_first_cause_agrees_with_the_analyst_or_not(rows, verdicts, rule, rank, agrees):
    told = back_test(found(rows, *FOUND), verdicts("device,rule", f"D,{rule}"))
    assert told.select("found", "rank", "agrees").rows() == [("ESP-APP-FAILED", rank, agrees)]


def test_where_neither_names_a_cause_they_agree(rows, verdicts):
    told = back_test(found(rows, *FOUND[:2]), verdicts("device,rule", 'D,""'))
    assert told.select("expected", "found", "agrees").rows() == [(None, None, True)]


def test_an_inconclusive_verdict_is_left_out(rows, verdicts):
    told = verdicts(
        "device,rule,verdict",
        "D,ESP-TIMEOUT,inconclusive",
        "D,ESP-APP-FAILED,root_cause_confirmed",
        "E,ESP-TIMEOUT,",
    )
    assert back_test(found(rows, *FOUND), told).select("device", "expected").rows() == [
        ("D", "ESP-APP-FAILED"),
        ("E", "ESP-TIMEOUT"),
    ]


def test_a_file_without_the_columns_is_named(verdicts, tmp_path):
    with pytest.raises(BadInput, match="has no column rule"):
        verdicts("device,cause", "D,x")
    with pytest.raises(BadInput, match="does not exist"):
        read_verdicts(tmp_path / "absent.csv")
