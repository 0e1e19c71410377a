"""Fill the table of docs/security.md: inputs tried, seconds fuzzed, faults injected, what was lost.

python benchmarks/fuzz --seconds 60        adds inputs and seconds to results.json
python benchmarks/fuzz/kills.py --kills 50 kills each command at fifty moments
python benchmarks/fuzz/table.py            runs the hostile tests, then writes the table
python benchmarks/fuzz/table.py --no-tests writes the table from what is known
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RESULTS, PAGE = HERE / "results.json", ROOT / "docs" / "security.md"
BEGIN, END = "<!-- table: python benchmarks/fuzz/table.py -->", "<!-- end of table -->"
ROOMS = {
    "test_archives": "archives: bombs, names, links, lies",
    "test_datasets": "datasets: damaged, lying, leading elsewhere",
    "test_formats": "formats: arbitrary, cut, mutated, nested, endless",
    "test_targets": "readers: each fuzzed from what it reads",
    "test_output": "hostile text on pages, figures, terminal, CSV",
    "test_parameters": "notebook parameters",
    "test_faults": "faults: killed, full, refused, gone, changed",
    "test_versions": "Windows 10 1809 to 11 26H1",
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-tests", action="store_true", help="run no tests")
    args = parser.parse_args()
    sums: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if not args.no_tests:
        sums["tests"] = {name: run_tests(name) for name in ROOMS}
        RESULTS.write_text(json.dumps(sums, indent=1, sort_keys=True) + "\n")
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(sums)}\n{END}{after}", encoding="utf-8")
    return 0


def run_tests(name: str) -> dict[str, float]:
    """Return how many tests of one file passed, failed and were skipped; what failed is kept to be read."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"tests/hostile/{name}.py",
        "-q",
        "-p",
        "no:nbval",
        "-p",
        "no:xdist",
    ]
    done = subprocess.run(
        [*command, "-o", "addopts=--import-mode=importlib", "--tb=short"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    last = done.stdout.splitlines()[-1] if done.stdout else ""
    found = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last)}
    lost = found.get("failed", 0) + found.get("error", 0) or int(done.returncode != 0)
    if lost:
        kept = Path(tempfile.gettempdir()) / f"hostile-{name}.log"
        kept.write_text(done.stdout + done.stderr, encoding="utf-8")
        print(f"{name}: {lost} lost, see {kept}")
    told = re.search(r"in ([\d.]+)s", last)
    return {
        "passed": found.get("passed", 0),
        "skipped": found.get("skipped", 0),
        "lost": lost,
        "seconds": float(told[1]) if told else 0.0,
    }


def table(sums: dict[str, Any]) -> str:
    """Return the table in Markdown."""
    lines = ["| what was tried | inputs or cases | seconds | what was lost |", "| --- | ---: | ---: | --- |"]
    for name, run in sorted(sums.get("fuzz", {}).items()):
        lines.append(
            f"| fuzzing `{name}` | {run['inputs']:,} | {run['seconds']:,.0f} | {_lost(run['broken'])} |"
        )
    for name, run in sorted(sums.get("guided", {}).items()):
        lines.append(
            f"| fuzzing `{name}`, guided by coverage | {run['inputs']:,} | {run['seconds']:,.0f} "
            f"| {_lost(run['broken'])} |"
        )
    for name, run in sums.get("tests", {}).items():
        lines.append(
            f"| {ROOMS[name]} | {run['passed'] + run['lost']:,} | {run['seconds']:,.0f} "
            f"| {_lost(run['lost'])}{_skipped(run['skipped'])} |"
        )
    for name, run in sums.get("kills", {}).items():
        lines.append(
            f"| `{name}` killed at random moments | {run['kills']:,} | {run['seconds']:,.0f} "
            f"| {_lost(len(run['lost']))} |"
        )
    fuzzed = [run for how in ("fuzz", "guided") for run in sums.get(how, {}).values()]
    tried, spent = (sum(run[key] for run in fuzzed) for key in ("inputs", "seconds"))
    lines.append(f"| **fuzzing, together** | **{tried:,}** | **{spent:,.0f}** | |")
    return "\n".join(lines) + "\n"


def _skipped(count: float) -> str:
    return f" ({count:.0f} skipped)" if count else ""


def _lost(count: float) -> str:
    return "nothing" if not count else f"{count:.0f}, to be repaired"


if __name__ == "__main__":
    raise SystemExit(main())
