"""Samples that are told together; `test_batch.py` holds that each says what it says alone."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.fleet.dataset.run.batch import tell_together
from autopilot_analysis.samples import SampleTruth, write_sample
from autopilot_analysis.tables import Findings, Tables, Trace

AT_ONCE = 64
"""So many samples are told in one go."""


class Told(NamedTuple):
    """A sample, and what it says."""

    sample: SampleTruth
    tables: Tables
    trace: Trace
    findings: Findings


def tell_samples(room: Path, asked: list[tuple]) -> dict[tuple, Told]:
    """Return what each sample says: one of a scenario in a layout, where asked without some of its members.

    Args:
        room: An empty folder to write them into; each has one of its own there, and a device of its own.
        asked: (scenario, layout), behind them parts of the names of members that are left out.
    """
    samples = [
        write_sample(room / str(number), scenario, layout=layout, device=number)
        for number, (scenario, layout, *_) in enumerate(asked, 1)
    ]
    read = [_read(sample, *without) for sample, (_, _, *without) in zip(samples, asked, strict=True)]
    told = [
        frames
        for first in range(0, len(read), AT_ONCE)
        for frames in tell_together(read[first : first + AT_ONCE])
    ]
    return {
        key: Told(sample, tables, Trace.of(frames), Findings.of(frames))
        for key, sample, tables, frames in zip(asked, samples, read, told, strict=True)
    }


def _read(sample: SampleTruth, without: tuple[str, ...] = ()) -> Tables:
    for path in list(sample.path.rglob("*")) if without else ():
        if path.is_file() and any(part in path.name.lower() for part in without):
            path.unlink()
    with open_export(sample.path) as export:
        return read_tables(export)
