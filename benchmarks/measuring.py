"""Candidates against a baseline of the same run: in turn, medians of rounds after a warm-up, and peak memory.

A script gives its candidates to `compare`; peak memory is that of a process of its own for each, started as
`python benchmarks/<script>.py --peak NAME`.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

Candidates = Mapping[str, Callable[[], object]]


def peak_asked(candidates: Callable[[], Candidates]) -> bool:
    """Run one candidate and print the peak of this process in MiB, when that is what it was started for."""
    if sys.argv[1:2] != ["--peak"]:
        return False
    candidates()[sys.argv[2]]()
    print(own_peak())
    return True


def own_peak() -> int:
    """Return the peak memory of this process in MiB; what it inherited before its own start is left out."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def peak(script: str, name: str, *arguments: str) -> int:
    command = [sys.executable, script, "--peak", name, *arguments]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def medians(
    candidates: Candidates, rounds: int = 5, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Return the median seconds of each candidate; CPU time unless another clock is given."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(rounds + 1):
        for name, run in candidates.items():
            gc.collect()
            began = clock()
            run()
            if turn:
                times[name].append(clock() - began)
    return {name: median(taken) for name, taken in times.items()}


def table(rows: list[tuple[object, ...]], *columns: str) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def compare(
    script: str,
    candidates: Candidates,
    baseline: str,
    targets: Mapping[str, str],
    *arguments: str,
    rounds: int = 5,
) -> str:
    """Return the Markdown table of candidates: median CPU time, ratio to the baseline, target, peak."""
    taken = medians(candidates, rounds)
    rows = [
        (
            name,
            f"{seconds:.4f}",
            f"{seconds / taken[baseline]:.2f}",
            targets.get(name, ""),
            peak(script, name, *arguments),
        )
        for name, seconds in taken.items()
    ]
    return table(rows, "candidate", "median CPU s", "ratio", "target", "peak MiB")


def growth(run: Callable[[bytes], object], sizes: Mapping[str, bytes], rounds: int = 5) -> str:
    """Return the Markdown table of what a byte costs as the input grows; sizes are named ×1, ×2, …"""
    taken = medians({name: lambda text=text: run(text) for name, text in sizes.items()}, rounds)
    unit = taken["×1"] / len(sizes["×1"])
    rows = [
        (
            name,
            f"{len(text) / 1e6:.1f}",
            f"{taken[name]:.3f}",
            f"{taken[name] / unit / len(text):.2f}",
        )
        for name, text in sizes.items()
    ]
    return table(rows, "size", "MB", "median CPU s", "cost for each byte, ×1 = 1")
