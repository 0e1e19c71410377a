"""All known message shapes, against reading the log they stand in: `python benchmarks/messages.py [MB] [LOG]`.

The log is made up, or the LOG that is named, repeated up to MB with the digits of every copy changed, so that
texts repeat within a copy only, as an agent repeats itself. Reading and finding run in turn; each ratio is of
one round, the table shows medians of five after a warm-up.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import polars as pl

from autopilot_analysis.readers.cmtrace import read_cmtrace
from autopilot_analysis.samples import write_sample
from autopilot_analysis.trace.messages import find_messages

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("megabytes", type=int, nargs="?", default=50)
    parser.add_argument("log", type=Path, nargs="?")
    given = parser.parse_args()
    source = given.log.read_bytes() if given.log else made_up()
    content = repeated(source, given.megabytes * 1_000_000)
    rounds = [once(content) for _ in range(ROUNDS + 1)][1:]
    reading, finding = (median(column) for column in list(zip(*rounds, strict=True))[:2])
    ratios = sorted(found / read for read, found, *_ in rounds)
    records, shapes = rounds[0][2:]
    rows = [
        ("log", f"{len(content) / 1e6:.0f} MB, {records:,} records, {shapes:,} messages found"),
        ("reading", f"{reading:.2f} s"),
        ("finding", f"{finding:.2f} s"),
        ("finding / reading", f"{median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})"),
    ]
    sys.stdout.write("| what | median of five |\n|---|---|\n")
    sys.stdout.writelines(f"| {name} | {value} |\n" for name, value in rows)


def once(content: bytes) -> tuple[float, float, int, int]:
    """Return the seconds of reading and of finding, and how many records and messages there are."""
    begun = time.perf_counter()
    lines = read_cmtrace(content).rows["log_lines"]
    read = time.perf_counter()
    lines = lines.with_columns(device=pl.lit("D"), member=pl.lit("IntuneManagementExtension.log"))
    ready = time.perf_counter()
    found = find_messages(lines)
    return read - begun, time.perf_counter() - ready, lines.height, found.height


def made_up() -> bytes:
    """Return the logs of an agent that installs one item of every kind, among lines that say nothing known."""
    with tempfile.TemporaryDirectory() as folder:
        sample = write_sample(folder, "installs_new_era", layout="folder").path
        logs = b"".join(
            path.read_bytes().lstrip(b"\xef\xbb\xbf")
            for path in sorted(sample.rglob("*.log"))
            if b"<![LOG[" in path.read_bytes()
        )
    chance = random.Random(1)
    words = "agent policy channel schedule cache store request service window token client report".split()
    line = '<![LOG[{}]LOG]!><time="10:00:0{}.1234567" date="3-2-2026" component="IntuneManagementExtension" context="" type="1" thread="7" file="">\r\n'
    filler = [" ".join(chance.choices(words, k=chance.randint(4, 30))) for _ in range(400)]
    return (
        logs + "".join(line.format(chance.choice(filler), chance.randrange(10)) for _ in range(900)).encode()
    )


def repeated(source: bytes, size: int) -> bytes:
    """Return copies of a log, in each of which two digits stand for two others in messages."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    copies, number = [source], 0
    while sum(map(len, copies[-1:])) * len(copies) < size:
        number += 1
        copies.append(source.replace(b"7", b"%d" % (number % 10)).replace(b"]LOG]!", b" %d]LOG]!" % number))
    return b"".join(copies)


if __name__ == "__main__":
    main()
