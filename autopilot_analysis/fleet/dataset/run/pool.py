"""Where the work is done: here, in a pool of processes sized to the machine, or in an engine's executor."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from autopilot_analysis.boundary import check_children
from autopilot_analysis.defaults import THREADS
from autopilot_analysis.errors import BadInput, UnknownName, how_to_install

MEMORY = 1 << 30
"""Bytes a worker should find free: a large capture takes a few hundred megabytes."""
ALONE_BELOW = 8
"""Exports below which starting processes costs more than it saves."""


class Here(Executor):
    """Runs each call at once in this process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # as Executor has it
        """Run a call and return its finished future.

        Args:
            fn: What is called.
            *args: With these.
            **kwargs: And these.
        """
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def executor_of(engine: str, address: str, *, timeout: float = 10) -> Executor:
    """Return an engine's executor, to be passed to `ingest`.

    Args:
        engine: "dask", the only one so far; it needs the extra `dask`.
        address: Of the scheduler, such as "tcp://scheduler:8786". Its workers need this package, and the
            exports and the dataset under the same paths as here.
        timeout: Seconds to wait for its answer.

    Raises:
        UnknownName: There is no such engine.
        BadInput: It is not installed, or nobody answers.
    """
    if engine != "dask":
        raise UnknownName.among("engine", engine, ["dask"])
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise BadInput(f"a Dask scheduler needs the extra: {how_to_install('dask')}") from error
    try:
        client = distributed.Client(address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        why = " ".join(str(error).split())
        raise BadInput(f"no Dask scheduler answers at {address}: {why}; check the address") from error
    executor: Executor = client.get_executor(pure=False)
    return executor


def count_workers(exports: int, workers: int | None) -> int:
    """Return how many processes suit this machine and this many exports.

    Args:
        exports: How many there are to do.
        workers: What was asked for; None leaves it to cores and free memory.

    Raises:
        BadInput: Less than one was asked for.
    """
    if workers is not None:
        if workers < 1:
            raise BadInput(f"{workers} workers were asked for; ask for at least 1")
        return min(workers, max(exports, 1))
    if exports < ALONE_BELOW:
        return 1
    most = 61 if os.name == "nt" else 512
    return max(1, min(_cores(), _free_memory() // MEMORY, exports // 2, most))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_memory() -> int:
    """Return the bytes that are free for us, as far as the system tells; many when it does not."""
    sizes = []
    with suppress(OSError, ValueError, AttributeError):
        lines = Path("/proc/meminfo").read_text().splitlines()
        sizes += [int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable")]
    with suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        most, used = ((group / name).read_text() for name in ("memory.max", "memory.current"))
        sizes.append(int(most) - int(used))
    return min(sizes, default=MEMORY << 10)


@contextmanager
def process_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool whose processes were seen to start, each with one polars thread.

    Args:
        workers: How many processes.

    Raises:
        BadInput: They do not start; a script that calls `ingest` outside `if __name__ == "__main__":` is why.
            Or they would import from the current folder.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise BadInput(
            'ingest was called while a worker started; put the call under if __name__ == "__main__":'
        )
    check_children()
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    before = os.environ.get(THREADS)
    os.environ[THREADS] = before or "1"
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context(method), initializer=_begin_worker)
    try:
        try:
            pool.submit(os.getpid).result()
        except BrokenExecutor as error:
            raise BadInput(
                "worker processes do not start; in a script put the call of ingest under "
                'if __name__ == "__main__":, or pass workers=1'
            ) from error
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        if before is None:
            os.environ.pop(THREADS, None)


def _begin_worker() -> None:
    """Hold polars to one thread, and end this process when the one that started it is gone."""
    os.environ.setdefault(THREADS, "1")
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
