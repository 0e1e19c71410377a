"""A gate on fresh fleets each day: chance fails it less than once in 10,000 runs.

The seed is the date, or what FLEET_SEED holds; a failure prints it, so that the fleets can be made again.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from fleets import healthy, planted
from judging import answers, same_group

SEED = int(os.environ.get("FLEET_SEED") or datetime.now(UTC).strftime("%Y%m%d"))
NULLS = ("independent", "retries", "season", "days", "batches", "correlated", "trend", "all")
MOST_RAISED = 4
"""Of 8 healthy fleets each raising something in 5 of 100, 5 or more do in 2 of 100,000 runs."""

LEAST_FOUND = 2
"""Of 6 incidents each found in 95 of 100, fewer than 2 are in 2 of 1,000,000 runs."""


@pytest.mark.parametrize("outcome", ["failed", "slow"])
def test_fleets_in_which_nothing_happened_raise_next_to_nothing(outcome):
    raised = []
    for number, kind in enumerate(NULLS):
        said = answers(healthy(kind, 600, [SEED, number]).deployments, outcome)
        if said["contrasts"] or said["changes"]:
            raised.append((kind, said))
    assert len(raised) <= MOST_RAISED, f"FLEET_SEED={SEED}: {raised}"


def test_what_was_planted_is_the_first_answer():
    missed = []
    for number in range(6):
        fleet = planted("sixth", 2_500, [SEED, 100, number], ("retries", "season"))
        first = answers(fleet.deployments, "failed")["contrasts"][:1]
        if not first or not same_group(fleet.deployments, first[0]["where"], fleet.truth.where):
            missed.append((number, fleet.truth, first))
    assert 6 - len(missed) >= LEAST_FOUND, f"FLEET_SEED={SEED}: {missed}"
