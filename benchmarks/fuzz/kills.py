"""Kill ingest, report and tables at random moments; look at what is left, repeat, compare with an undisturbed run.

python benchmarks/fuzz/kills.py --kills 50          fifty moments of each command, noted for the table
python benchmarks/fuzz/kills.py --kills 5 report    five of one
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from autopilot_analysis.cli import main as command_line
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.samples import write_samples
from autopilot_analysis.tables import SCHEMAS

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
EXPORT = HERE.parents[1] / "data" / "esp-app-timeout.zip"
DEVICES = 6
CHUNK = 5
"""Kills of one ingest before it is let through and compared."""


def run(arguments: list[object], after: float | None = None) -> bool:
    """Run the command in a group of its own; kill it, with all it started, after some seconds.

    Args:
        arguments: Of the command line.
        after: Seconds; None to let it through.

    Returns:
        Whether it was killed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "autopilot_analysis.cli", *map(str, arguments)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    if after is None and process.returncode:
        raise SystemExit(f"{arguments[0]} ended with {process.returncode}")
    return False


def repeat(arguments: list[object]) -> None:
    """Run the command in this process, undisturbed."""
    if status := command_line([str(word) for word in arguments]):
        raise SystemExit(f"{arguments[0]} ended with {status}")


def timed(arguments: list[object]) -> float:
    """Run the command to its end and return the seconds that it took."""
    started = time.monotonic()
    run(arguments)
    return time.monotonic() - started


class Report:
    """A page stands whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.whole = folder, folder / "whole.html"
        self.whole_took = timed(["report", EXPORT, "--out", self.whole])

    def arguments(self, number: int) -> list[object]:
        return ["report", EXPORT, "--out", self.folder / f"{number}.html"]

    def lost(self, number: int) -> str | None:
        page = self.folder / f"{number}.html"
        if page.exists() and page.read_bytes() != self.whole.read_bytes():
            return f"{page.stat().st_size} of {self.whole.stat().st_size} bytes"
        return None

    def end(self) -> str | None:
        repeat(["report", EXPORT, "--out", self.folder / "again.html"])
        same = (self.folder / "again.html").read_bytes() == self.whole.read_bytes()
        return None if same else "a repeat gave another page"


class NewTables:
    """A folder of tables stands whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.whole = folder, folder / "whole"
        self.whole_took = timed(["tables", EXPORT, "--out", self.whole])

    def arguments(self, number: int) -> list[object]:
        return ["tables", EXPORT, "--out", self.folder / f"{number}"]

    def lost(self, number: int) -> str | None:
        out = self.folder / f"{number}"
        return None if not out.exists() else _differs(out, self.whole)

    def end(self) -> str | None:
        repeat(["tables", EXPORT, "--out", self.folder / "again"])
        return _differs(self.folder / "again", self.whole)


class ReplacedTables(NewTables):
    """A folder that is written again holds the old set or the new one, and what else lay in it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.out = folder / "out"
        self.old = folder / "old"
        command_line(["tables", str(EXPORT.with_name("clock-step.cab")), "--out", str(self.old)])
        self._begin()

    def _begin(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.old, self.out)
        (self.out / "mine.txt").write_text("mine")

    def arguments(self, _number: int) -> list[object]:
        return ["tables", EXPORT, "--out", self.out, "--force"]

    def lost(self, _number: int) -> str | None:
        kept = self.out if self.out.exists() else self.folder / ".out.before-tables"
        if not (kept / "mine.txt").exists():
            return "a file of the analyst"
        (kept / "mine.txt").unlink()
        told = _differs(kept, self.whole) and _differs(kept, self.old)
        self._begin()
        return told

    def end(self) -> str | None:
        repeat(self.arguments(0))
        return self.lost(0)


class Ingest:
    """A dataset holds whole exports only; repeated, it is the undisturbed one, and nothing is left over."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "dataset"
        write_samples(folder / "captures", devices=DEVICES, seed=3)
        self.whole_took = timed(["ingest", folder / "captures", "--into", folder / "whole"])
        self.whole = open_dataset(folder / "whole")

    def arguments(self, _number: int) -> list[object]:
        return ["ingest", self.folder / "captures", "--into", self.root]

    def lost(self, number: int) -> str | None:
        told = self._read()
        return told if told or number % CHUNK != CHUNK - 1 else self.end()

    def _read(self) -> str | None:
        if not is_dataset(self.root):
            return None
        held = open_dataset(self.root)
        there = pl.col("export").is_in(held.exports["export"].to_list())
        for table in SCHEMAS:
            rows, true = (
                data.scan(table).filter(there).collect().sort(pl.all()) for data in (held, self.whole)
            )
            if not rows.equals(true):
                return table
        return None

    def end(self) -> str | None:
        run(self.arguments(0))
        held = open_dataset(self.root).exports["export"].sort()
        told = self._read()
        if not told and not held.equals(self.whole.exports["export"].sort()):
            told = f"{held.len()} of {DEVICES} exports"
        if not told and any((self.root / "work").iterdir()):
            told = "something is left over in work"
        shutil.rmtree(self.root)
        return told


COMMANDS: dict[str, Callable[[Path], Any]] = {
    "ingest": Ingest,
    "report": Report,
    "tables": NewTables,
    "tables --force": ReplacedTables,
}


def _differs(one: Path, other: Path) -> str | None:
    names, true = ({path.name for path in folder.iterdir()} for folder in (one, other))
    if names != true:
        return f"{len(names)} of {len(true)} tables"
    for name in sorted(names):
        try:
            if not pl.read_parquet(one / name).equals(pl.read_parquet(other / name)):
                return f"other rows in {name}"
        except pl.exceptions.PolarsError:
            return f"{name} cannot be read"
    return None


def kill(name: str, kills: int, random: Random, scratch: Path) -> dict[str, Any]:
    """Kill one command at random moments.

    Args:
        name: One of COMMANDS.
        kills: How often it must have been killed while it ran.
        random: Where the moments come from.
        scratch: An empty folder.

    Returns:
        How many kills, in how many seconds, and what was lost.
    """
    begun = time.monotonic()
    subject = COMMANDS[name](scratch)
    whole = subject.whole_took
    lost: list[str] = []
    struck = tried = 0
    while struck < kills and tried < 10 * kills:
        tried += 1
        moment = random.uniform(0.1, 0.98) * whole
        if run(subject.arguments(tried), moment):
            struck += 1
        else:
            whole = moment  # it had ended by then: the first run was slower
        try:
            told = subject.lost(tried)
        except (AnalysisError, OSError, pl.exceptions.PolarsError) as error:
            told = f"{type(error).__name__}: {error}"
        if told:
            lost.append(told)
            print(f"  {name}: {told}", flush=True)
    if told := subject.end():
        lost.append(told)
    return {"kills": struck, "seconds": round(time.monotonic() - begun, 1), "lost": lost}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commands", nargs="*", help=f"of {', '.join(COMMANDS)} (default: all)")
    parser.add_argument("--kills", type=int, default=50, help="of each command")
    parser.add_argument("--seed", type=int, default=8)
    args = parser.parse_args()
    failed = 0
    for name in args.commands or list(COMMANDS):
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            told = kill(name, args.kills, Random(f"{args.seed}{name}"), Path(folder))
        sums = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        sums["kills"] = {**(sums["kills"] if isinstance(sums.get("kills"), dict) else {}), name: told}
        RESULTS.write_text(json.dumps(sums, indent=1, sort_keys=True) + "\n")
        failed += len(told["lost"])
        print(
            f"{name:<15} {told['kills']} kills in {told['seconds']:.0f} s, lost: {len(told['lost'])}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
