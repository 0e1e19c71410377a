import polars as pl
import pytest

from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.samples import write_samples
from autopilot_analysis.tables import SCHEMAS

DEVICES = 10


@pytest.fixture(scope="session")
def captures(tmp_path_factory):
    """A folder of ten devices' captures, with the truth beside them."""
    folder = tmp_path_factory.mktemp("fleet") / "captures"
    write_samples(folder, devices=DEVICES, seed=3)
    return folder


@pytest.fixture(scope="session")
def undisturbed(captures, tmp_path_factory):
    """A dataset of these captures, made one after another and never interrupted."""
    root = tmp_path_factory.mktemp("undisturbed") / "dataset"
    ingest(captures, into=root, workers=1)
    return root


@pytest.fixture(scope="session")
def same_tables():
    """A check that two datasets hold the same rows in every table."""

    def check(one, other):
        first, second = open_dataset(one), open_dataset(other)
        assert first.exports["export"].to_list() == second.exports["export"].to_list()
        for table in SCHEMAS:
            frames = [dataset.scan(table).collect().sort(pl.all()) for dataset in (first, second)]
            assert frames[0].equals(frames[1]), table

    return check
