"""IME log to `log_lines`, against reading and counting line feeds: `python benchmarks/cmtrace.py [MB] [LOG]`.

The log is made up (seeded): several lines in 5 % of the records, mixed line ends, long and empty messages,
markers inside messages, text beyond ASCII; or it is the LOG that is named, repeated as `messages.py` does.
Candidates run in turn, medians of five rounds after a warm-up; peak memory is that of a process of its own,
for the reader alone, for the folder with the log through the front door, and on to findings.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from pathlib import Path

import polars as pl
from measuring import growth, medians, own_peak, peak, table
from messages import repeated

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace

MEGABYTES = 50
ROUNDS = 5
WORDS = (
    "[Win32App]",
    "policy",
    "download",
    "Gerät",
    "設定",
    "content",
    "detection",
    "completed",
    "with",
    "state",
)
PARTS = ("IntuneManagementExtension", "AgentExecutor", "ClientHealth")
TRAILER = re.compile(
    r'<!\[LOG\[(?P<message>.*)\]LOG\]!><time="(?P<time>[^"]*)" date="(?P<date>[^"]*)"'
    r' component="(?P<component>[^"]*)" context="[^"]*" type="(?P<type>[^"]*)"'
    r' thread="(?P<thread>[^"]*)" file="[^"]*">',
    re.DOTALL,
)


def build(path: Path, size: int) -> int:
    chance = random.Random(1)
    bank = [" ".join(chance.choices(WORDS, k=chance.choice((6, 25, 70)))) for _ in range(2000)]
    written = records = 0
    with path.open("wb") as log:
        log.write(b"\xef\xbb\xbf")
        while written < size:
            written += log.write(record(chance, bank, day=4 + 5 * written // size))
            records += 1
    return records


def record(chance: random.Random, bank: list[str], day: int) -> bytes:
    message, kind = chance.choice(bank), chance.random()
    end = "\n" if chance.random() < 0.03 else "\r\n"
    if kind < 0.05:
        message = end.join(chance.choices(bank, k=3))
    elif kind < 0.06:
        message += " <![LOG[ and ]LOG] inside"
    elif kind < 0.063:
        message *= 80
    elif kind < 0.07:
        message = ""
    second, fraction = divmod(chance.randrange(864_000_000_000), 10_000_000)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{fraction:07}"
    return (
        f'<![LOG[{message}]LOG]!><time="{clock}" date="8-{day}-2026" component="{chance.choice(PARTS)}"'
        f' context="" type="{chance.choice("11123")}" thread="{chance.randint(1, 40)}" file="">{end}'
    ).encode()


def floor(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def ours(path: Path) -> int:
    return read_cmtrace(path.read_bytes()).count


def front_door(path: Path) -> int:
    with open_export(path.parent) as export:
        return read_tables(export).log_lines.height


def to_findings(path: Path) -> int:
    with open_export(path.parent) as export:
        tables = read_tables(export)
    return find(tables, build_trace(tables)).findings.height


def line_loop(path: Path) -> int:
    """The usual script: gather lines until one ends a record, then one regular expression."""
    rows, open_lines = [], []
    with path.open(encoding="utf-8-sig", newline="") as log:
        for line in log:
            open_lines.append(line)
            if "]LOG]!><time=" in line:
                found = TRAILER.search("".join(open_lines))
                open_lines = []
                if found:
                    rows.append(found.groupdict())
    return pl.DataFrame(rows).height


FLOOR = "read, count line feeds"
CANDIDATES = {
    FLOOR: floor,
    "read_cmtrace": ours,
    "read_tables of its folder": front_door,
    "on to findings": to_findings,
    "line loop and regex": line_loop,
}


def main() -> None:
    if sys.argv[1:2] == ["--peak"]:
        CANDIDATES[sys.argv[2]](Path(sys.argv[3]))
        print(own_peak())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "IntuneManagementExtension.log"
        size = 10**6 * (int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES)
        if len(sys.argv) > 2:
            path.write_bytes(repeated(Path(sys.argv[2]).read_bytes(), size))
            records = path.read_bytes().count(b"<![LOG[")
        else:
            records = build(path, size)
        read = ours(path)
        print(f"{path.stat().st_size / 1e6:.0f} MB, {records:,} records, {read:,} of them read\n")
        runs = {name: lambda run=run: run(path) for name, run in CANDIDATES.items()}
        taken = medians(runs, ROUNDS)
        rows = [
            (name, f"{spent:.3f}", f"{spent / taken[FLOOR]:.2f}", peak(__file__, name, str(path)))
            for name, spent in taken.items()
        ]
        print(table(rows, "candidate", "median CPU s", "ratio", "peak MiB"))
        if len(sys.argv) < 3:
            print(f"\n{curve(path, size)}")


def curve(path: Path, size: int) -> str:
    """Return the growth table of reading alone, from an eighth of the log to all of it."""
    sizes = {}
    for times in (1, 2, 4, 8):
        build(path, size * times // 8)
        sizes[f"×{times}"] = path.read_bytes()
    return growth(read_cmtrace, sizes, ROUNDS)


if __name__ == "__main__":
    main()
