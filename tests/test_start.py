"""What a verb imports before it works: only what it uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAVY = ("autopilot_analysis.fleet", "matplotlib", "pandas", "pyarrow", "tqdm")
CODE = f"""
import sys
from autopilot_analysis.cli import main
main(["findings", "data/user-driven-success.cab"])
print("imported:", [name for name in {HEAVY!r} if name in sys.modules])
main(["findings", "data/fleet"])
print("imported:", [name for name in ("scipy.stats",) if name in sys.modules])
"""


def test_findings_imports_no_fleet_and_nothing_that_draws_and_of_a_fleet_no_statistics_of_scipy():
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("imported:")]
    assert told == ["imported: []"] * 2
