"""When an incident began and ended, as far as its change says."""

from datetime import UTC, datetime

import pytest

from autopilot_analysis.fleet.postmortem.case import _days_of

FIRST, LAST = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 1, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "days"),
    [
        (None, (None, None)),
        ({"at": FIRST, "until": None, "before": 0.05, "after": 0.4}, (FIRST, None)),
        ({"at": FIRST, "until": LAST, "before": 0.05, "after": 0.4}, (FIRST, LAST)),
        ({"at": LAST, "until": None, "before": 0.4, "after": 0.05}, (None, LAST)),
        ({"at": FIRST, "until": None, "before": None, "after": 0.4}, (FIRST, None)),
    ],
)
def test_a_level_that_fell_was_there_from_the_beginning_and_ended_that_day(change, days):
    assert _days_of(change) == days
