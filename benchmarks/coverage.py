"""How often its intervals hold the true share when devices try again: `python benchmarks/coverage.py`.

`[--fleets N] [--seed S]`. Three kinds of fleets: every device tries once; a device that failed tries again
until it succeeds; and one in ten of those never does and is tried 8 to 14 times more. Of each size so many
fleets are made, and the true share of attempts that fail is that of a million devices. Prints a Markdown
table: how often the interval of independent attempts held it, how often that of `measure_rates` did, and the
mean width of both.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import numpy as np
import polars as pl
from judging import share, today
from measuring import table

from autopilot_analysis.fleet import measure_rates
from autopilot_analysis.fleet.intervals import share_columns

FAILING, STUBBORN = 0.12, 0.1
KINDS = ("once", "until it works", "some never")
SIZES = (30, 100, 250, 1_000)
DEVICES = 1_000_000


def tries(kind: str, devices: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return how often each device tried, and how many of its attempts failed."""
    failed = random.random(devices) < FAILING
    if kind == "once":
        return np.ones(devices, dtype=int), failed.astype(int)
    never = failed & (random.random(devices) < STUBBORN) & (kind == "some never")
    again = np.where(never, random.integers(8, 15, devices), random.geometric(0.5, devices))
    number = np.where(failed, 1 + again, 1)
    return number, np.where(never, number, number - 1)


def attempts(kind: str, devices: int, random: np.random.Generator) -> pl.DataFrame:
    """Return a fleet, one attempt a row."""
    number, failed = tries(kind, devices, random)
    device = np.repeat(np.arange(devices), number)
    place = np.arange(device.size) - np.repeat(np.cumsum(number) - number, number)
    outcome = np.where(place < failed[device], "failed", "succeeded")
    return pl.DataFrame({"device": device.astype(str), "outcome": outcome})


def measured(kind: str, devices: int, fleets: int, seed: int) -> Mapping[str, list[tuple[float, float]]]:
    """Return the intervals of some fleets, as if attempts were independent and as they are measured."""
    found: dict[str, list[tuple[float, float]]] = {"independent": [], "measured": []}
    for fleet in range(fleets):
        random = np.random.default_rng([seed, KINDS.index(kind), devices, fleet])
        rates = measure_rates(attempts(kind, devices, random))
        found["measured"].append(rates.select("low", "high").row(0))
        found["independent"].append(rates.select("n", "k").select(share_columns()[1:]).row(0))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fleets", type=int, default=400, help="fleets a cell")
    parser.add_argument("--seed", type=int, default=today())
    asked = parser.parse_args()
    lines = []
    for kind in KINDS:
        number, failed = tries(kind, DEVICES, np.random.default_rng([asked.seed, KINDS.index(kind)]))
        truth = failed.sum() / number.sum()
        for devices in SIZES:
            found = measured(kind, devices, asked.fleets, asked.seed)
            held = [sum(low <= truth <= high for low, high in each) for each in found.values()]
            widths = [f"{np.mean([high - low for low, high in each]):.3f}" for each in found.values()]
            counts = [share(each, asked.fleets) for each in held]
            lines.append((kind, f"{devices:,}", f"{truth:.3f}", *counts, *widths))
    heads = (
        "devices try",
        "devices",
        "true share",
        "as if independent",
        "measure_rates",
        "width",
        "width now",
    )
    print(f"seed {asked.seed}, {asked.fleets} fleets a cell\n\n{table(lines, *heads)}")


if __name__ == "__main__":
    main()
