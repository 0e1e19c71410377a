from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import pytest

from autopilot_analysis.errors import NotWritten
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.run import schedule
from autopilot_analysis.samples import write_sample


class Mortal(Executor):
    """Runs calls here; one that holds the deadly export kills it, as a process out of memory is killed."""

    def __init__(self, deadly, error):
        self.deadly, self.error, self.dead = deadly, error, False

    def submit(self, fn, tasks):
        future = Future()
        self.dead |= any(task.found.name == self.deadly for task in tasks)
        if self.dead:
            future.set_exception(self.error)
        else:
            future.set_result(fn(tasks))
        return future


@pytest.fixture
def pile(tmp_path):
    for device in (1, 2, 3, 4):
        write_sample(tmp_path / "pile" / f"{device}.cab", device=device)
    return tmp_path / "pile"


def test_the_export_that_kills_its_process_twice_is_set_aside_and_the_rest_go_on(pile, tmp_path, monkeypatch):
    pools = []

    @contextmanager
    def mortal_pool(workers):
        pools.append(workers)
        yield Mortal("2.cab", BrokenProcessPool("gone"))

    monkeypatch.setattr(schedule, "process_pool", mortal_pool)
    summary = ingest(pile, into=tmp_path / "dataset", workers=2)
    assert summary.ingested == 3
    assert [name for name, _ in summary.set_aside] == ["2.cab"]
    assert "was killed" in summary.set_aside[0][1]
    assert pools[0] == 2
    assert open_dataset(tmp_path / "dataset").set_aside["error"].to_list() == ["Killed"]


def test_an_engine_that_is_gone_stops_the_call_and_the_same_call_goes_on(pile, tmp_path):
    with pytest.raises(NotWritten, match="make the same call again"):
        ingest(pile, into=tmp_path / "dataset", executor=Mortal("3.cab", ConnectionError("scheduler gone")))
    assert ingest(pile, into=tmp_path / "dataset").exports == 4
    assert open_dataset(tmp_path / "dataset").exports.height == 4
