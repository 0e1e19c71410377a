from __future__ import annotations

import os

import pytest

from autopilot_analysis.fleet.dataset.manifest import Layout
from autopilot_analysis.fleet.dataset.run.run_lock import begin_run, lock

pytestmark = pytest.mark.skipif(os.name == "nt", reason="an open file cannot be taken away here")


def test_the_lock_of_a_run_killed_before_it_had_a_folder_is_removed(tmp_path):
    layout = Layout(tmp_path)
    layout.work.mkdir(parents=True)
    left = layout.work / "20260302T080000-0a1b2c3d.lock"
    left.touch()
    with begin_run(layout) as run:
        assert [path.name for path in layout.work.glob("*.lock")] == [f"{run}.lock"]
    assert list(layout.work.iterdir()) == []


def test_the_lock_that_another_run_holds_stays(tmp_path):
    layout = Layout(tmp_path)
    layout.work.mkdir(parents=True)
    held = layout.work / "20260302T080000-0a1b2c3d.lock"
    with held.open("wb") as file:
        assert lock(file)
        with begin_run(layout):
            assert held.exists()
    with begin_run(layout):
        assert not held.exists()
