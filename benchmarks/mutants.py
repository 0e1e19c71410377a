"""Put small faults into the package, one at a time, and see whether the tests that must notice do.

python benchmarks/mutants.py                  all of tests/mutants.toml
python benchmarks/mutants.py --draw 10        ten of them, drawn by a seed that is printed
python benchmarks/mutants.py --only zone      those whose name contains a word

Each fault names a module, a text in it, what replaces it, and the tests that must fail then. The work is
done in a copy of the checkout. A fault whose text has vanished, or stands twice, is an error: the list grows
with the code. Exit status 1 when a fault is not noticed that names no reason why it `survives`.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "mutants.toml"
COPIED = ("autopilot_analysis", "tests", "data", "notebooks", "benchmarks", "docs")


@dataclass(frozen=True)
class Fault:
    """One small fault: where it is put, and which tests must notice it."""

    name: str
    module: str
    text: str
    replacement: str
    tests: tuple[str, ...]
    survives: str = ""


def read_faults(words: list[str]) -> list[Fault]:
    """Return the listed faults whose names contain one of the words, all when there are none."""
    listed = tomllib.loads(LIST.read_text("utf-8"))["fault"]
    faults = [Fault(**{**row, "tests": tuple(row["tests"])}) for row in listed]
    return [fault for fault in faults if not words or any(word in fault.name for word in words)]


def misplaced(fault: Fault, root: Path = ROOT) -> str:
    """Return why a fault cannot be put in, empty when it can."""
    path = root / fault.module
    if not path.is_file():
        return f"{fault.module} is no file"
    count = path.read_text("utf-8").count(fault.text)
    return "" if count == 1 else f"its text stands {count} times in {fault.module}"


def noticed(fault: Fault, copy: Path) -> bool:
    """Return whether a test fails once the fault is in; the copy is left as it was."""
    path = copy / fault.module
    sound = path.read_text("utf-8")
    path.write_text(sound.replace(fault.text, fault.replacement), "utf-8")
    options = "--strict-markers --import-mode=importlib -p no:cacheprovider"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:nbval",
        "-o",
        f"addopts={options}",
        *fault.tests,
    ]
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=env, capture_output=True, text=True, timeout=600, check=False
        )
    finally:
        path.write_text(sound, "utf-8")
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"{fault.name}: {' '.join(fault.tests)} ran no test: {done.stdout[-300:]}")
    return done.returncode != 0


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
    killed, unnoticed = 0, []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        compileall.compile_dir(
            copy / "autopilot_analysis", quiet=1
        )  # once; a module with a fault in it is newer
        for fault in faults:
            found = noticed(fault, copy)
            killed += found
            print(f"{'noticed ' if found else 'SURVIVES'} {fault.name} {fault.survives}".rstrip(), flush=True)
            unnoticed += [fault] if not found and not fault.survives else []
    print(f"{killed} of {len(faults)} faults noticed")
    return int(bool(unnoticed))


if __name__ == "__main__":
    raise SystemExit(main())
