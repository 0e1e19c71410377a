"""Many captures to a dataset: one after another against processes, and the cost against their number.

`python benchmarks/ingest.py [--captures N] [--workers N]`; the captures are made up (seeded). Each run is a
process of its own, so that starting the workers is in the figures; ratios are of wall time.
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

from autopilot_analysis.samples import write_samples

CALL = """
import resource, sys
from pathlib import Path
from autopilot_analysis.fleet.ingest import ingest
if __name__ == "__main__":
    paths = sys.argv[3:]
    summary = ingest(paths, into=sys.argv[1], workers=int(sys.argv[2]))
    status = Path("/proc/self/status").read_text().splitlines()
    own = int(next(line for line in status if "VmHWM" in line).split()[1]) // 1024
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(summary.seconds, used.ru_utime + used.ru_stime, own, summary.ingested)
"""


def run(paths: list[Path], workers: int) -> tuple[float, float, int]:
    """Return seconds of the call, CPU seconds and peak MiB of the process that called."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "call.py"
        script.write_text(CALL)
        command = [sys.executable, str(script), f"{folder}/dataset", str(workers), *map(str, paths)]
        environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
        said = subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment
        ).stdout.split()
    assert int(said[3]) == len(paths)
    return float(said[0]), float(said[1]), int(said[2])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--captures", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        write_samples(Path(folder) / "captures", devices=asked.captures, seed=6)
        made = time.perf_counter() - began
        paths = sorted((Path(folder) / "captures").glob("*.cab"))
        size = sum(path.stat().st_size for path in paths)
        print(f"{len(paths)} captures, {size / 1e6:.1f} MB, made in {made:.1f} s\n")
        kinds = {"one after another": 1, f"{asked.workers} processes, cold": asked.workers}
        times: dict[str, list[tuple[float, float, int]]] = {name: [] for name in kinds}
        for _ in range(asked.rounds):
            for name, workers in kinds.items():
                times[name].append(run(paths, workers))
        base = median(wall for wall, *_ in times["one after another"])
        rows = []
        for name, told in times.items():
            taken = median(wall for wall, *_ in told)
            target = "" if name == "one after another" else "≤ 0.67"
            peak = max(each for *_, each in told)
            rows.append(
                (name, f"{taken:.2f}", f"{len(paths) / taken:.1f}", f"{taken / base:.2f}", target, peak)
            )
        columns = ("runner", "median s", "captures a second", "ratio", "target", "peak MiB of the caller")
        print(table(rows, *columns))
        counts = [len(paths) // 4, len(paths) // 2, len(paths)]
        started = run(paths[:1], 1)[1]
        each = {count: (run(paths[:count], 1)[1] - started) / (count - 1) for count in counts}
        rows = [(count, f"{cpu:.3f}", f"{cpu / each[counts[0]]:.2f}") for count, cpu in each.items()]
        print(f"\n{table(rows, 'captures', 'CPU s for each further one', 'against the smallest')}")


if __name__ == "__main__":
    main()
