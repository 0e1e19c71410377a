"""How far long work is: one line on a terminal that goes away at the end, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autopilot_analysis.quoting import one_line

PATIENCE = 0.5
"""Seconds after which work is long enough for a line."""

ON_A_TERMINAL: dict[str, Any] = {"disable": None, "leave": False, "delay": PATIENCE, "dynamic_ncols": True}
"""Options of tqdm, which draws the line: None disables it where standard error is no terminal."""


@contextmanager
def show_progress(unit: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show on standard error how far work is, how fast, and how long it will take.

    Args:
        unit: What is counted.

    Yields:
        To be called with how many are done, how many there are, and the name of the one at hand.
    """
    if not (sys.stderr and sys.stderr.isatty()):
        yield lambda *_: None
        return
    from tqdm import tqdm  # stays out of start-up

    with tqdm(file=sys.stderr, unit=f" {unit}", **ON_A_TERMINAL) as bar:

        def show(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(one_line(name.rpartition("/")[2]), refresh=False)
            bar.update(done - bar.n)

        yield show
