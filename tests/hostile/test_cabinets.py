"""Cabinets whose bytes were changed at random, through the plain reader and through the native one."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import cabinets
import pytest

from autopilot_analysis.export.cabinet import fast

COMMAND = Path(cabinets.__file__)


def test_a_hundred_mutated_cabinets_end_in_members_or_gaps_and_stay_small():
    done = subprocess.run(
        [sys.executable, str(COMMAND), "--count", "100", "--seed", "7"],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    counts = [int(line.split()[0]) for line in done.stdout.splitlines()[:-1]]
    assert sum(counts) == 100
    assert len(counts) >= 2


def test_whole_cabinets_of_every_kind_are_read_whole(tmp_path):
    for number, content in enumerate(cabinets.sound()):
        path = tmp_path / f"{number}.cab"
        path.write_bytes(content)
        assert cabinets.read(path) == "every member read"


def test_the_same_seed_makes_the_same_cabinets():
    wholes = cabinets.sound()
    first, again, other = (list(islice(cabinets.mutated(seed, wholes), 20)) for seed in (1, 1, 2))
    assert first == again != other


def test_mutated_cabinets_in_the_native_reader_cost_no_more_than_gaps(tmp_path, monkeypatch):
    pytest.importorskip("pylibmspack", reason="the extra fast is not installed")
    monkeypatch.setattr(fast, "WORTH", 0)
    path, lzx = tmp_path / "mutated.cab", cabinets.sound()[2:]
    for content in islice(cabinets.mutated(3, lzx), 15):
        path.write_bytes(content)
        assert cabinets.read(path).startswith(("every member", "some members", "refused"))
