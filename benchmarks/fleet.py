"""The fleet verbs at full size, each against a baseline of the same run: `python benchmarks/fleet.py [ROW]…`.

Rows are those of `ROWS`; without a name all are run but those of ten million deployments. Prints a Markdown
table for each: medians of five rounds after a warm-up, candidates in turn, as wall and as CPU time, with the
ratio to the first line; the peak is that of a process of its own, its data included. Where the threads of a
library share the work the target is one of wall time, and the machine must be idle.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib import pyplot as plt
from measuring import Candidates, own_peak, peak, table

from autopilot_analysis import figures, fleet
from autopilot_analysis.export import open_export
from autopilot_analysis.readers import read_tables
from autopilot_analysis.readers.service.cells.duration import read_durations
from autopilot_analysis.readers.service.graph import flat_page
from autopilot_analysis.readers.service.graph_pages import GraphPages
from autopilot_analysis.samples.fleet.files import graph_pages
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

MILLION = 1_000_000
BY = ("profile", "build", "week")
SPANS = ("total", "device_preparation", "device_setup", "account_setup")
HOURS = pl.duration(hours=1)


@cache
def attempts(count: int) -> pl.DataFrame:
    """Return that many attempts in 4,320 groups of profile, build and week, 3 % of them still running."""
    chance = np.random.default_rng(1)
    start = np.sort(chance.integers(0, 60 * 7 * 86_400_000_000, count)) + 1_767_571_200_000_000
    middles = zip(SPANS[1:], (4, 17, 9), strict=True)
    spans = {name: chance.lognormal(math.log(middle), 0.45, count) * 60e6 for name, middle in middles}
    spans = {
        name: pl.Series(name, span.astype(np.int64)).cast(pl.Duration("us")) for name, span in spans.items()
    }
    spans["total"] = pl.DataFrame(list(spans.values())).sum_horizontal().alias("total")
    drawn = {"profile": 9, "build": 8, "model": 40, "group_tag": 25, "device": count // 2, "code": 4}
    texts = [
        pl.Series([f"{name} {number}" for number in range(size)])
        .gather(chance.integers(0, size, count))
        .alias(name)
        for name, size in drawn.items()
    ]
    ends = pl.Series(["succeeded", "failed", "in_progress"]).gather(
        chance.choice(3, count, p=(0.89, 0.08, 0.03))
    )
    ended, failed = pl.col("outcome") != "in_progress", pl.col("outcome") == "failed"
    at = pl.Series(start).cast(pl.Datetime("us", "UTC")).alias("started_at")
    frame = pl.DataFrame([*texts, ends.alias("outcome"), at, *spans.values()])
    return frame.with_columns(
        *(pl.when(ended).then(name).alias(name) for name in SPANS),
        pl.when(failed).then(pl.format("0x8018{}", pl.col("code").str.slice(-1) + "014")).alias("code"),
        pl.when(failed).then(pl.lit("device_setup")).alias("failed_stage"),
        pl.when(~ended).then(pl.col("started_at") + HOURS).alias("observed_until"),
        pl.lit(None, dtype=pl.String).alias("flags"),
        week=pl.col("started_at").dt.truncate("1w"),
    ).with_columns(ended_at=pl.when(ended).then(pl.col("started_at") + pl.col("total")))


def stored(count: int) -> pl.DataFrame:
    """Return what a study of durations needs of them, from a file: making them takes more memory."""
    file = Path(tempfile.gettempdir()) / f"attempts-{count}.parquet"
    if not file.exists():
        attempts(count).select("outcome", *BY, *SPANS).write_parquet(file)
        attempts.cache_clear()
    return pl.read_parquet(file)


def durations(count: int = MILLION) -> Candidates:
    frame = stored(count)
    means = [pl.col(name).mean() for name in SPANS]
    return {
        "group means alone": lambda: frame.group_by(BY).agg(means),
        "measure_durations": lambda: fleet.measure_durations(frame, by=BY),
    }


def survival() -> Candidates:
    frame = attempts(MILLION).select("outcome", "model", total=pl.coalesce("total", HOURS))
    plain = frame["total"].dt.total_milliseconds().to_numpy()
    whole = (pl.col("total").dt.total_seconds() * MILLION).cast(pl.Duration("us"))
    seconds = frame.with_columns(whole.alias("total"))
    distance = furthest(frame)
    return {
        "np.sort of the durations": lambda: np.sort(plain),
        f"measure_survival, milliseconds ({distance})": lambda: fleet.measure_survival(frame),
        "measure_survival, 40 groups, seconds": lambda: fleet.measure_survival(seconds, by="model"),
    }


def furthest(frame: pl.DataFrame) -> str:
    """Say how far the curve lies from the product formula in extended precision."""
    curve = fleet.measure_survival(frame)
    risk = curve["at_risk"].to_numpy().astype(np.longdouble)
    exact = np.cumprod(1 - curve["events"].to_numpy() / risk)
    return f"off by {float(np.abs(exact - curve['survival'].to_numpy()).max()):.0e}"


def contrasts() -> Candidates:
    chance = np.random.default_rng(2)
    size, count = 100_000, 12
    values = chance.integers(0, 11, (count, size))
    names = [f"attribute {number}" for number in range(count)]
    planted = (values[3] == 2) & (values[7] == 5)
    failed = chance.random(size) < np.where(planted, 0.4, 0.05)
    frame = pl.DataFrame(
        {name: pl.Series(column).cast(pl.String) for name, column in zip(names, values, strict=True)}
    ).with_columns(outcome=pl.Series(np.where(failed, "failed", "succeeded")))
    first = fleet.measure_contrasts(frame, attributes=names)["where"][0]
    found = json.loads(first) == {names[3]: "2", names[7]: "5"}

    def pairs() -> None:
        for one, other in combinations(values, 2):
            cells = one * 11 + other
            np.bincount(cells, minlength=121)
            np.bincount(cells[failed], minlength=121)

    return {
        "bincount over all pairs": pairs,
        f"measure_contrasts, pairs (planted group first: {found})": partial(
            fleet.measure_contrasts, frame, attributes=names
        ),
        "measure_contrasts, triples": partial(fleet.measure_contrasts, frame, attributes=names, depth=3),
    }


def scatter() -> Candidates:
    frame = attempts(MILLION).select("started_at", "total").drop_nulls()
    at = frame["started_at"].dt.epoch("us").to_numpy()
    minutes = frame["total"].dt.total_microseconds().to_numpy() / 60e6
    first, width, top = at.min(), np.ptp(at) + 1, minutes.max() * 1.001

    def plain(axes: Any) -> None:
        cells = (at - first) * 160 // width * 80 + (minutes * (80 / top)).astype(np.int64)
        axes.imshow(np.bincount(cells, minlength=160 * 80).reshape(160, 80).T, origin="lower", aspect="auto")

    def drawn(draw: Callable[[Any], object]) -> None:
        figure, axes = plt.subplots()
        draw(axes)
        figure.canvas.draw()
        plt.close(figure)

    return {
        "bincount grid and image": lambda: drawn(plain),
        "draw_scatter": lambda: drawn(lambda axes: figures.draw_scatter(frame, axes)),
    }


@cache
def pages(count: int = 50) -> list[bytes]:
    """Return pages of 1,000 objects as Graph hands them out."""
    deployments, _ = simulate_fleet(1000 * count, seed=3)
    return graph_pages(deployments, page=1000)


def graph() -> Candidates:
    import orjson  # the baseline alone needs it

    def deployments() -> None:
        reader = GraphPages()
        for number, page in enumerate(pages()):
            reader.add(page, f"page-{number:03}.json")
        reader.answers()

    return {
        "orjson.loads": lambda: [orjson.loads(page) for page in pages()],
        "flat_page, as text": lambda: [flat_page(page) for page in pages()],
        "GraphPages, to deployments": deployments,
    }


def folder() -> Candidates:
    """Read a folder of pages through the front door; its peak tells whether they are held all at once."""
    place = Path(tempfile.gettempdir()) / "graph-pages-200"
    if not place.exists():
        place.mkdir()
        for number, page in enumerate(pages(200)):
            (place / f"autopilotEvents-{number:03}.json").write_bytes(page)

    def opened() -> None:
        with open_export(place) as export:
            read_tables(export)

    return {
        "the bytes alone": lambda: [len(path.read_bytes()) for path in sorted(place.iterdir())],
        "read_tables": opened,
    }


def spans() -> Candidates:
    chance = np.random.default_rng(4)
    hours, minutes = chance.integers(0, 3, MILLION), chance.integers(0, 60, MILLION)
    seconds = chance.random(MILLION) * 60
    texts = pl.DataFrame({"h": hours, "m": minutes, "s": np.round(seconds, 7)}).select(
        text=pl.when(pl.col("h") > 0)
        .then(pl.format("PT{}H{}M{}S", "h", "m", "s"))
        .otherwise(pl.format("PT{}M{}S", "m", "s"))
    )["text"]
    rare = {"negative": "-PT2M57.2190107S", "days": "P1DT2H3M4.5S", "nothing": "PT0S"}
    mixed = texts.clone()
    for place, text in enumerate(rare.values()):
        mixed = mixed.scatter(np.arange(place, MILLION, 50), text)
    return {
        "literal peel": lambda: peeled(texts),
        "read_durations, hours to seconds": lambda: read_durations(texts),
        "read_durations, one in 17 negative, with days or zero": lambda: read_durations(mixed),
    }


def peeled(texts: pl.Series) -> pl.Series:
    """Split at T, H, M and S one after another, all in polars: nothing is checked."""
    rest = texts.str.splitn("T", 2).struct.field("field_1")
    total = pl.Series("text", [0.0]).new_from_index(0, texts.len())
    for unit, size in (("H", 3600), ("M", 60), ("S", 1)):
        parts = rest.str.splitn(unit, 2).struct
        before, after = parts.field("field_0"), parts.field("field_1")
        found = after.is_not_null()
        total += before.set(~found, "0").cast(pl.Float64, strict=False) * size
        rest = after.zip_with(found, before)
    return (total * 1e6).cast(pl.Int64).cast(pl.Duration("us"))


@cache
def installs(count: int) -> pl.DataFrame:
    chance = np.random.default_rng(5)
    outcome = pl.Series(["succeeded", "failed", "skipped"]).gather(
        chance.choice(3, count, p=(0.9, 0.07, 0.03))
    )
    begun = pl.Series(chance.integers(0, 10**13, count)).cast(pl.Datetime("us", "UTC"))
    waited = pl.Series(chance.integers(10**7, 10**9, count)).cast(pl.Duration("us"))
    return pl.DataFrame(
        {
            "device": pl.Series(chance.integers(0, count // 10, count)).cast(pl.String),
            "item": pl.Series(chance.integers(0, 60, count)).cast(pl.String),
            "outcome": outcome,
            "started_at": begun,
            "ended_at": begun + waited,
            "waited": waited,
        }
    )


def measures(count: int = MILLION) -> Candidates:
    """Every measure that notebooks 02 and 03 call, as they call it."""
    frame, tries = attempts(count), installs(count)
    journeys = fleet.measure_journeys(frame)
    calls: dict[str, Callable[[], object]] = {
        "group means alone": lambda: frame.group_by(BY).agg(pl.col(name).mean() for name in SPANS),
        "measure_durations by profile": lambda: fleet.measure_durations(frame, by="profile"),
        "measure_time_attribution by profile": lambda: fleet.measure_time_attribution(frame, by="profile"),
        "measure_survival by profile": lambda: fleet.measure_survival(frame, by="profile"),
        "measure_rates by model": lambda: fleet.measure_rates(frame, by="model"),
        "measure_failures": lambda: fleet.measure_failures(frame),
        "measure_failure_rates by model": lambda: fleet.measure_failure_rates(frame, by="model"),
        "measure_combinations": lambda: fleet.measure_combinations(frame),
        "measure_daily": lambda: fleet.measure_daily(frame),
        "measure_journeys": lambda: fleet.measure_journeys(frame),
        "measure_first_time_right": lambda: fleet.measure_first_time_right(journeys),
        "measure_items, as many installs": lambda: fleet.measure_items(tries),
        "measure_signatures": lambda: fleet.measure_signatures(frame, tries),
    }
    return calls


ROWS: dict[str, tuple[Callable[[], Candidates], dict[int, str], int]] = {
    "durations": (durations, {1: "≤ 4.5"}, 5),
    "durations_10m": (partial(durations, 10 * MILLION), {1: "≤ 10, ≤ 2 GB"}, 3),
    "survival": (survival, {1: "≤ 0.3 s, off by ≤ 1e-9", 2: "≤ 0.3 s"}, 5),
    "contrasts": (contrasts, {1: "≤ 3", 2: "≤ 6"}, 5),
    "scatter": (scatter, {1: "≤ 1.2"}, 5),
    "graph": (graph, {1: "≤ 0.9", 2: "≤ 1.3"}, 5),
    "folder": (folder, {}, 3),
    "spans": (spans, {1: "≤ 1.3", 2: "≤ 1.3"}, 5),
    "measures": (measures, {}, 3),
    "measures_10m": (partial(measures, 10 * MILLION), {}, 1),
}
"""For each row what is measured, the targets by line, and the rounds."""


def run(row: str) -> str:
    """Return the Markdown table of one row."""
    make, targets, rounds = ROWS[row]
    candidates = make()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in candidates}
    for turn in range(rounds + 1):
        for name, call in candidates.items():
            gc.collect()
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            if turn or rounds == 1:
                taken[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    lines = []
    base: list[float] = []
    for number, (name, spent) in enumerate(taken.items()):
        middle = [median(each) for each in zip(*spent, strict=True)]
        base = base or middle
        shown = [
            cell
            for each, first in zip(middle, base, strict=True)
            for cell in (f"{each:.3f}", f"{each / first:.2f}")
        ]
        lines.append((name, *shown, targets.get(number, ""), peak(__file__, f"{row}/{number}")))
    return table(lines, row, "wall s", "ratio", "CPU s", "ratio", "target", "peak MiB")


def main() -> None:
    mpl.use("Agg")
    if sys.argv[1:2] == ["--peak"]:
        row, number = sys.argv[2].split("/")
        list(ROWS[row][0]().values())[int(number)]()
        print(own_peak())
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    for row in parser.parse_args().rows or [name for name in ROWS if not name.endswith("10m")]:
        try:
            print(run(row), end="\n\n", flush=True)
        except ModuleNotFoundError as lacking:
            print(
                f"{row}: skipped, its baseline needs {lacking.name} (python -m pip install {lacking.name})\n"
            )


if __name__ == "__main__":
    main()
