"""Room 4: what went wrong, with proof: rules, and the search that runs them."""

from __future__ import annotations

from autopilot_analysis.findings import rules
from autopilot_analysis.findings.answers.answer import Answer, Answers, Line, Part, Section
from autopilot_analysis.findings.answers.device_answer import answer, keep_worst
from autopilot_analysis.findings.answers.happened import without_zone
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.findings.answers.verdict import conclude
from autopilot_analysis.findings.back_test import back_test, read_verdicts
from autopilot_analysis.findings.checklist import check_activities
from autopilot_analysis.findings.loading import is_code, load_rules
from autopilot_analysis.findings.looking import (
    events_of,
    failed_runs,
    in_attempts,
    marks_in,
    properties,
    registry,
)
from autopilot_analysis.findings.not_run import rules_not_run
from autopilot_analysis.findings.rule import RULES, RuleFunction, proof, rule
from autopilot_analysis.findings.search import find
from autopilot_analysis.findings.service.lists import failed_items, find_in_service
from autopilot_analysis.findings.words import words

__all__ = [
    "RULES",
    "Answer",
    "Answers",
    "Line",
    "Part",
    "RuleFunction",
    "Section",
    "answer",
    "back_test",
    "check_activities",
    "conclude",
    "events_of",
    "failed_items",
    "failed_runs",
    "find",
    "find_in_service",
    "in_attempts",
    "is_code",
    "keep_worst",
    "load_rules",
    "marks_in",
    "proof",
    "proofs_of",
    "properties",
    "read_verdicts",
    "registry",
    "rule",
    "rules",
    "rules_not_run",
    "without_zone",
    "words",
]
