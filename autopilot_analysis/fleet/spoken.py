"""How a fleet's groups, stages, shares, levels and spans are said in words, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def spoken_group(where: Mapping[str, str]) -> str:
    """Return a group in words: "model Slate 12, build 26100.6584"; "all attempts" without a condition.

    Args:
        where: Column and value.
    """
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in where.items()) or "all attempts"


def spoken_levels(change: Mapping[str, Any]) -> str:
    """Return the levels before and after a change in words: "from 3.9 % to 39.5 %".

    Args:
        change: A row of `measure_changes`.
    """
    shares = change["measure"] != "total"
    levels = [change[name] for name in ("before", "after") if change[name] is not None]
    said = [percent(level) if shares else f"{level:.0f} minutes" for level in levels]
    return f"from {' to '.join(said)}" if len(said) == 2 else f"to {said[-1]}" if said else "unknown"


def spoken_stage(stage: str) -> str:
    """Return a stage in words: "MDM enrollment".

    Args:
        stage: A stage of `tables.STAGES`.
    """
    return stage.replace("_", " ").replace("mdm", "MDM").replace("entra", "Entra")


def percent(share: float) -> str:
    """Return a share as prose writes it: "39.5 %".

    Args:
        share: Between 0 and 1.
    """
    return f"{100 * share:.1f} %"


def in_hours(hours: float) -> str:
    """Return a span as prose writes it: in minutes when short, in days when long.

    Args:
        hours: Its length.
    """
    if hours >= 48:
        return f"{hours / 24:.1f} days"
    return f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
