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
"""


def test_findings_imports_no_fleet_and_nothing_that_draws_or_computes_elsewhere():
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "imported: []"
