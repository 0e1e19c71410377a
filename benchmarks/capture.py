"""A whole capture: `read_tables` against the sum of its single-format passes, and where the time goes.

`python benchmarks/capture.py [EXPORT]`; without one, the largest sample that ships here.
"""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from measuring import Candidates, compare, medians, peak_asked, table

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.readers.formats import READERS

SAMPLE = Path(__file__).parents[1] / "data" / "esp-app-timeout.zip"
PIPELINE = """
import sys
from pathlib import Path
from autopilot_analysis import build_trace, find, open_export, read_tables
tables = read_tables(open_export(sys.argv[1]))
if sys.argv[2:]:
    find(tables, build_trace(tables))
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line).split()[1])
"""


def export() -> str:
    given = [name for name in sys.argv[1:] if Path(name).exists()]
    return given[0] if given else str(SAMPLE)


@cache
def contents() -> list[tuple[str, str, bytes]]:
    with open_export(export()) as opened:
        known = [member for member in opened.members if member.reader in READERS]
        return [(str(member.reader), member.path, member.read()) for member in known]


def passes() -> None:
    """Each member unpacked, hashed nowhere, read by its own reader and by nothing else."""
    with open_export(export()) as opened:
        for member in opened.members:
            content = member.read()
            if member.reader in READERS:
                READERS[str(member.reader)].read(content, member.path)


def whole() -> object:
    with open_export(export()) as opened:
        return read_tables(opened)


def candidates() -> Candidates:
    return {"unpacking and every single-format pass": passes, "open_export + read_tables": whole}


def parts() -> str:
    with open_export(export()) as opened:
        tables = read_tables(opened)
    trace = build_trace(tables)
    taken = medians(
        {
            "open_export": lambda: open_export(export()).close(),
            "open_export + read_tables": whole,
            "build_trace": lambda: build_trace(tables),
            "find": lambda: find(tables, trace),
        },
        3,
    )
    return table([(name, f"{seconds:.3f}") for name, seconds in taken.items()], "part", "median CPU s")


def by_format() -> str:
    spent: dict[str, list[float]] = {}
    for reader, path, content in contents():
        seconds = medians({"it": lambda r=reader, c=content, p=path: READERS[r].read(c, p)}, 3)["it"]
        row = spent.setdefault(reader, [0, 0, 0.0])
        row[0], row[1], row[2] = row[0] + 1, row[1] + len(content), row[2] + seconds
    rows = [
        (name, count, f"{size / 1e6:.2f}", f"{seconds:.3f}")
        for name, (count, size, seconds) in sorted(spent.items(), key=lambda item: -item[1][2])
    ]
    return table(rows, "reader", "members", "MB", "median CPU s")


def wall(*more: str) -> str:
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        command = [sys.executable, "-c", PIPELINE, export(), *more]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds.append(time.perf_counter() - began)
    return f"{min(seconds):.2f} to {max(seconds):.2f} s wall, peak {int(said) // 1024} MiB"


def main() -> None:
    if peak_asked(candidates):
        return
    size = sum(len(content) for *_, content in contents())
    packed = Path(export()).stat().st_size / 1e6
    print(f"{packed:.1f} MB packed, {len(contents())} members read, {size / 1e6:.1f} MB\n")
    baseline = "unpacking and every single-format pass"
    print(
        compare(__file__, candidates(), baseline, {"open_export + read_tables": "≤ 1.3"}, export(), rounds=3)
    )
    print(f"\n{parts()}\n\n{by_format()}\n")
    print(f"Whole process, imports included: open and read {wall()} (target: under 3 s on two idle cores);")
    print(f"with trace and findings {wall('all')}.")


if __name__ == "__main__":
    main()
