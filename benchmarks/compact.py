"""Merging a dataset of many captures, against reading and writing the same tables.

`python benchmarks/compact.py [--captures N] [--read N]`: so many made-up captures (seeded) are ingested, and
their folders linked under other names until there are as many as asked. Each candidate is a process of its
own, run once: the yardstick reads each table of all captures and writes it as one file. Prints Markdown: CPU
and wall seconds, the ratio, the peak.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
from measuring import own_peak, table

from autopilot_analysis.fleet import ingest, open_dataset
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.fleet.dataset.manifest import MANIFEST, Layout, write_beside
from autopilot_analysis.samples import write_samples
from autopilot_analysis.tables import SCHEMAS


def multiplied(folder: Path, captures: int, read: int) -> Path:
    """Return a dataset of so many captures, of which the first are read and the others linked to them."""
    write_samples(folder / "captures", devices=read, seed=7)
    layout = Layout(folder / "fleet")
    ingest(folder / "captures", into=layout.root)
    entries = open_dataset(layout.root).entries
    for number in range(captures - len(entries)):
        entry = entries[number % len(entries)]
        content = hashlib.sha256(f"{number} {entry.export}".encode()).hexdigest()
        copy = layout.export(content)
        copy.mkdir(parents=True)
        for file in layout.export(entry.export).glob("*.parquet"):
            os.link(file, copy / file.name)
        write_beside(copy / MANIFEST, msgspec.structs.replace(entry, export=content))
    return layout.root


def rewritten(fleet: Path) -> None:
    """Each table of all captures read, and written as one file beside the dataset."""
    import polars as pl

    for name in SCHEMAS:
        files = sorted((fleet / "exports").glob(f"*/*/{name}.parquet"))
        if files:
            whole = pl.scan_parquet(files, missing_columns="insert", extra_columns="ignore")
            whole.sink_parquet(fleet.with_name(f"{name}.parquet"), compression="zstd", compression_level=3)


CANDIDATES = {
    "each table read and written": rewritten,
    "compact": lambda fleet: print(compact(fleet), file=sys.stderr),
}


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        CANDIDATES[sys.argv[2]](Path(sys.argv[3]))
        print(own_peak())
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("--captures", type=int, default=20_000)
    parser.add_argument("--read", type=int, default=40)
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        fleet = multiplied(Path(name), asked.captures, asked.read)
        base = 0.0
        for candidate in CANDIDATES:
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            command = [sys.executable, __file__, "--one", candidate, str(fleet)]
            peak = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            base = base or cpu
            target = "≤ 3, ≤ 500 MiB" if candidate == "compact" else ""
            wall = time.perf_counter() - began
            rows.append((candidate, f"{cpu:.1f}", f"{wall:.1f}", f"{cpu / base:.2f}", target, peak))
    print(f"{asked.captures:,} captures, {asked.read} of them read, the others linked to those.\n")
    print(table(rows, "candidate", "CPU s", "wall s", "ratio", "target", "peak MiB"))


if __name__ == "__main__":
    main()
