"""All known message shapes, against reading the log they are in: `python benchmarks/messages.py [MB] [LOG]`.

The log is made up, or the LOG that is named, repeated up to MB with the texts of every copy changed, so that
they repeat within a copy only, as an agent repeats itself. CPU time, medians of five rounds after a warm-up.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import polars as pl
from measuring import growth, medians, table

from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace
from autopilot_analysis.samples import write_sample
from autopilot_analysis.trace.installs.agent.messages import find_messages

WORDS = ("agent", "policy", "channel", "schedule", "cache", "store", "request", "service", "window", "token")
LINE = (
    '<![LOG[{}]LOG]!><time="10:00:0{}.1234567" date="3-2-2026" component="Agent" context="" type="1"'
    ' thread="7" file="">\r\n'
)


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    source = Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else made_up()
    content = repeated(source, size * 1_000_000)
    lines = placed(content)
    found = find_messages(lines)
    taken = medians({"reading": lambda: read_cmtrace(content), "finding": lambda: find_messages(lines)})
    ratio = f"{taken['finding'] / taken['reading']:.2f}"
    told = f"{len(content) / 1e6:.0f} MB, {lines.height:,} records"
    rows = [
        (f"reading {told}", f"{taken['reading']:.2f}", "1.00", ""),
        (f"finding {found.height:,} messages", f"{taken['finding']:.2f}", ratio, "≤ 1.5"),
    ]
    print(table(rows, "what", "median CPU s", "ratio", "target"))
    sizes = {f"×{times}": repeated(source, times * size * 125_000) for times in (1, 2, 4, 8)}
    print(f"\nReading and finding:\n\n{growth(lambda log: find_messages(placed(log)), sizes, rounds=3)}")


def placed(content: bytes) -> pl.DataFrame:
    """Return the records of a log with the columns that say where they stand."""
    lines = read_cmtrace(content).rows["log_lines"]
    return lines.with_columns(device=pl.lit("D"), member=pl.lit("IntuneManagementExtension.log"))


def made_up() -> bytes:
    """Return the logs of an agent that installs one item of every kind, among lines nobody knows."""
    with tempfile.TemporaryDirectory() as folder:
        sample = write_sample(folder, "installs_new_era", layout="folder").path
        logs = [path.read_bytes() for path in sorted(sample.rglob("IntuneManagementExtension/Logs/*.log"))]
    chance = random.Random(1)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(4, 30))) for _ in range(400)]
    filler = [LINE.format(chance.choice(texts), chance.randrange(10)) for _ in range(900)]
    return b"".join(log.removeprefix(b"\xef\xbb\xbf") for log in logs) + "".join(filler).encode()


def repeated(source: bytes, size: int) -> bytes:
    """Return copies of a log; every copy ends each of its texts with a number of its own."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    count = max(1, size // len(source))
    return b"".join(source.replace(b"]LOG]!", b" %d]LOG]!" % number) for number in range(count))


if __name__ == "__main__":
    main()
