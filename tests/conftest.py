"""Shared by all tests: where the genuine files lie, and small frames typed by their schemas."""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # workers share the cores; polars reads it when imported

import matplotlib as mpl
import polars as pl
import pytest

from autopilot_analysis.cli import start
from autopilot_analysis.tables import schema_of

gc.set_threshold(start.OBJECTS)  # tests make as many small frames as the command line does
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what tests start compiles the package once
mpl.use("Agg")  # here alone: notebooks that the same run tests draw as they do in JupyterLab
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "real"
ONE_WORKER = ("tests/browser/", "tests/fleet/dataset/", "tests/fleet/explanation/answer/", "tests/widgets/")
"""Folders whose tests share what takes seconds to begin: a browser, a dataset, an explained fleet."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """As many workers as there are cores: each of them imports and collects every test, sixteen thousand."""
    return os.cpu_count() or 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each module to one worker, as `loadscope` does, and all modules of some folders to the same."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class LoadFolders(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            shared = (folder for folder in ONE_WORKER if nodeid.startswith(folder))
            return next(shared, None) or super()._split_scope(nodeid)

    return LoadFolders(config, log)


def pytest_collection_finish():
    """Leave what was collected out of each look for garbage: it lives as long as the run does."""
    gc.freeze()


def pytest_sessionfinish():
    """Let Python see again who refers to what: plugins ask that at the end."""
    gc.unfreeze()


def pytest_collection_modifyitems(items):
    """Mark the tests of genuine files, so that `-m genuine` runs those alone."""
    for item in items:
        if "genuine" in getattr(item, "fixturenames", ()):
            item.add_marker("genuine")


@pytest.fixture
def genuine():
    """The folder of genuine files, or a skip that says why."""
    if not SHARED.is_dir():
        pytest.skip("genuine files are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def shipped_fleet():
    """The fleet that ships with the project, read once a worker."""
    from autopilot_analysis.fleet import load_deployments

    return load_deployments(ROOT / "data" / "fleet")


@pytest.fixture
def rows():
    """Build a typed frame of a table from a few dicts; what is left out is null, or a plain default."""
    defaults = {"device": "SN-0001", "member": "a.evtx", "clock": "declared", "kind": "REG_SZ", "message": ""}

    def build(table, *given):
        schema = schema_of(table)
        filled = [
            {c: row.get(c, defaults.get(c) if c != "record" else n) for c in schema}
            for n, row in enumerate(given, 1)
        ]
        return pl.DataFrame(filled, schema=schema)

    return build


@pytest.fixture
def calls():
    """Count the calls that some work makes: the same on every machine, however busy it is."""

    def count(work):
        made = [0]

        def note(_frame, event, _argument):
            made[0] += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            work()
        finally:
            sys.setprofile(before)
        return made[0]

    return count


@pytest.fixture
def peak():
    """Count the bytes that some work holds at most, of those that Python and numpy ask for."""

    def count(work):
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return count


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test drew; one that drew nothing needs no pyplot."""
    yield
    if drawn := sys.modules.get("matplotlib.pyplot"):
        drawn.close("all")
