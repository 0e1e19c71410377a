"""The process in which one target is fuzzed."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from targets import TARGETS, attempt

MEMORY = Path("/dev/shm")
"""Where small files are written fastest, if the system has it."""
SLOW = 20.0
"""Seconds of the processor one input may take; the largest are a few hundred kilobytes."""
ROOM = 3 << 30
"""Bytes a target's process may hold; reaching it counts as a failure."""


def work(
    name: str, seconds: float, seed: int, keep: Path, last: Path, report: Any
) -> None:  # a process is started with them
    if MEMORY.is_dir():
        tempfile.tempdir = str(MEMORY)
    target, random = TARGETS[name], Random(f"{name}{seed}")
    inputs = target.seeds()
    if not inputs:
        report.send({"inputs": 0, "seconds": 0.0, "broken": {}, "slowest": 0.0, "done": True})
        return
    for content in inputs:
        attempt(target, content)
    result: dict[str, Any] = {"inputs": 0, "seconds": 0.0, "broken": {}, "slowest": 0.0}
    start = said = time.monotonic()
    while (now := time.monotonic()) - start < seconds:
        content = target.mutate(random.choice(inputs), random, random.choice(inputs))
        last.write_bytes(content)
        begun = time.process_time()
        what = attempt(target, content)
        took = time.process_time() - begun
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        result["slowest"] = max(result["slowest"], took)
        if took > SLOW:
            what = what or f"took {took:.0f} s"
        if held > ROOM:
            what = what or f"held {held:,} bytes"
        if what is not None and len(result["broken"]) < 20:
            where = _kept(name, content, keep)
            result["broken"].setdefault(_plain(what), where)
        result["inputs"] += target.at_once
        result["seconds"] = time.monotonic() - start
        if now - said > 5:
            report.send(result)
            said = now
        if held > ROOM:
            break
    report.send({**result, "done": True})


def _plain(what: str) -> str:
    return (
        "".join("N" if letter.isdigit() else letter for letter in what.splitlines()[0][:150])
        if what
        else what
    )


def _kept(name: str, content: bytes, keep: Path) -> str:
    number = sum(1 for _ in keep.glob(f"{name}-*"))
    where = keep / f"{name}-{number}"
    if number < 200:
        where.write_bytes(content)
    return str(where)
