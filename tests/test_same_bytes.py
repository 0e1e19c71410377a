"""Every verb, run twice in fresh processes on one input, gives the same bytes: no order comes from a hash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = "data/esp-app-timeout.zip"
ENTRY = "import sys; from autopilot_analysis.cli import main; sys.exit(main())"
KEYED = """
import sys
from autopilot_analysis.fleet.dataset.story import load_story
from autopilot_analysis.privacy import share
tables, trace, found = load_story(sys.argv[1])
share({**tables.frames(), **trace.frames(), **found.frames()}, sys.argv[2], key=bytes(32))
"""
VERBS = {
    "tables": (ENTRY, ["tables", SAMPLE, "--out", "{out}"]),
    "tables as CSV": (ENTRY, ["tables", SAMPLE, "--out", "{out}", "--format", "csv"]),
    "findings": (ENTRY, ["findings", SAMPLE, "--all"]),
    "findings as JSON": (ENTRY, ["findings", SAMPLE, "--json"]),
    "findings as Markdown": (ENTRY, ["findings", SAMPLE, "--markdown"]),
    "explain": (ENTRY, ["explain", "data/fleet"]),
    "explain as JSON": (ENTRY, ["explain", "data/fleet", "--json"]),
    "timeline": (ENTRY, ["timeline", SAMPLE, "{out}"]),
    "share with a key": (KEYED, [SAMPLE, "{out}"]),
    "sample": (ENTRY, ["sample", "{out}", "--devices", "2"]),
}


def run(verb, seed, out):
    """Return what a verb printed and every file it wrote, by name."""
    code, words = VERBS[verb]
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *(word.format(out=out) for word in words)],
        cwd=ROOT, env=env, capture_output=True, check=True,
    )  # fmt: skip
    files = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
    written = {str(path.relative_to(out)): path.read_bytes() for path in files}
    return {"printed": done.stdout.replace(str(out).encode(), b"OUT"), **written}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_gives_the_same_bytes_in_every_process(verb, tmp_path):
    first, second = (run(verb, seed, tmp_path / f"out{seed}") for seed in ("1", "2"))
    assert first["printed"] or len(first) > 1
    assert [name for name in first if first[name] != second.get(name)] == []
    assert first.keys() == second.keys()
