"""Proves that each listed fault can be put in and noticed, without running any."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def listing():
    """Return the script that puts faults in, as a module."""
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "benchmarks" / "mutants.py")
    mutants = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = mutants
    spec.loader.exec_module(mutants)
    return mutants


def test_each_listed_fault_has_its_text_once_and_names_tests_that_exist():
    mutants = listing()
    faults = mutants.read_faults([])
    assert len(faults) > 1000
    assert {fault.name: why for fault in faults if (why := mutants.misplaced(fault))} == {}


def test_no_fault_is_listed_twice_and_each_changes_its_text():
    faults = listing().read_faults([])
    assert sorted({fault.name for fault in faults}) == sorted(fault.name for fault in faults)
    assert [fault.name for fault in faults if fault.text == fault.replacement] == []
