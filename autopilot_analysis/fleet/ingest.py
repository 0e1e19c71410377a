"""Many exports -> a dataset: in parallel, resumable after any kill, each export once by its content."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import batched, islice
from pathlib import Path

from autopilot_analysis.errors import BadInput, NotWritten
from autopilot_analysis.export import Limits
from autopilot_analysis.fleet.inputs import Input, list_inputs, look_of
from autopilot_analysis.fleet.manifest import Layout, create_dataset, log_line, read_folders, read_set_aside
from autopilot_analysis.fleet.pool import Here, count_workers, process_pool
from autopilot_analysis.fleet.run_lock import begin_run
from autopilot_analysis.fleet.task import Outcome, Task, ingest_tasks, package_version, set_aside_killed

CHUNK = 8
"""Exports a worker takes at once: few enough to lose little, many enough to say little."""
AHEAD = 3
"""Chunks for each worker that wait at most, so that a million exports do not wait in memory."""

Progress = Callable[[int, int, str, float], None]
