"""A capture to a finished page, in this process and in a kernel, against an empty notebook in a kernel.

`python benchmarks/report.py [CABINET]`; without a capture of your own one is made up. Every candidate
is a process of its own, so imports, the start of the kernel and the building of the page are in the figures.
Prints Markdown: medians of rounds in which the candidates take turns, wall time and CPU time of the process
with its children, the peak of the larger of the two.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
from measuring import table

from autopilot_analysis.samples import write_sample

CALL = """
import resource, sys
from autopilot_analysis.report import write_report
parameters = {"export": sys.argv[4]} if sys.argv[4:] else {}
write_report(sys.argv[1], out=sys.argv[2], overwrite=True, kernel=sys.argv[3] == "kernel", **parameters)
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(max(own.ru_maxrss, children.ru_maxrss) // 1024)
"""
EMPTY, FIFTY = "empty notebook", "50 empty cells"


def notebook(folder: Path, cells: int) -> Path:
    """Write a notebook of so many cells that do nothing."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"{n}") for n in range(cells)])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / f"empty-{cells}.ipynb"
    nbformat.write(book, path)
    return path


def run(script: Path, *words: str) -> tuple[float, float, int]:
    """Return wall seconds, CPU seconds and peak MiB of one run."""
    command = [sys.executable, str(script), *words]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    environment = {**os.environ, "POLARS_MAX_THREADS": "2"}
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, int(printed.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("capture", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "call.py"
        script.write_text(CALL)
        capture = asked.capture or write_sample(folder / "capture.cab", "user_driven_success").path
        page = str(folder / "page.html")
        calls = {
            EMPTY: (str(notebook(folder, 1)), page, "kernel"),
            FIFTY: (str(notebook(folder, 50)), page, "kernel"),
            "capture to 01_device_trace": ("01_device_trace", page, "here", str(capture)),
            "the same, --kernel": ("01_device_trace", page, "kernel", str(capture)),
        }
        runs: dict[str, list[tuple[float, float, int]]] = {call: [] for call in calls}
        for turn in range(asked.rounds + 1):
            for call, words in calls.items():
                taken = run(script, *words)
                if turn:
                    runs[call].append(taken)
        print(
            f"{'a capture of your own' if asked.capture else 'made up'}, {capture.stat().st_size:,} bytes\n"
        )
        middle = {
            name: [median(column) for column in zip(*rounds, strict=True)] for name, rounds in runs.items()
        }
        base = middle[EMPTY]
        targets = {EMPTY: "≤ 1.2 s", "capture to 01_device_trace": "≤ 4"}
        rows = [
            (name, f"{wall:.2f}", f"{wall / base[0]:.2f}", f"{cpu:.2f}", f"{cpu / base[1]:.2f}",
             targets.get(name, ""), int(peak))
            for name, (wall, cpu, peak) in middle.items()
        ]  # fmt: skip
        columns = ("candidate", "wall s", "ratio", "CPU s", "ratio", "target", "peak MiB")
        print(table(rows, *columns))
        each = (middle[FIFTY][0] - base[0]) / 49 * 1000
        print(f"\nA cell more costs {each:.1f} ms of wall time; target ≤ 15.")


if __name__ == "__main__":
    main()
