"""Cost against size, ×1 ×2 ×4 ×8: `python benchmarks/growth.py [--captures N] [--objects N] [--rounds N]`.

Captures and fleet exports are made up (seeded). Prints a Markdown table for each kind of work: CPU seconds,
the least of the rounds, and the cost of a unit against that of the first size; 1.00 throughout is a straight
line, less is a fixed part that is shared.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from measuring import own_peak, table

from autopilot_analysis.export import open_export
from autopilot_analysis.fleet import ingest
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import write_samples
from autopilot_analysis.samples.fleet.files import graph_pages, report_v1_csv
from autopilot_analysis.samples.fleet.fleet import simulate_fleet
from autopilot_analysis.trace import build_trace

SIZES = (1, 2, 4, 8)
Work = Callable[[int], object]


def least(work: Callable[[], object], rounds: int) -> float:
    """Return the least CPU seconds of some rounds."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def curve(name: str, unit: str, first: int, work: Work, rounds: int) -> str:
    """Return the table of one kind of work, `work(n)` being that of n units."""
    work(first)
    taken = {size: least(lambda size=size: work(first * size), rounds) for size in SIZES}
    rows = [
        (f"×{size}", f"{first * size:,}", f"{seconds:.3f}", f"{seconds / size / taken[1]:.2f}")
        for size, seconds in taken.items()
    ]
    return f"{name}\n\n{table(rows, 'size', unit, 'CPU s', 'cost a unit, ×1 = 1')}\n"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--captures", type=int, default=8, help="captures at ×1")
    parser.add_argument("--objects", type=int, default=5_000, help="deployments at ×1")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        most = asked.captures * SIZES[-1]
        began = time.perf_counter()
        write_samples(folder / "captures", devices=most, seed=6)
        made = time.perf_counter() - began
        paths = sorted((folder / "captures").glob("*.cab"))

        def ingested(count: int) -> None:
            ingest(paths[:count], into=folder / "dataset", workers=1)
            shutil.rmtree(folder / "dataset")

        def tables(count: int) -> None:
            for path in paths[:count]:
                with open_export(path) as export:
                    build_trace(read_tables(export))

        print(f"`sample --devices {most}`: {made:.2f} s, {most / made:,.0f} captures a second\n")
        print(curve("ingest, one process", "captures", asked.captures, ingested, asked.rounds))
        print(curve("read_tables and build_trace of each", "captures", asked.captures, tables, asked.rounds))
        for kind in ("Graph", "report"):
            print(fleet_curve(kind, folder, asked.objects, asked.rounds))
    print(f"peak of the whole process {own_peak()} MiB")


def fleet_curve(kind: str, folder: Path, first: int, rounds: int) -> str:
    """Return the table of reading a fleet export of growing size."""
    for size in SIZES:
        deployments = simulate_fleet(first * size, seed=7)[0]
        place = folder / kind / str(first * size)
        place.mkdir(parents=True)
        if kind == "Graph":
            for number, page in enumerate(graph_pages(deployments)):
                (place / f"page-{number:05}.json").write_bytes(page)
        else:
            (place / "AutopilotV1DeploymentStatus.csv").write_bytes(report_v1_csv(deployments))

    def read(count: int) -> None:
        with open_export(folder / kind / str(count)) as export:
            assert read_tables(export).deployments.height >= count * 0.9

    return curve(f"read_tables of a {kind} export", "deployments", first, read, rounds)


if __name__ == "__main__":
    main()
