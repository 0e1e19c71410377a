"""Who does which task when: chunks handed out a few ahead, and what happens when a worker is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field

from autopilot_analysis.boundary import closed_to, folders_of
from autopilot_analysis.errors import CALL_AGAIN, NotWritten
from autopilot_analysis.fleet.dataset.inputs import size_of
from autopilot_analysis.fleet.dataset.run.pool import Here, count_workers, process_pool
from autopilot_analysis.fleet.dataset.run.task import Outcome, Task, ingest_tasks, set_aside_killed

CHUNK = 16
"""Exports a worker takes at once, at most: few enough to lose little, many enough to share a cost."""
CHUNK_BYTES = 4 << 20
"""Bytes a worker takes at once, about: large exports share little, and their progress is worth seeing."""
AHEAD = 2
"""Chunks for each worker that are under way, so that a million exports do not wait in memory."""
ENGINE_WIDTH = 32
"""Chunks that are under way on an engine, whose size nobody tells."""
ENGINE_CHUNK = 6
"""Exports an engine's worker takes at once, at least: what a chunk costs by itself is shared."""
CULPRITS = ("KilledWorker",)
"""What an engine raises when one task killed worker after worker."""

Note = Callable[[Outcome], None]


@dataclass
class _Lost:
    """Tasks that came back without an outcome, and the last reason why."""

    tasks: list[Task] = field(default_factory=list)
    error: BaseException | None = None
    broken: bool = False


def do_tasks(tasks: list[Task], note: Note, executor: Executor | None, workers: int | None) -> int:
    """Do every task and note each outcome; return with how many processes, 0 for an engine.

    Args:
        tasks: The exports to ingest.
        note: Called with each outcome, in the order they come in.
        executor: An engine's, or None.
        workers: Processes that were asked for, or None.

    Raises:
        NotWritten: The engine is gone.
    """
    with closed_to(*folders_of(task.found.place for task in tasks)):
        return _do_tasks(tasks, note, executor, workers)


def _do_tasks(tasks: list[Task], note: Note, executor: Executor | None, workers: int | None) -> int:
    """Do every task, in processes that import nothing from where the exports lie."""
    if executor is not None:
        _on_engine(tasks, note, executor)
        return 0
    count = count_workers(len(tasks), workers)
    if count == 1:
        lost = _submit(_chunks(tasks, CHUNK), note, Here(), width=1)
        if lost.error is not None:
            raise lost.error
        return 1
    waiting = _chunks(tasks, len(tasks) // (count * AHEAD))
    while True:
        with process_pool(count) as pool:
            lost = _submit(waiting, note, pool, width=count * AHEAD)
        if not lost.tasks:
            return count
        _one_by_one(lost.tasks, note)


def _chunks(tasks: list[Task], most: int) -> Iterator[tuple[Task, ...]]:
    """Yield tasks by the chunk: as many as were asked for, fewer when they are large."""
    chunk: list[Task] = []
    size = 0
    for task in tasks:
        chunk.append(task)
        size += size_of(task.found)
        if len(chunk) >= min(most, CHUNK) or size > CHUNK_BYTES:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)


def _submit(waiting: Iterator[tuple[Task, ...]], note: Note, executor: Executor, *, width: int) -> _Lost:
    """Keep a number of chunks under way until nothing waits or the executor breaks."""
    lost = _Lost()
    under_way: dict[Future[list[Outcome]], tuple[Task, ...]] = {}
    while True:
        while not lost.broken and len(under_way) < width and (tasks := next(waiting, ())):
            try:
                under_way[executor.submit(ingest_tasks, tasks)] = tasks
            except (BrokenExecutor, RuntimeError) as error:
                lost.tasks += tasks
                lost.error, lost.broken = error, True
        if not under_way:
            return lost
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            tasks = under_way.pop(future)
            try:
                outcomes = future.result()
            except NotWritten:
                raise
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                lost.tasks += tasks
                lost.error, lost.broken = error, lost.broken or isinstance(error, BrokenExecutor)
            else:
                for outcome in outcomes:
                    note(outcome)


def _one_by_one(tasks: list[Task], note: Note) -> None:
    """Try what was under way when a worker died, alone in a fresh process; who dies again is set aside."""
    waiting = _chunks(sorted(tasks, key=lambda task: task.number), 1)
    while True:
        with process_pool(1) as pool:
            lost = _submit(waiting, note, pool, width=1)
        if not lost.tasks:
            return
        for task in lost.tasks:
            note(set_aside_killed(task))


def _on_engine(tasks: list[Task], note: Note, executor: Executor) -> None:
    """Do the tasks on an engine; what came back without an outcome is sent once more, one by one."""
    most = max(len(tasks) // ENGINE_WIDTH, ENGINE_CHUNK)
    lost = _submit(_chunks(tasks, most), note, executor, width=ENGINE_WIDTH)
    again = _Lost() if lost.broken else _submit(_chunks(lost.tasks, 1), note, executor, width=ENGINE_WIDTH)
    gone = lost if lost.broken else again
    for task in again.tasks if type(again.error).__name__ in CULPRITS else ():
        note(set_aside_killed(task))
    if gone.tasks and (lost.broken or type(again.error).__name__ not in CULPRITS):
        raise NotWritten(
            f"the engine stopped with {len(gone.tasks)} exports under way ({type(gone.error).__name__}: "
            f"{' '.join(str(gone.error).split())[:200]}); {CALL_AGAIN} and it goes on from there"
        )
