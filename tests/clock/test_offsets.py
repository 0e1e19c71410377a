from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from autopilot_analysis.clock.offsets import APART, BETWEEN_ZONES, FURTHEST, FURTHEST_BEHIND, OFFSETS


@pytest.fixture(scope="module")
def todays():
    """How far ahead of UTC the zones of this machine are in winter."""
    at = datetime(2026, 1, 15, tzinfo=UTC)
    places = [name for name in available_timezones() if "/" in name and not name.startswith("right/")]
    return {at.astimezone(ZoneInfo(name)).utcoffset() for name in places}


def test_no_zone_lies_further_from_utc_or_from_another(todays):
    assert (max(todays), min(todays)) == (FURTHEST, -FURTHEST_BEHIND)
    assert max(todays) - min(todays) == APART == timedelta(hours=26)


def test_zones_differ_by_whole_quarters_of_an_hour(todays):
    assert not any(offset % BETWEEN_ZONES for offset in todays)
    assert any(offset % (2 * BETWEEN_ZONES) for offset in todays)


def test_every_offset_is_looked_for():
    assert (OFFSETS[0], OFFSETS[-1], len(OFFSETS)) == (-50_400, 50_400, 113)
