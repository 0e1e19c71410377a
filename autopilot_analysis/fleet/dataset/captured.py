"""What captures tell of single devices of a fleet, to lay two of them side by side."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from autopilot_analysis.fleet.dataset.story import load_story
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.compare import Captured, Side

COMPARED = ("members", "devices", "settings", "properties")
"""Tables that two devices are compared by; events and log lines are not kept for it."""


def captured_in(tables: Tables, trace: Trace) -> Captured | None:
    """Return what finds the captured side of a device in tables that were read already; None without one.

    Args:
        tables: Of one or several captures.
        trace: Theirs.
    """
    if tables.devices.is_empty():
        return None
    kept = Tables.of({name: frame for name, frame in tables.frames().items() if name in COMPARED})
    return lambda device: _side(kept, trace, device)


def captured_at(dataset: Path, devices: pl.DataFrame, names: str | Path) -> Captured:
    """Return what opens the captures of one device of a dataset when it is asked for.

    Args:
        dataset: The dataset.
        devices: Its devices, one a row, with `device` and `serial`.
        names: A name book; empty for none.
    """
    known = frozenset(devices["device"].to_list()) | frozenset(devices["serial"].drop_nulls().to_list())

    def side(device: str) -> Side | None:
        if device not in known:
            return None
        story = load_story(dataset, device=device, names=names)
        return _side(story.tables, story.trace, device)

    return side


def _side(tables: Tables, trace: Trace, device: str) -> Side | None:
    """Return the side of the device that goes by a key or a serial."""
    own = tables.devices.filter((pl.col("device") == device) | (pl.col("serial") == device))
    return Side(tables, trace, own["device"][0]) if own.height else None
