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
def same_tables(undisturbed):
    """A check that a dataset holds the same rows in every table as the undisturbed one; that is read once."""
    second = open_dataset(undisturbed)
    kept = {table: second.scan(table).collect().sort(pl.all()) for table in SCHEMAS}

    def check(one, other):
        assert other == undisturbed
        first = open_dataset(one)
        assert first.exports["export"].to_list() == second.exports["export"].to_list()
        for table, frame in kept.items():
            assert first.scan(table).collect().sort(pl.all()).equals(frame), table

    return check
