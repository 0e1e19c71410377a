"""Shared by the hostile tests: archives nobody sane writes, processes that are measured, the command line."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "benchmarks" / "fuzz"), str(Path(__file__).parent)]

MEASURE = """
import json, resource, sys, time
from pathlib import Path
status = Path("/proc/self/status")
start = time.monotonic()
{code}
took = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
if status.exists():  # what the parent had held before counts in the number above
    peak = next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) * 1024
print(json.dumps({{"peak": peak, "took": took, "said": said}}))
"""


def _archives():
    spec = importlib.util.spec_from_file_location(
        "archives_for_tests", ROOT / "tests" / "export" / "conftest.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def cabinet():
    return _archives().write_cabinet


@pytest.fixture(scope="session")
def zipped():
    return _archives().write_zip


@pytest.fixture
def measured():
    """Run code in a process of its own; return its peak memory, its seconds and what it left in `said`."""

    def run(code, *arguments, timeout=60):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE.format(code=code), *map(str, arguments)],
            capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def command(tmp_path):
    """Run the command line; return its exit status, output and complaint."""

    def run(*arguments, timeout=120, **options):
        done = subprocess.run(
            [sys.executable, "-m", "autopilot_analysis.cli", *map(str, arguments)],
            capture_output=True, text=True, timeout=timeout, check=False, cwd=options.pop("cwd", tmp_path),
            env={**os.environ, **options.pop("env", {})}, **options,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def in_process(tmp_path, monkeypatch, capsys):
    """Run the command line in this process, as `command` does: for what needs no start of its own."""
    from autopilot_analysis.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(*arguments):
        capsys.readouterr()
        try:
            status = main([str(word) for word in arguments])
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    return run
