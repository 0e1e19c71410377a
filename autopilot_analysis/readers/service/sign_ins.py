"""The cells of Entra's sign-in log -> the code of a refusal, and the policies that refused."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from autopilot_analysis.readers.service.deployments.deployment import of_distinct

REFUSED = "failure"
"""The result of a policy of Conditional Access that refused (Graph: appliedConditionalAccessPolicy)."""


def sign_in_codes(numbers: pl.Series) -> pl.Series:
    """Return the code of each sign-in, like AADSTS53003; no number and zero say that it went well.

    Args:
        numbers: As the log writes them: `53003`, `None`, `0`.
    """
    number = numbers.str.extract(r"^\s*(?:AADSTS)?([1-9]\d{3,7})\s*$", 1)
    return ("AADSTS" + number).rename("code")


def refusing_policies(applied: pl.Series) -> pl.Series:
    """Return the names of the policies that refused, of each list of policies that were looked at.

    Args:
        applied: Lists as JSON.
    """
    return of_distinct(applied, lambda texts: pl.Series(texts.name, map(_refusing, texts), dtype=pl.String))


def _refusing(text: str | None) -> str | None:
    try:
        policies = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    names = [_name(one) for one in policies if _refuses(one)] if isinstance(policies, list) else []
    return ", ".join(filter(None, names)) or None


def _refuses(policy: Any) -> bool:
    return isinstance(policy, dict) and str(policy.get("result")).lower() == REFUSED


def _name(policy: dict[str, Any]) -> str:
    return str(policy.get("displayName") or policy.get("id") or "")
