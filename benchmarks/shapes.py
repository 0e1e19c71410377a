"""Incidents of the shapes that real ones have: `python benchmarks/shapes.py`.

`[--fleets N] [--seed S] [--sizes N ...] [--shapes SHAPE ...] [--json FILE]`; the shapes are those of
`incident_shapes.py`. The seed is the date unless given.

An incident can be known when a search that knows group and days would gain `KNOWABLE` in log-likelihood: less
is had by chance somewhere among groups and days. Named is a group that shares most of its attempts with the
one that was hit (an incident of all: a change of all); first is an answer before any other. A day is right
within `NEAR` days of the true one, or when its set holds it (of a slow rise: one of its days); a group that
was hit from its first attempt on has no day. An end is right within `NEAR` days. Wrong are answers that share
little with any incident.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from incident_shapes import QUIET, SHAPES, Hit, shaped
from judging import Answer, answers, instant, members, share, today, write_json
from measuring import table

KNOWABLE = 15.0
NEAR = timedelta(days=2)
MOSTLY = 0.6
"""A group that shares so much of its attempts with that of an incident is the incident's."""
LITTLE = 0.2
START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = (*SHAPES, *QUIET)


def gain_of(hit: Hit, frame: pl.DataFrame) -> float:
    """Return what a search that knows group and days gains in log-likelihood."""
    day = (frame["started_at"] - START).dt.total_days()
    member = members(frame, hit.where) & (day >= hit.first) & (day < hit.end)
    failed = frame["outcome"] == "failed"
    n, k = int(member.sum()), int((member & failed).sum())
    rest = (int(failed.sum()) - k + 0.5) / (frame.height - n + 1)
    own = k / max(n, 1)
    if own <= rest:
        return 0.0
    left = (n - k) * np.log((1 - own) / (1 - rest)) if own < 1 else 0.0
    return float(k * np.log(own / rest) + left)


def shared(frame: pl.DataFrame, one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return which part of the attempts of either group both hold."""
    first, second = members(frame, one), members(frame, other)
    return float((first & second).sum() / max((first | second).sum(), 1))


def right_day(row: Answer, hit: Hit, began: datetime) -> bool:
    """Tell whether an answer has the incident's first day; its last where it was there from the beginning."""
    at, low, high = (instant(row.get(name)) for name in ("at", "at_low", "at_high"))
    first, complete = (START + timedelta(days=day) for day in (hit.first, hit.complete))
    if first - began <= NEAR and hit.where:
        return at is None or at - first <= NEAR
    if first - began <= NEAR:
        first = complete = START + timedelta(days=hit.end)
    if at is None or low is None or high is None:
        return False
    return low - NEAR <= complete and high + NEAR >= first


def right_end(rows: Sequence[Answer], hit: Hit) -> bool:
    """Tell whether any answer has the day after the incident's last."""
    end = START + timedelta(days=hit.end)
    ends = [instant(row.get("until")) for row in rows]
    return any(each is not None and abs(each - end) <= NEAR for each in ends)


def judged(shape: str, size: int, number: int, seed: int) -> dict[str, Any]:
    """Return how one fleet was answered."""
    frame, hits = shaped(shape, size, [seed, KINDS.index(shape), size, number])
    raised = answers(frame, "failed")
    rows = raised["in_order"]
    first = frame.unique("device", keep="first", maintain_order=True)
    known, named, leading, dated, ended = [], [], [], [], []
    last = (frame["started_at"].max() - START).days
    for hit in hits:
        own = [row for row in rows if shared(frame, row["where"], hit.where) >= MOSTLY]
        own = [row for row in own if row in raised["changes"]] if not hit.where else own
        known.append(gain_of(hit, first) >= KNOWABLE)
        named.append(bool(own))
        leading.append(bool(own) and rows[0] in own)
        began = frame.filter(members(frame, hit.where))["started_at"].min()
        dated.append(bool(own) and right_day(own[0], hit, began))
        ended.append(right_end(own, hit) if hit.end < last - 7 and hit.where and own else None)
    wheres = [hit.where for hit in hits]
    wrong = [row for row in rows if all(shared(frame, row["where"], where) < LITTLE for where in wheres)]
    return {
        "shape": shape,
        "size": size,
        "number": number,
        "known": known,
        "named": named,
        "first": any(leading),
        "dated": dated,
        "ended": ended,
        "wrong": len(wrong),
        "truth": [(hit.where, hit.first, hit.end) for hit in hits],
        "answers": [(row["where"], row.get("at"), row.get("until")) for row in rows],
    }


def line_of(shape: str, rows: Sequence[Mapping[str, Any]]) -> tuple[object, ...]:
    """Return the line of one shape."""
    parts = ("known", "named", "dated", "ended")
    both = [pair for row in rows for pair in zip(*(row[part] for part in parts), strict=True)]
    known = [pair for pair in both if pair[0]]
    named = [pair for pair in known if pair[1]]
    leading = [row for row in rows if any(row["known"])]
    return (
        shape,
        len(both),
        share(len(named), len(known)) if known else "",
        f"{sum(row['first'] for row in leading)} of {len(leading)}" if leading else "",
        f"{sum(pair[2] for pair in named)} of {len(named)}" if named else "",
        f"{sum(ends)} of {len(ends)}" if (ends := [pair[3] for pair in named if pair[3] is not None]) else "",
        sum(pair[1] for pair in both if not pair[0]),
        f"{sum(row['wrong'] > 0 for row in rows)} of {len(rows)}",
    )


HEADS = (
    "shape",
    "incidents",
    "named, of those that can be known",
    "first",
    "day right, of those named",
    "end right, of those that ended",
    "named beside",
    "fleets with a wrong answer",
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fleets", type=int, default=8, help="fleets of each shape and size")
    parser.add_argument("--seed", type=int, default=today())
    parser.add_argument("--sizes", nargs="+", type=int, default=(500, 1_500, 5_000))
    parser.add_argument("--shapes", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = [
        judged(shape, size, number, asked.seed)
        for shape in asked.shapes
        for size in asked.sizes
        for number in range(asked.fleets)
    ]
    lines = [line_of(shape, [row for row in rows if row["shape"] == shape]) for shape in asked.shapes]
    print(f"seed {asked.seed}, {asked.fleets} fleets of each shape and of each size {asked.sizes}\n")
    print(table(lines, *HEADS))
    write_json(asked.json, asked.seed, rows)


if __name__ == "__main__":
    main()
