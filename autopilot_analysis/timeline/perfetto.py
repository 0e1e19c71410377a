"""The timeline as Perfetto opens it (Chrome trace JSON): lanes as processes, tracks as threads, bars."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.tables.timeline import LANE_NAMES, LANES

SHORTEST = 1
"""Microseconds of a bar that began and ended at once: Perfetto draws none without a length."""


def write_perfetto(timeline: pl.DataFrame, file: Path) -> None:
    """Write the dated rows as a Chrome trace: spans as bars, moments as instants, µs as whole numbers.

    Bars that overlap on one track are put on tracks of their own, because Perfetto wants those of one track
    nested. A span whose end was not seen is an instant that says so.

    Args:
        timeline: What `build_timeline` returned.
        file: Where to write.
    """
    dated = timeline.filter(pl.col("at").is_not_null()).with_columns(
        start=pl.col("at").dt.epoch("us"), end=pl.col("ended_at").dt.epoch("us")
    )
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write('{"displayTimeUnit":"ms","traceEvents":[\n')
        first = True
        for event in _events(dated):
            out.write(("" if first else ",\n") + json.dumps(event, ensure_ascii=False, separators=(",", ":")))
            first = False
        out.write("\n]}\n")


def _events(dated: pl.DataFrame) -> Iterator[dict[str, Any]]:
    several = dated["device"].n_unique() > 1
    lanes = dated.group_by("device", "lane", maintain_order=True)
    for process, ((device, lane), rows) in enumerate(lanes, 1):
        name = LANE_NAMES[str(lane)]
        yield _named("process_name", process, 0, name=f"{device} {name}" if several else name)
        yield _named("process_sort_index", process, 0, sort_index=LANES.index(str(lane)))
        thread = 0
        for (track,), of_track in rows.group_by("track", maintain_order=True):
            for number, layer in enumerate(_layers(of_track)):
                thread += 1
                name = f"{track} ({number + 1})" if number else str(track)
                yield _named("thread_name", process, thread, name=name)
                for row in layer:
                    yield _bar(row, process, thread)


def _named(what: str, process: int, thread: int, **args: object) -> dict[str, Any]:
    return {"ph": "M", "name": what, "pid": process, "tid": thread, "args": args}


def _layers(rows: pl.DataFrame) -> list[list[dict[str, Any]]]:
    """Share the rows of a track out so that no two bars of a layer overlap; moments stand on the first."""
    layers: list[list[dict[str, Any]]] = [[]]
    free_from = [0]
    for row in rows.sort("start", "id").iter_rows(named=True):
        if row["end"] is None:
            layers[0].append(row)
            continue
        end = max(row["end"], row["start"] + SHORTEST)
        place = next((n for n, free in enumerate(free_from) if free <= row["start"]), len(layers))
        if place == len(layers):
            layers.append([])
            free_from.append(0)
        layers[place].append(row)
        free_from[place] = end
    return layers


def _bar(row: dict[str, Any], process: int, thread: int) -> dict[str, Any]:
    columns = ("kind", "level", "stage", "attempt", "outcome", "code", "clock", "member", "record", "text")
    args = {name: row[name] for name in columns if row[name] not in (None, "")}
    common = {"name": row["title"], "cat": row["kind"], "pid": process, "tid": thread, "ts": row["start"]}
    if row["end"] is None:
        unseen = {"end": wording.END_OPEN.removeprefix("end ")} if row["open"] else {}
        return {**common, "ph": "i", "s": "t", "args": {**args, **unseen}}
    return {**common, "ph": "X", "dur": max(row["end"] - row["start"], SHORTEST), "args": args}
