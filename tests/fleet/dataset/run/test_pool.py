import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from autopilot_analysis.errors import BadInput, NotWritten, UnknownName
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.run.pool import count_workers, executor_of

QUIET = {**os.environ, "DASK_DISTRIBUTED__DASHBOARD__LINK": "", "POLARS_MAX_THREADS": "1"}
WORKER = ["worker", "--nthreads", "1", "--no-dashboard", "--no-nanny", "--worker-port", "0"]


def begin(*words, cwd):
    command = [sys.executable, "-W", "ignore", "-m", "distributed.cli.dask_" + words[0], *words[1:]]
    log = (cwd / f"{words[0]}-{time.monotonic_ns()}.log").open("w+")
    return subprocess.Popen(command, cwd=cwd, env=QUIET, stdout=log, stderr=log), log


@pytest.fixture
def cluster(tmp_path, request):
    """A scheduler and some workers, each a process of its own on the loopback."""
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    scheduler, log = begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", cwd=tmp_path)
    processes = [scheduler]
    try:
        until = time.monotonic() + 60
        address = None
        while address is None and time.monotonic() < until and scheduler.poll() is None:
            time.sleep(0.05)
            address = re.search(r"tcp://127\.0\.0\.1:\d+", open(log.name).read())  # noqa: SIM115, PTH123
        assert address, open(log.name).read()  # noqa: SIM115, PTH123
        processes += [begin(*WORKER, address[0], cwd=tmp_path)[0] for _ in range(request.param)]
        yield address[0], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("cluster", [1], indirect=True, ids=["one worker"])
def test_a_dask_scheduler_restarted_midway_loses_nothing_and_doubles_nothing(
    captures, undisturbed, same_tables, cluster, tmp_path
):
    address, processes = cluster
    before = []

    def restart(done, *_told):
        if done >= 2 and not before:
            before.extend(list(processes))
            for process in before:
                process.kill()
                process.wait()
            place = ["--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
            processes.append(begin("scheduler", *place, cwd=tmp_path)[0])
            processes.append(begin(*WORKER, address, cwd=tmp_path)[0])

    root = tmp_path / "dataset"
    executor = executor_of("dask", address)
    with suppress(NotWritten):
        ingest(captures, into=root, executor=executor, progress=restart)
    first = len(list(root.glob("exports/*/*/manifest.json")))
    assert before
    executor._client.close(timeout=1)
    again = executor_of("dask", address, timeout=60)
    summary = ingest(captures, into=root, executor=again)
    again._client.close(timeout=1)
    assert summary.ingested == 10 - first
    assert summary.set_aside == ()
    assert (root / "ingest.log").read_text().count("status=ingested") <= 10
    same_tables(root, undisturbed)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("cluster", [2], indirect=True, ids=["two workers"])
def test_a_dask_worker_killed_midway_loses_nothing_and_doubles_nothing(
    captures, undisturbed, same_tables, cluster, tmp_path
):
    address, processes = cluster
    executor = executor_of("dask", address)
    killed = []

    def kill_one(done, *_told):
        if done >= 1 and not killed:
            killed.append(processes[1].pid)
            os.kill(killed[0], signal.SIGKILL)

    root = tmp_path / "dataset"
    summary = ingest(captures, into=root, executor=executor, progress=kill_one)
    assert killed
    assert (summary.ingested, summary.set_aside, summary.duplicates) == (10, (), 0)
    same_tables(root, undisturbed)
    executor._client.close()


def test_an_unknown_engine_names_the_one_there_is():
    with pytest.raises(UnknownName, match="dask"):
        executor_of("desk", "tcp://127.0.0.1:1")


def test_a_scheduler_nobody_answers_for_is_one_clear_line():
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    with pytest.raises(BadInput, match="no Dask scheduler answers at") as caught:
        executor_of("dask", "tcp://127.0.0.1:1", timeout=1)
    assert "\n" not in str(caught.value)


def test_workers_are_as_many_as_pay():
    assert count_workers(1, None) == 1
    assert count_workers(3, 8) == 3
    assert 1 <= count_workers(1_000_000, None) <= os.cpu_count()
