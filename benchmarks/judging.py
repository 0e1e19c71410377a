"""What `explain` says of a fleet, read as its JSON; many fleets in processes of their own."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from autopilot_analysis import explain

Answer = Mapping[str, Any]
Task = TypeVar("Task")
Result = TypeVar("Result")
ALIKE = 0.95
"""Two groups are one when they share that much of their attempts: a maker's only model is the maker."""


def answers(deployments: pl.DataFrame, outcome: str) -> dict[str, list[Answer]]:
    """Return contrasts and changes as `explain --json` has them, and all of them in the order of its text.

    Where only the mix moved is no change. Changes of all that explain more than any group stand first.
    """
    found = json.loads(explain(deployments, outcome=outcome).to_json())
    changes = [change for change in found["changes"] if change.get("kind") != "mix"]
    before, after = changes[: found["of_all"]], changes[found["of_all"] :]
    in_order = [*before, *found["contrasts"], *after]
    return {"contrasts": found["contrasts"], "changes": changes, "in_order": in_order}


def same_group(deployments: pl.DataFrame, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two groups are the same attempts, near enough."""
    first, second = members(deployments, one), members(deployments, other)
    either = (first | second).sum()
    return either > 0 and (first & second).sum() >= ALIKE * either


def members(deployments: pl.DataFrame, where: Mapping[str, Any]) -> pl.Series:
    """Return which attempts a group holds: none when it names a column that is not there."""
    inside = pl.Series([True]).new_from_index(0, deployments.height)
    for column, value in where.items():
        if column not in deployments.columns:
            return pl.Series([False]).new_from_index(0, deployments.height)
        inside &= (deployments[column].cast(pl.String) == str(value)).fill_null(value=False)
    return inside


def instant(text: str | None) -> datetime | None:
    """Return an instant of the JSON in UTC."""
    if text is None:
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Wilson."""
    if count == 0:
        return 0.0, 1.0
    share, z = hits / count, 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def share(hits: int, count: int) -> str:
    """Return `3 of 20 (5% to 36%)`."""
    low, high = wilson(hits, count)
    return f"{hits} of {count} ({low:.0%} to {high:.0%})"


def each(work: Callable[[Task], Result], tasks: Sequence[Task], workers: int) -> list[Result]:
    """Return what the work makes of every task, in their order."""
    if workers < 2:
        return [work(task) for task in tasks]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(work, tasks))


def today() -> int:
    """Return today's date as a seed, like 20260101."""
    return int(datetime.now(UTC).strftime("%Y%m%d"))


def write_json(path: Path | None, seed: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows and the seed that makes them again, when a path is given."""
    if path:
        path.write_text(json.dumps({"seed": seed, "rows": list(rows)}, indent=1, default=str) + "\n")
