"""What parts a group that stands out once more; every profile and build is made up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.inside_group import inside_of

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUILDS = ("26100.1", "26100.2", "22631.3")


def group(**where):
    return {"where": json.dumps(where), "at": None, "until": None}


def rows(
    failed, count=150, profile=lambda n: "Hybrid" if n % 10 < 3 else "Cloud", build=lambda n: BUILDS[n % 3]
):
    """Attempts over two months; `failed(n, profile, build)` says which failed."""
    own = [(n, profile(n), build(n)) for n in range(count)]
    return pl.DataFrame(
        {
            "device": [f"D-{n}" for n in range(count)],
            "started_at": [START + timedelta(hours=10 * n) for n in range(count)],
            "profile": [each[1] for each in own],
            "build": [each[2] for each in own],
            "outcome": ["failed" if failed(*each) else "succeeded" for each in own],
        }
    )


def both(n, profile, build):
    return (profile, build) == ("Hybrid", "26100.2") or n % 40 == 5


def test_the_value_that_parts_a_group_is_named_with_both_shares():
    found = inside_of(rows(both), group(profile="Hybrid"))
    assert found is not None
    assert found.in_words == (
        "Inside it, with build 26100.2 15 of 15 (100 %, 80 to 100 %) failed, of its others 0 of 30 "
        "(0 %, 0 to 11 %)"
    )
    assert found.in_short == "inside it with build 26100.2 100 %, of its others 0 %"


def test_seen_from_the_other_value_the_same_pair_is_found():
    found = inside_of(rows(both), group(build="26100.2"))
    assert (found.name, found.value) == ("profile", "Hybrid")


@pytest.mark.parametrize(
    "failed",
    [
        lambda n, profile, build: profile == "Hybrid" and n % 4 < 2,  # all builds alike
        lambda n, profile, build: build == "26100.2" and n % 7,  # the build alone, outside the group too
        lambda n, profile, build: (
            profile == "Hybrid" and (build == "26100.2" or n % 5 == 0)
        ),  # others as well
    ],
)
def test_a_group_whose_values_fail_alike_or_a_value_that_fails_everywhere_is_not_parted(failed):
    assert inside_of(rows(failed), group(profile="Hybrid")) is None


def test_a_value_that_only_follows_the_calendar_parts_nothing():
    late = rows(
        lambda n, profile, build: profile == "Hybrid" and n >= 75,
        build=lambda n: "26100.2" if n >= 75 else "26100.1",
    )
    assert inside_of(late, group(profile="Hybrid")) is None


@pytest.mark.parametrize(("aside", "found"), [(8, True), (7, False)])
def test_either_side_holds_so_many(aside, found):
    frame = rows(
        lambda n, profile, build: build == "26100.2",
        count=20 + aside,
        profile=lambda n: "Hybrid",
        build=lambda n: "26100.1" if 0 < n <= aside else "26100.2",
    )
    assert (inside_of(frame, group(profile="Hybrid")) is not None) == found


def test_a_group_whose_column_is_not_there_is_not_looked_into():
    assert inside_of(rows(both), group(model="Slate")) is None
