"""The process that unpacks natively holds itself to limits before anything else."""

import subprocess
import sys

import pytest

from autopilot_analysis.export.cabinet import fast_worker

LIMITS = "import resource, runpy, sys; m = runpy.run_path(sys.argv[1]); m['hold_to'](1 << 34, 7, 1000, 32); "
NAMES = ("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
ASK = f"print([resource.getrlimit(getattr(resource, name))[0] for name in {NAMES}])"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")
def test_a_process_is_held_to_its_limits_and_leaves_no_core():
    done = subprocess.run(
        [sys.executable, "-c", LIMITS + ASK, fast_worker.__file__], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[7, 1000, 32, 0]"
