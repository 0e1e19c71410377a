from __future__ import annotations

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.samples import write_sample


@pytest.fixture(scope="session")
def cabinet(tmp_path_factory):
    """A cabinet of one device that was deployed; no test changes it."""
    out = tmp_path_factory.mktemp("cab") / "device.cab"
    write_sample(out, "user_driven_success")
    return out


@pytest.fixture
def read():
    """Read the tables of an export."""

    def tables_of(path, **options):
        with open_export(path) as export:
            return read_tables(export, **options)

    return tables_of
