"""Print how many cases hold: python tests/cases/score.py [--why] [CASE ...]."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[n]) for n in (1, 2)]
from cases.judging import cases, expected, judge


def main() -> int:
    """Judge every case, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="*", help="names of cases; all when none is given")
    parser.add_argument("--why", action="store_true", help="say what falls short")
    options = parser.parse_args()
    names = options.case or cases()
    held: dict[int, list[bool]] = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            short = judge(name, Path(folder))
        held.setdefault(expected(name)["kind"], []).append(not short)
        if short and options.why:
            print(f"{name}\n  " + "\n  ".join(short))
    for kind, ones in sorted(held.items()):
        print(f"kind {kind}: {sum(ones)} of {len(ones)}")
    good = sum(map(sum, held.values()))
    print(f"{good} of {len(names)} cases hold")
    return int(good < len(names))


if __name__ == "__main__":
    sys.exit(main())
