"""Room 4: what went wrong, with proof: rules, and the search that runs them."""

from __future__ import annotations

from autopilot_analysis.findings import rules
from autopilot_analysis.findings.rule import RULES, RuleFunction, rule
from autopilot_analysis.findings.search import find
from autopilot_analysis.findings.verdict import conclude

__all__ = ["RULES", "RuleFunction", "conclude", "find", "rule", "rules"]
