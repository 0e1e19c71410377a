from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.report import find_data
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


@pytest.fixture(scope="session")
def fleet():
    """A fleet in which Slate 13 with one build fails its attestation."""
    deployments, truth = simulate_fleet(4000, incident="model_build_attestation", seed=3)
    return deployments, truth


@pytest.fixture(scope="session")
def refused():
    """One device, refused at enrolment several times: tables, trace, findings."""
    tables = read_tables(open_export(find_data() / "mdm-enrollment-refused.cab"))
    trace = build_trace(tables)
    return tables, trace, find(tables, trace)
