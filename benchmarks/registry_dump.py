"""Registry dump to `registry_values`, against reading it line by line with two regexes.

`python benchmarks/registry_dump.py [DUMP]`; without a file, a dump is made up (seeded).
"""

from __future__ import annotations

import random
import re
import sys
from functools import cache
from pathlib import Path

from measuring import Candidates, compare, growth, peak_asked

from autopilot_analysis.readers.registry.registry_dump import read_registry_dump

LINES = 31_000
KEY = re.compile(r"^\[(HKEY_[^\]]+)\]\s*$")
VALUE = re.compile(r'^\s*"?(.*?)"?=(.*)$')


@cache
def made_up(lines: int = LINES) -> bytes:
    chance = random.Random(3)
    text = []
    for number in range(lines // 7):
        text.append(f"[HKEY_LOCAL_MACHINE\\software\\Example\\Key{number:06d}\\{chance.randrange(10**9)}]")
        for at in range(5):
            kind = chance.choice(['"text %s"', "DWORD:%08x", 'MULTI_SZ:"one %s"', "hex(3):%02x,00,ff"])
            value = chance.randrange(1 << 8)
            text.append(f'    "Value{at}"=' + (kind % value))
        text.append("")
    return ("\r\n".join(text) + "\r\n").encode()


@cache
def content() -> bytes:
    given = [name for name in sys.argv[1:] if Path(name).is_file()]
    return Path(given[0]).read_bytes() if given else made_up()


def line_by_line() -> int:
    key, rows = "", []
    for line in content().decode("utf-8", "replace").splitlines():
        if found := KEY.match(line):
            key = found[1]
        elif found := VALUE.match(line):
            rows.append((key, found[1], found[2]))
    return len(rows)


def ours() -> int:
    return read_registry_dump(content()).count


def candidates() -> Candidates:
    return {"line by line, two regexes": line_by_line, "read_registry_dump": ours}


def curve() -> str:
    return growth(read_registry_dump, {f"×{times}": made_up(LINES * times) for times in (1, 2, 4, 8)})


def main() -> None:
    if peak_asked(candidates):
        return
    lines = content().count(b"\n")
    print(f"{len(content()) / 1e6:.1f} MB, {lines:,} lines\n")
    given = [name for name in sys.argv[1:] if Path(name).is_file()]
    targets = {"read_registry_dump": "≤ 0.8"}
    print(compare(__file__, candidates(), "line by line, two regexes", targets, *given, rounds=9))
    print(f"\n{curve()}")


if __name__ == "__main__":
    main()
