"""How many fleets in which nothing happened raise anything: `python benchmarks/nulls.py`.

`[--fleets N] [--seed S] [--kinds KIND ...] [--sizes N ...] [--outcomes failed slow] [--sites N]`
`[--workers N] [--json FILE]`; the kinds are those of `fleets.py`. With sites the names of devices begin with
so many prefixes, of which each next one has half as many devices.

A fleet raises something when `explain` names a group or a day. Two tables: each kind and size with the share
of fleets and its 95 % interval, and beside it how many named a group and how many a day; then all cells
together and the worst. The seed is the date unless given; a fleet is made again by
`fleets.healthy(kind, size, [seed, index of the kind, size, number])`; `--json` writes what each raised.

First run, 2026-11-28, seed 20261128, 5 fleets a cell at 600 and 2,500 attempts, on code not changed for it:
failed 19 of 80 fleets (16 % to 34 %), all of them retries (10 of 10) and all together (9 of 10); slow 7 of 80
(4 % to 17 %), all at 2,500: all together 4 of 5, days 2 of 5, trend 1 of 5. Each named a day, none a group.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from fleets import KINDS, healthy
from judging import answers, each, share, today, write_json
from measuring import table

Task = tuple[str, int, int, int, tuple[str, ...], int]


def judged(task: Task) -> list[dict[str, Any]]:
    """Return for each outcome what one healthy fleet raised."""
    kind, size, number, seed, outcomes, sites = task
    deployments = healthy(kind, size, [seed, KINDS.index(kind), size, number]).deployments
    deployments = at_sites(deployments, sites) if sites else deployments
    rows = []
    for outcome in outcomes:
        began = time.process_time()
        raised = answers(deployments, outcome)
        rows.append(
            {
                "kind": kind,
                "size": size,
                "number": number,
                "outcome": outcome,
                "groups": [row["where"] for row in raised["contrasts"]],
                "days": [
                    {"where": row["where"], "at": row["at"], "q": row["q"]} for row in raised["changes"]
                ],
                "seconds": time.process_time() - began,
            }
        )
    return rows


def at_sites(deployments: pl.DataFrame, sites: int) -> pl.DataFrame:
    """Return deployments whose devices are named after sites, by chance and each device after one."""
    drawn = pl.col("device").hash(seed=1) % 2**sites
    place = sum((drawn < 2**n).cast(pl.Int64) for n in range(sites))
    return deployments.with_columns(name=pl.format("S{}-{}", place, "device"))


def counts(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int, int]:
    """Return how many fleets raised anything, a group, a day."""
    groups, days = [bool(row["groups"]) for row in rows], [bool(row["days"]) for row in rows]
    return sum(map(max, groups, days)), sum(groups), sum(days)


def cells(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int, str], list[Mapping[str, Any]]]:
    """Return the rows of each kind, size and outcome."""
    found: dict[tuple[str, int, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["kind"], row["size"], row["outcome"]), []).append(row)
    return found


def printed(rows: Sequence[Mapping[str, Any]], outcomes: Iterable[str]) -> str:
    """Return both tables."""
    found, lines = cells(rows), []
    for (kind, size, outcome), fleets in found.items():
        anything, groups, days = counts(fleets)
        seconds = sum(row["seconds"] for row in fleets) / len(fleets)
        lines.append(
            (kind, f"{size:,}", outcome, share(anything, len(fleets)), groups, days, f"{seconds:.2f}")
        )
    totals = []
    for outcome in outcomes:
        of = [row for row in rows if row["outcome"] == outcome]
        here = {cell: counts(fleets)[0] / len(fleets) for cell, fleets in found.items() if cell[2] == outcome}
        worst = max(here, key=lambda cell: here[cell])
        totals.append(
            (outcome, share(counts(of)[0], len(of)), f"{worst[0]}, {worst[1]:,}: {here[worst]:.0%}")
        )
    heads = ("kind", "attempts", "outcome", "raised anything", "a group", "a day", "CPU s")
    return f"{table(lines, *heads)}\n\n{table(totals, 'outcome', 'all fleets', 'worst cell')}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fleets", type=int, default=10, help="fleets a cell")
    parser.add_argument("--seed", type=int, default=today())
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--sizes", nargs="+", type=int, default=(600, 2_500, 5_000))
    parser.add_argument("--outcomes", nargs="+", choices=("failed", "slow"), default=("failed", "slow"))
    parser.add_argument("--sites", type=int, default=0, help="prefixes of device names; 0: all have the same")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    tasks = [
        (kind, size, number, asked.seed, tuple(asked.outcomes), asked.sites)
        for kind in asked.kinds
        for size in asked.sizes
        for number in range(asked.fleets)
    ]
    rows = [row for fleet in each(judged, tasks, asked.workers) for row in fleet]
    print(f"seed {asked.seed}, {asked.fleets} fleets a cell\n\n{printed(rows, asked.outcomes)}")
    write_json(asked.json, asked.seed, rows)


if __name__ == "__main__":
    main()
