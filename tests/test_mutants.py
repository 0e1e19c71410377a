"""Proves that each listed fault can be put in and noticed, without running any."""

from __future__ import annotations

from benchmark_scripts import script


def test_each_listed_fault_has_its_text_once_and_names_tests_that_exist():
    mutants = script("mutants")
    faults = mutants.read_faults([])
    assert len(faults) > 1000
    assert {fault.name: why for fault in faults if (why := mutants.misplaced(fault))} == {}


def test_no_fault_is_listed_twice_and_each_changes_its_text():
    faults = script("mutants").read_faults([])
    assert sorted({fault.name for fault in faults}) == sorted(fault.name for fault in faults)
    assert [fault.name for fault in faults if fault.text == fault.replacement] == []
