from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def fleet(shipped_fleet):
    """The fleet that ships: 600 attempts, one incident."""
    return shipped_fleet
