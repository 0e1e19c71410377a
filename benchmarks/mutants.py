"""Put small faults into the package, one at a time, and see whether the tests that must notice do.

python benchmarks/mutants.py                  all of tests/mutants.toml
python benchmarks/mutants.py --draw 10        ten of them, drawn by a seed that is printed
python benchmarks/mutants.py --only zone      those whose name contains a word

Each fault names a module, a text in it, what replaces it, and the tests that must fail then. First those
tests run without any fault: one that fails anyway, or that runs nowhere, proves nothing and is an error.
So is a fault whose text has vanished or stands twice: the list grows with the code. All of it happens in a
copy of the checkout, so that two runs, and whoever works in the checkout meanwhile, do not meet. Exit
status 1 on an error, and when a fault is not noticed that names no reason why it `survives`.
"""

from __future__ import annotations

import argparse
import compileall
import importlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "mutants.toml"
COPIED = ("autopilot_analysis", "tests", "data", "notebooks", "benchmarks", "docs")
OPTIONS = ("-q", "--tb=no", "-p", "no:nbval", "-p", "no:xdist", "-p", "no:cacheprovider")
ADDOPTS = "addopts=--strict-markers --import-mode=importlib"
LONGEST = 600
"""Seconds after which tests that do not end have noticed."""
LIBRARIES = ("dataframely", "matplotlib.pyplot", "numpy", "pandas", "polars", "pyarrow", "scipy.stats")
"""Loaded once, before the package: each fault's process inherits them."""


@dataclass(frozen=True)
class Fault:
    """One small fault: where it is put, and which tests must notice it."""

    name: str
    module: str
    text: str
    replacement: str
    tests: tuple[str, ...]
    survives: str = ""

    def covers(self, test: str) -> bool:
        """Return whether a test that ran is one of those that must notice."""
        return any(test == named or test.startswith((f"{named}::", f"{named}[")) for named in self.tests)


@dataclass(eq=False)  # pytest keeps its plugins in a set
class Outcomes:
    """A pytest plugin: the tests that passed and those that failed, by their node ids."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how one phase of a test ended."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep a file that cannot be imported."""
        if report.failed:
            self.failed.append(report.nodeid)


def read_faults(words: list[str]) -> list[Fault]:
    """Return the listed faults whose names contain one of the words, all when there are none."""
    listed = tomllib.loads(LIST.read_text("utf-8"))["fault"]
    faults = [Fault(**{**row, "tests": tuple(row["tests"])}) for row in listed]
    return [fault for fault in faults if not words or any(word in fault.name for word in words)]


def misplaced(fault: Fault, root: Path = ROOT) -> str:
    """Return why a fault cannot be put in or noticed, empty when it can."""
    path = root / fault.module
    if not path.is_file():
        return f"{fault.module} is no file"
    if (count := path.read_text("utf-8").count(fault.text)) != 1:
        return f"its text stands {count} times in {fault.module}"
    for test in fault.tests:
        file, _, function = test.partition("::")
        if not (root / file).is_file():
            return f"{file} is no file"
        if function and f"def {function}(" not in (root / file).read_text("utf-8"):
            return f"{file} has no {function}"
    return "" if fault.tests else "it names no test"


def _run(copy: Path, tests: list[str], first: bool, sender: Connection) -> None:
    """Run tests of the copy in this process and send what became of them."""
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)
    sys.path.insert(0, str(copy))
    sys.dont_write_bytecode = True
    outcomes, printed = Outcomes(), StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        options = [*OPTIONS, "-o", ADDOPTS, *(["-x"] if first else [])]
        status = pytest.main([*options, *tests], plugins=[outcomes])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        print(printed.getvalue()[-2000:], file=sys.stderr)
    sender.send(outcomes)


def run_tests(copy: Path, tests: Iterable[str], *, first: bool = False) -> Outcomes:
    """Run tests of the copy in a process of their own; tests that never end have failed.

    Args:
        copy: The copied checkout.
        tests: Node ids; each runs once.
        first: Stop at the first that fails.
    """
    listed = list(dict.fromkeys(tests))
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(copy, listed, first, sender))
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(LONGEST) else Outcomes(failed=listed)
    except EOFError:  # the interpreter itself ended
        return Outcomes(failed=listed)
    finally:
        process.kill()
        process.join()


@contextmanager
def planted(fault: Fault, copy: Path) -> Iterator[None]:
    """Put a fault into the copy for as long as the block lasts."""
    path = copy / fault.module
    sound, times = path.read_text("utf-8"), path.stat()
    path.write_text(sound.replace(fault.text, fault.replacement), "utf-8")
    path.with_name("__pycache__").joinpath(f"{path.stem}.{sys.implementation.cache_tag}.pyc").unlink(True)
    try:
        yield
    finally:
        path.write_text(sound, "utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def proves_nothing(fault: Fault, control: Outcomes) -> str:
    """Return why the tests of a fault prove nothing, from a run without any fault; empty when they do."""
    if red := [test for test in control.failed if fault.covers(test)]:
        return f"{red[0]} fails without it"
    return "" if any(map(fault.covers, control.passed)) else "its tests did not run"


def examine(faults: list[Fault], copy: Path) -> tuple[int, int]:
    """Print what became of each fault; return how many were noticed and how many must be mended."""
    control = run_tests(copy, (test for fault in faults for test in fault.tests))
    noticed = wrong = 0
    for fault in faults:
        if why := proves_nothing(fault, control):
            print(f"ERROR    {fault.name}: {why}", flush=True)
            wrong += 1
            continue
        with planted(fault, copy):
            failed = run_tests(copy, fault.tests, first=True).failed
        noticed += bool(failed)
        wrong += not failed and not fault.survives
        found = f"noticed  {fault.name}" if failed else f"SURVIVES {fault.name} {fault.survives}"
        print(found.rstrip(), flush=True)
    return noticed, wrong


@contextmanager
def copied() -> Iterator[Path]:
    """Copy the checkout for as long as the block lasts, its modules compiled."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        compileall.compile_dir(copy / "autopilot_analysis", quiet=1)
        yield copy


def main() -> int:
    """Print what became of each fault and return 1 when one went unnoticed that must not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draw", type=int, default=0, help="how many, drawn by the seed; all when left out")
    parser.add_argument(
        "--seed", type=int, default=Random().randrange(10**6), help="printed, to draw the same again"
    )
    parser.add_argument("--only", nargs="*", default=[], help="words of names")
    args = parser.parse_args()
    faults = read_faults(args.only)
    if wrong := [f"{fault.name}: {why}" for fault in faults if (why := misplaced(fault))]:
        print(*wrong, sep="\n")
        return 1
    if args.draw:
        print(f"seed {args.seed}")
        faults = Random(args.seed).sample(faults, min(args.draw, len(faults)))
    for library in LIBRARIES:
        importlib.import_module(library)
    with copied() as copy:
        noticed, wrong = examine(faults, copy)
    print(f"{noticed} of {len(faults)} faults noticed, {wrong} to be mended")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
