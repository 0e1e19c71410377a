"""Findings weigh in a fixed order, and evidence belongs to one of them."""

import pytest
from dataframely.exc import ValidationError

from autopilot_analysis.tables.verdict import ROLES, SEVERITIES, Evidence, Finding

ONE = {
    "id": 1, "rule": "CLOCK-WRONG", "severity": "high", "confidence": 0.9, "title": "t", "meaning": "m",
    "role": "cause",
}  # fmt: skip


def test_the_gravest_comes_first_and_causes_before_what_follows_from_them():
    assert SEVERITIES == ["critical", "high", "warning", "info"]
    assert ROLES == ["cause", "consequence", "context"]


@pytest.mark.parametrize(("confidence", "valid"), [(0.0, True), (1.0, True), (1.01, False), (-0.01, False)])
def test_confidence_lies_between_nothing_and_certainty(rows, confidence, valid):
    frame = rows("findings", ONE | {"confidence": confidence})
    if valid:
        assert Finding.validate(frame)["confidence"].to_list() == [confidence]
    else:
        with pytest.raises(ValidationError):
            Finding.validate(frame)


def test_a_finding_of_several_attempts_names_none_and_its_evidence_names_each():
    assert Finding.columns()["attempt"].nullable
    assert not Evidence.columns()["finding"].nullable
