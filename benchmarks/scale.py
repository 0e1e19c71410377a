"""Every measurement that docs/scale.md shows, made anew and put in its place there.

`python benchmarks/scale.py [NAME ...] [--capture FILE] [--log FILE] [--dump FILE] [--before TREE]`. A block
of the page begins with a comment that names it and ends with another; what stands between is the command and
what it printed. Without a file that a measurement asks for, or where it fails, its block stays as it is, and
the reason is printed. The whole takes half an hour on idle cores.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "scale.md"
BLOCK = re.compile(r"(<!-- measured: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Measurement:
    """One block of the page: its name, and the script with its words; those in capitals are given."""

    name: str
    words: str


MEASUREMENTS = (
    Measurement("capture", "capture.py CAPTURE"),
    Measurement("whole", "whole.py CAPTURE"),
    Measurement("before", "whole.py CAPTURE --against TREE"),
    Measurement("event_log", "event_log.py CAPTURE"),
    Measurement("trace_log", "trace_log.py CAPTURE"),
    Measurement("container", "container.py CAPTURE"),
    Measurement("cmtrace", "cmtrace.py 200"),
    Measurement("cmtrace_log", "cmtrace.py 200 LOG"),
    Measurement("messages", "messages.py 200"),
    Measurement("messages_log", "messages.py 200 LOG"),
    Measurement("registry_dump", "registry_dump.py DUMP"),
    Measurement("ingest", "ingest.py --captures 100 --workers 2 --rounds 2 --dask"),
    Measurement("compact", "compact.py"),
    Measurement("report", "report.py CAPTURE --rounds 3"),
    Measurement("fleet", "fleet.py"),
    Measurement("fleet_10m", "fleet.py durations_10m"),
    Measurement("figures", "figures.py --deployments 20000"),
    Measurement("growth", "growth.py --captures 2 --objects 1000 --rounds 1"),
    Measurement("timeline", "timeline.py CAPTURE"),
)


def measured(measurement: Measurement, given: dict[str, str | None]) -> str:
    """Return what a measurement prints.

    Raises:
        LookupError: A file it asks for was not given.
        RuntimeError: It ended with an error.
    """
    words = measurement.words.split()
    missing = [word for word in words if word in given and not given[word]]
    if missing:
        raise LookupError(f"no {missing[0]} was given")
    script, *rest = [given.get(word) or word for word in words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, str(HERE / str(script)), *map(str, rest)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return done.stdout.strip()


def main() -> None:
    """Measure what was asked for, and write the page anew after each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="*", help="of blocks; all when none is given")
    for option in ("capture", "log", "dump"):
        parser.add_argument(f"--{option}", metavar="FILE")
    parser.add_argument(
        "--before", metavar="TREE", help="a checkout of the version to compare with, compiled"
    )
    asked = parser.parse_args()
    files = {"CAPTURE": asked.capture, "LOG": asked.log, "DUMP": asked.dump, "TREE": asked.before}
    given = {word: str(Path(file).resolve()) if file else None for word, file in files.items()}
    for measurement in tqdm(
        [m for m in MEASUREMENTS if not asked.name or m.name in asked.name], disable=None
    ):
        began = time.perf_counter()
        try:
            found = measured(measurement, given)
        except (LookupError, RuntimeError) as reason:
            print(f"{measurement.name} stays as it is: {reason}")
            continue
        shown = f"`python benchmarks/{measurement.words}`\n\n{found}\n"
        text = BLOCK.sub(
            lambda block, name=measurement.name, shown=shown: (
                f"{block[1]}{shown}{block[3]}" if block[2] == name else block[0]
            ),
            PAGE.read_text("utf-8"),
        )
        PAGE.write_text(text, "utf-8")
        print(f"{measurement.name}: {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
