"""The fleet that ships, explained, and the same with nothing that stands out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autopilot_analysis.fleet import explain


@pytest.fixture(scope="session")
def explained(fleet):
    return {"failed": explain(fleet.deployments)}


@pytest.fixture(scope="session")
def calm(explained):
    one = explained["failed"]
    return {"failed": replace(one, contrasts=one.contrasts.clear(), changes=one.changes.clear())}
