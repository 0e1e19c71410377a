"""Whole processes of the command line on one capture, on a dataset, and against another version of the kit.

`python benchmarks/whole.py CAPTURE [--against TREE] [--cases EXPORT ...] [--rounds N]`. Every candidate is a
process of its own; CPU time with its children, medians of paired ratios over rounds in which the candidates
take turns, and the peak of the largest process. Prints Markdown. TREE is a checkout of the version before,
its modules compiled.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measuring import table

HERE = Path(__file__).parents[1]
ENTRY = "import sys; from autopilot_analysis.cli import main; sys.exit(main())"
INFLATED = """
import sys, polars
from evtx import PyEvtxParser
from autopilot_analysis.export import open_export
import io
with open_export(sys.argv[1]) as export:
    for member in export.members:
        content = member.read() if member.reader else b""
        if member.reader == "event_log":
            sum(1 for _ in PyEvtxParser(io.BytesIO(content)).records_json())
"""
"""The yardstick of `findings`: the members that are read, inflated, and their event records iterated."""
OPENED = """
import sys
from autopilot_analysis.fleet.dataset.dataset import open_dataset
open_dataset(sys.argv[1]).scan("findings").collect()
"""
"""The yardstick of a dataset: its stored findings, read."""
PEAK = """
import resource, sys
code, *sys.argv = sys.argv[1:]
try:
    exec(code)
except SystemExit:
    pass
both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
own, children = (resource.getrusage(who).ru_maxrss for who in both)
print("peak", max(own, children) // 1024, file=sys.stderr)
"""


@dataclass(frozen=True)
class Run:
    """One candidate: which code, of which tree, with which words; OUT among them is a page to be written."""

    code: str
    words: tuple[str, ...]
    tree: Path = HERE


@dataclass(frozen=True)
class Row:
    """One line of the table: what is measured, against what, and what is asked for."""

    title: str
    run: Run
    base: Run
    target: str


def measured(run: Run) -> tuple[float, int]:
    """Return CPU seconds, children's included, and peak MiB of one run."""
    environment = {**os.environ, "PYTHONPATH": str(run.tree)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        words = [str(Path(folder) / "page.html") if word == "OUT" else word for word in run.words]
        command = [sys.executable, "-c", PEAK, run.code, "autopilot-analysis", *words]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment, cwd=folder
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "peak" not in done.stderr:
        raise SystemExit(done.stderr[-2000:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, int(done.stderr.split()[-1])


def line(row: Row, rounds: int) -> tuple[object, ...]:
    """Return a line of the table: medians of rounds after a warm-up, candidates in turn."""
    pairs = [(measured(row.base), measured(row.run)) for _ in range(rounds + 1)][1:]
    base, own = (median(pair[side][0] for pair in pairs) for side in (0, 1))
    peaks = [max(pair[side][1] for pair in pairs) for side in (0, 1)]
    ratio = median(now[0] / before[0] for before, now in pairs)
    return (
        row.title,
        f"{base:.2f}",
        f"{own:.2f}",
        f"{ratio:.2f}",
        row.target,
        peaks[0],
        peaks[1],
        f"{peaks[1] / peaks[0]:.2f}",
    )


def rows(capture: str, dataset: str) -> list[Row]:
    """Return what is measured of this version alone."""
    findings, report = (
        Run(ENTRY, words) for words in (("findings", capture), ("report", capture, "--out", "OUT"))
    )
    opened = Run(OPENED, (dataset,))
    return [
        Row(
            "`findings` of the capture, against inflating and iterating",
            findings,
            Run(INFLATED, (capture,)),
            "≤ 3.5",
        ),
        Row("`report` of the capture, against its `findings`", report, findings, "≤ 1.6"),
        Row(
            "`findings` of a dataset, against reading them",
            Run(ENTRY, ("findings", dataset)),
            opened,
            "≤ 1.5",
        ),
        Row("`explain` of a dataset, against reading findings", Run(ENTRY, ("explain", dataset)), opened, ""),
    ]


def against(tree: Path, capture: str, cases: list[str], fleet: str) -> list[Row]:
    """Return what is measured against another version."""
    asked = [
        ("findings", capture, "`findings` of the capture", "≤ 0.5"),
        ("report", capture, "`report` of the capture", "≤ 0.25, peak ≤ 0.75"),
        *(("findings", case, f"`findings` of {Path(case).stem}", "≤ 0.5") for case in cases),
        ("findings", fleet, "`findings` of data/fleet", "≤ 0.5"),
        ("explain", fleet, "`explain` of data/fleet", ""),
        ("report", fleet, "`report` of data/fleet", "≤ 0.25"),
    ]
    lines = []
    for verb, export, title, target in asked:
        words = (verb, export, *(("--out", "OUT") if verb == "report" else ()))
        lines.append(Row(f"{title}, against {tree.name}", Run(ENTRY, words), Run(ENTRY, words, tree), target))
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("capture")
    parser.add_argument("--against", type=Path, metavar="TREE")
    parser.add_argument("--cases", nargs="*", default=[], metavar="EXPORT")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    capture = str(Path(asked.capture).resolve())
    with tempfile.TemporaryDirectory() as name:
        dataset = str(Path(name) / "fleet")
        for words in (
            ("sample", f"{name}/captures", "--devices", "10"),
            ("ingest", f"{name}/captures", "--into", dataset),
        ):
            measured(Run(ENTRY, words))
        asked_for = rows(capture, dataset)
        if asked.against:
            cases = [str(Path(case).resolve()) for case in asked.cases]
            asked_for += against(asked.against.resolve(), capture, cases, str(HERE / "data" / "fleet"))
        lines = [line(row, asked.rounds) for row in asked_for]
    columns = (
        "work",
        "base, CPU s",
        "CPU s",
        "ratio",
        "target",
        "base, peak MiB",
        "peak MiB",
        "ratio of peaks",
    )
    print(f"{asked.rounds} rounds, CPU time with children.\n")
    print(table(lines, *columns))


if __name__ == "__main__":
    main()
