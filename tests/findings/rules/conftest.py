"""One rule asked of a small world."""

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.findings import RULES

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def proofs(world):
    """What one rule proves in a world."""
    return lambda rule, **given: RULES[rule](*world(**given))


@pytest.fixture
def at():
    """An instant by the minute after the world's start."""
    return lambda minute: START + timedelta(minutes=minute)
