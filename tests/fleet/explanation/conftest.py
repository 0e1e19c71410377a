from pathlib import Path

import pytest

from autopilot_analysis.fleet import load_deployments


@pytest.fixture(scope="module")
def fleet():
    """The fleet that ships: 600 attempts, one incident."""
    return load_deployments(Path(__file__).parents[3] / "data" / "fleet")
