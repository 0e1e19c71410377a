"""`explain` on fleets of other shapes: `python benchmarks/detection_shapes.py [FIRST_SEED [FLEETS]]`.

Each shape changes what the fleets of `detection.py` are like: more ordinary failures, weaker effects,
growth, a hard weekly rhythm, a group of one or two in a hundred devices. Prints a Markdown table: how often a
planted group and its day were found first, and how often a healthy fleet of that shape raised an alarm.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from detection import judge, rate

from autopilot_analysis.samples.fleet import fleet

RARE = {"User driven": 0.75, "Shared devices": 0.235, "Kiosk": 0.015}
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "as it is": ("profile_edit", {}),
    "25 % fail anyway": ("profile_edit", {"FAILURE_RATE": 0.25}),
    "15 % of the group fail": ("profile_edit", {"FAILING": 0.15}),
    "25 % of the group fail": ("model_build_attestation", {"FAILING": 0.25}),
    "Device setup 1.5 times as long": ("app_version_slow", {"SLOWER": 1.5}),
    "four times as many at the end": ("profile_edit", {"GROWTH": 4.0}),
    "nobody at weekends, twice as many on Mondays": ("profile_edit", {"WEEK": (2.2, 1, 1, 1, 0.8, 0, 0)}),
    "one profile of 1.5 % of devices": ("profile_edit", {"PROFILES": RARE}),
}
"""What is planted, and what of the simulator is changed."""


@contextmanager
def shaped(changes: dict[str, Any]) -> Iterator[None]:
    """Let the simulator be another for a while."""
    growth, week = changes.get("GROWTH", 1.0), changes.get("WEEK", (1.0, 1.1, 1.05, 1.0, 0.8, 0.08, 0.05))

    def days(n: int, random: np.random.Generator) -> np.ndarray:
        weights = np.array(week)[np.arange(fleet.DAYS) % 7] * np.linspace(1, growth, fleet.DAYS)
        weights = weights * random.lognormal(0, 0.2, fleet.DAYS)
        whole = random.choice(fleet.DAYS, n, p=weights / weights.sum())
        return whole.astype(float) + np.clip(random.normal(0.48, 0.12, n), 0.01, 0.99)

    wanted = {name: value for name, value in changes.items() if name not in ("GROWTH", "WEEK")}
    wanted["_working_days"] = days
    before = {name: getattr(fleet, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(fleet, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(fleet, name, value)


def main() -> None:
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    fleets = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    print(
        "| shape | group found first | day found first, within 2 days | healthy: no group | healthy: no day |"
    )
    print("|---|---|---|---|---|")
    for name, (incident, changes) in SHAPES.items():
        with shaped(changes):
            told = [judge(incident, seed) for seed in range(first, first + fleets)]
            quiet = [judge(None, seed) for seed in range(first, first + fleets)]
        columns = [list(column) for each in (told, quiet) for column in zip(*each, strict=True)]
        print(f"| {name} | {' | '.join(rate(column) for column in columns)} |", flush=True)


if __name__ == "__main__":
    main()
