"""Many captures to a dataset: one after another against processes: `python benchmarks/ingest.py`.

`[--captures N] [--workers N] [--rounds N] [--dask]`; the captures are made up (seeded). Each run is a process
of its own. Cold: starting the workers is in the figures. Warm: a pool that has worked before. Ratios are of
wall time, so the machine must be idle. The last table is the opening of the dataset, before and after
`compact`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measuring import table

from autopilot_analysis.fleet import open_dataset
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.samples import write_samples

CALL = """
import multiprocessing, os, resource, shutil, sys, time
from concurrent.futures import ProcessPoolExecutor
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.run.pool import executor_of

def main(into, workers, kind, paths):
    executor = None
    if kind == "warm":
        os.environ["POLARS_MAX_THREADS"] = "1"  # as the recipe for engines says
        executor = ProcessPoolExecutor(workers, multiprocessing.get_context("forkserver"))
        ingest(paths, into=into + "-warm", executor=executor)
        shutil.rmtree(into + "-warm")
    if kind == "dask":
        from distributed import Client, LocalCluster
        began = time.perf_counter()
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        executor = Client(cluster, set_as_default=False).get_executor(pure=False)
        started = time.perf_counter() - began
    began = time.perf_counter()
    summary = ingest(paths, into=into, workers=workers, executor=executor)
    seconds = time.perf_counter() - began + (started if kind == "dask" else 0)
    if kind == "warm":
        executor.shutdown()
    if kind == "dask":
        executor._client.close()
        cluster.close()
    return seconds, summary.ingested

if __name__ == "__main__":
    seconds, ingested = main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:])
    own = resource.getrusage(resource.RUSAGE_SELF)
    print("told", seconds, ingested, own.ru_maxrss // 1024)
"""
ALONE = "one after another"
TARGETS = {"cold": "≤ 0.67", "warm": "≤ 0.53", "dask": "≤ 0.95"}


def run(paths: list[Path], workers: int, kind: str, keep: Path | None = None) -> tuple[float, int]:
    """Return seconds of the call and peak MiB of the process that called."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "call.py"
        script.write_text(CALL)
        into = str(keep or f"{folder}/dataset")
        command = [sys.executable, str(script), into, str(workers), kind, *map(str, paths)]
        environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    told = next(line for line in done.stdout.splitlines() if line.startswith("told")).split()
    assert int(told[2]) == len(paths), done.stdout
    return float(told[1]), int(told[3])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--captures", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dask", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        write_samples(folder / "captures", devices=asked.captures, seed=6)
        made = time.perf_counter() - began
        paths = sorted((folder / "captures").glob("*.cab"))
        size = sum(path.stat().st_size for path in paths)
        print(f"{len(paths)} captures, {size / 1e6:.1f} MB, made in {made:.1f} s\n")
        kinds = {ALONE: (1, "alone")}
        for kind in ("cold", "warm", *(["dask"] if asked.dask else [])):
            kinds[f"{asked.workers} processes, {kind}"] = (asked.workers, kind)
        told: dict[str, list[tuple[float, int]]] = {runner: [] for runner in kinds}
        for _ in range(asked.rounds):
            for runner, (workers, kind) in kinds.items():
                told[runner].append(run(paths, workers, kind))
        base = median(wall for wall, _ in told[ALONE])
        rows = []
        for runner, runs in told.items():
            wall, peak = (median(column) for column in zip(*runs, strict=True))
            target = TARGETS.get(kinds[runner][1], "")
            rate = f"{len(paths) / wall:.1f}"
            rows.append((runner, f"{wall:.2f}", rate, f"{wall / base:.2f}", target, int(peak)))
        print(
            table(rows, "runner", "wall s", "captures a second", "ratio", "target", "peak MiB of the caller")
        )
        run(paths, asked.workers, "cold", folder / "kept")
        print(f"\n{opening(folder / 'kept')}")


def opening(dataset: Path) -> str:
    """Return the table of opening a dataset and asking it a question, before and after a merge."""
    rows = []
    for state in ("as ingested", "after compact"):
        began = time.perf_counter()
        opened = open_dataset(dataset)
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        opened.scan("findings").group_by("rule").len().collect()
        asked = time.perf_counter() - began
        files = sum(1 for _ in dataset.rglob("*.parquet"))
        size = sum(file.stat().st_size for file in dataset.rglob("*.parquet"))
        rows.append((state, f"{files:,}", f"{size / 1e6:.1f}", f"{seconds:.3f}", f"{asked:.3f}"))
        if state == "as ingested":
            compact(dataset)
    return table(rows, "dataset", "files", "MB", "open, s", "findings by rule, s")


if __name__ == "__main__":
    main()
