"""The process a notebook runs in reads nothing from the folder it stands in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from autopilot_analysis.report import kernel


def test_a_matplotlibrc_that_lies_there_is_not_read(tmp_path):
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 42\n")
    code = (
        f"import sys; sys.path.append({str(Path(kernel.__file__).parent)!r}); import kernel\n"
        "kernel.import_matplotlib_elsewhere()\n"
        "import matplotlib, os; print(matplotlib.rcParams['lines.linewidth'], os.getcwd())"
    )
    words = [sys.executable, "-P", "-c", code]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1.5", str(tmp_path)]
