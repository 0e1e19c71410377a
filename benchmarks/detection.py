"""How often `explain` finds what was planted: `python benchmarks/detection.py [FIRST_SEED [FLEETS]]`.

Prints a Markdown table. Of each incident the first contrast must be the planted group, the first change the
day it began, within two days; of a healthy fleet both must be empty. Nothing was tuned to the seeds.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import polars as pl

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.samples.fleet.fleet import INCIDENTS, simulate_fleet

DEPLOYMENTS = 5000
NEAR = timedelta(days=2)


def judge(incident: str | None, seed: int) -> tuple[bool | None, bool | None]:
    """Return whether the group and the day were found first; None where there is none to find."""
    deployments, truth = simulate_fleet(DEPLOYMENTS, incident=incident, seed=seed)
    found = explain(deployments, outcome=truth["measure"])
    if incident is None:
        return found.contrasts.is_empty(), found.changes.is_empty()
    group = day = None
    if truth["where"]:
        group = found.contrasts.height > 0 and json.loads(found.contrasts["where"][0]) == truth["where"]
    if truth["at"]:
        day = found.changes.height > 0 and abs(found.changes["at"][0] - truth["at"]) <= NEAR
    return group, day


def rate(answers: list[bool | None]) -> str:
    known = [answer for answer in answers if answer is not None]
    if not known:
        return "none planted"
    counted = pl.DataFrame({"k": [sum(known)], "n": [len(known)]}).with_columns(share_columns())
    return "{k} of {n} ({low:.0%} to {high:.0%})".format(**counted.row(0, named=True))


def main() -> None:
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    fleets = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    print("| planted | group is the first contrast | day is the first change, within 2 days |")
    print("|---|---|---|")
    for incident in (*INCIDENTS, None):
        answers = [judge(incident, seed) for seed in range(first, first + fleets)]
        groups, days = (list(column) for column in zip(*answers, strict=True))
        name = (incident or "nothing (both must be empty)").replace("_", " ")
        print(f"| {name} | {rate(groups)} | {rate(days)} |", flush=True)


if __name__ == "__main__":
    main()
