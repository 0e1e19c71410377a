"""Every figure at its largest against empty axes of its size: `python benchmarks/figures.py`.

`[--deployments N] [--rounds N]`; the fleet is made up (seeded). Each figure is drawn from a finished frame
and written as a PNG; so are the empty axes. Prints Markdown: medians of rounds in which figures take turns,
in CPU time, the ratio, the size of the picture. The peak is that of the whole process, the fleet included.
"""

from __future__ import annotations

import argparse
import io
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import matplotlib as mpl
import polars as pl
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from measuring import medians, own_peak, table

from autopilot_analysis import figures, fleet
from autopilot_analysis.samples.fleet.fleet import simulate_fleet
from autopilot_analysis.tables import STAGES, schema_of

mpl.use("agg")
SWIMLANES = "draw_swimlanes, 500 devices × 12 bars"
TARGETS = {SWIMLANES: "≤ 2.0"}
TARGET = "≤ 6"
"""Of every other figure."""


def figure_of(drawn: object) -> Figure:
    """Return the figure of what was drawn; what is no Axes leaves it the current one."""
    return getattr(drawn, "figure", None) or plt.gcf()


def png(draw: Callable[[], object]) -> int:
    """Draw, write as a PNG and return its bytes."""
    file = io.BytesIO()
    figure_of(draw()).savefig(file, format="png", dpi=100)
    plt.close("all")
    return len(file.getvalue())


def size_of(draw: Callable[[], object]) -> tuple[float, float]:
    """Return the width and height a figure gives itself, in inches."""
    width, height = figure_of(draw()).get_size_inches()
    plt.close("all")
    return float(width), float(height)


def empty(size: tuple[float, float]) -> object:
    return plt.subplots(figsize=size)[1]


def stage_runs(devices: int, bars: int) -> pl.DataFrame:
    """Return that many stage runs of each device, one after another."""
    schema = schema_of("stage_runs")
    number = pl.int_range(devices * bars, eager=True)
    at = pl.datetime(2026, 3, 2, 8, time_zone="UTC")
    bar = pl.col("number") % bars
    return pl.DataFrame({"number": number}).select(
        device=pl.format("SN-{}", (pl.col("number") // bars).cast(pl.String).str.zfill(4)),
        attempt=bar // len(STAGES) + 1,
        stage=(bar % len(STAGES)).replace_strict(dict(enumerate(STAGES)), return_dtype=schema["stage"]),
        started_at=at + pl.duration(minutes=bar * 5),
        ended_at=at + pl.duration(minutes=bar * 5 + 4),
        waited=pl.duration(seconds=240 + pl.col("number") % 60),
        outcome=pl.lit("succeeded", dtype=schema["outcome"]),
    )


def items(count: int) -> pl.DataFrame:
    """Return that many tries at apps, half of them within a few minutes of each other."""
    schema = schema_of("installs")
    number = pl.col("number")
    at = pl.datetime(2026, 3, 2, 8, time_zone="UTC") + pl.duration(seconds=number * 7)
    filled = {
        "device": pl.lit("SN-0001"), "attempt": pl.lit(1), "item": pl.format("app {}", number),
        "name": pl.format("Example {}", number), "kind": pl.lit("win32"), "try_number": pl.lit(1),
        "downloaded_bytes": (number + 1) * 1_000_000, "download_started_at": at,
        "download_ended_at": at + timedelta(seconds=30), "started_at": at + timedelta(seconds=30),
        "ended_at": at + timedelta(seconds=90), "waited": pl.lit(timedelta(seconds=60)),
        "outcome": pl.lit("succeeded"), "member": pl.lit("log"), "record": number,
        "clock": pl.lit("declared"),
    }  # fmt: skip
    columns = [filled.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in schema.items()]
    return pl.DataFrame({"number": pl.int_range(count, eager=True)}).select(columns)


def coverage(devices: int) -> pl.DataFrame:
    """Return what 20 sources showed of that many devices."""
    number = pl.int_range(devices * 20, eager=True)
    schema = schema_of("coverage")
    made = pl.DataFrame({"number": number}).select(
        device=pl.format("SN-{}", pl.col("number") // 20),
        source=pl.format("source_{}", pl.col("number") % 20),
        presence=pl.lit("present"), members=pl.lit(1), records=pl.col("number"),
    )  # fmt: skip
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in made.columns
    ]
    return made.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in schema.items())


def candidates(count: int) -> dict[str, Callable[[], object]]:
    """Return each figure under its name and size, the frame it draws made beforehand."""
    made = simulate_fleet(count, incident="profile_edit", seed=24)[0]
    by = ["profile", "model"]
    daily = fleet.measure_daily(made)
    durations = fleet.measure_durations(made, by=by)
    curves = fleet.measure_survival(made, by="model")
    journeys = fleet.measure_journeys(made)
    return {
        SWIMLANES: partial(figures.draw_swimlanes, stage_runs(500, 12), most=500),
        "draw_time_attribution": partial(
            figures.draw_time_attribution, fleet.measure_time_attribution(made, by=by)
        ),
        f"draw_calendar, {daily.height} days": partial(figures.draw_calendar, daily),
        f"draw_control_chart, {daily.height} days": partial(
            figures.draw_control_chart, daily, fleet.measure_changes(made)
        ),
        "draw_contrasts": partial(figures.draw_contrasts, fleet.measure_contrasts(made)),
        "draw_coverage, 40 devices × 20 sources": partial(figures.draw_coverage, coverage(40)),
        "draw_downloads, 300 items": partial(figures.draw_downloads, items(300)),
        "draw_installs, 300 items": partial(figures.draw_installs, items(300)),
        f"draw_durations, {durations.height} rows": partial(figures.draw_durations, durations),
        "draw_heat_map": partial(figures.draw_heat_map, fleet.measure_failure_rates(made)),
        f"draw_journeys, {journeys.height:,} journeys": partial(figures.draw_journeys, journeys),
        "draw_pareto": partial(figures.draw_pareto, fleet.measure_failures(made)),
        f"draw_survival, {curves.height:,} points": partial(figures.draw_survival, curves),
        f"draw_timings, {count:,} deployments": partial(figures.draw_timings, made),
        "draw_together": partial(figures.draw_together, fleet.measure_combinations(made)),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--deployments", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    drawn = candidates(asked.deployments)
    sizes = {name: size_of(draw) for name, draw in drawn.items()}
    timed = {size: partial(png, partial(empty, size)) for size in sizes.values()}
    taken = medians(
        {**{str(size): run for size, run in timed.items()}, **{n: partial(png, d) for n, d in drawn.items()}},
        asked.rounds,
    )
    rows = []
    for name, (width, height) in sizes.items():
        base = taken[str((width, height))]
        ratio, bytes_ = f"{taken[name] / base:.2f}", f"{png(drawn[name]) / 1000:.0f}"
        shape = f"{width:.1f} × {height:.1f}"
        rows.append(
            (name, shape, f"{base:.3f}", f"{taken[name]:.3f}", ratio, TARGETS.get(name, TARGET), bytes_)
        )
    print(table(rows, "figure", "inches", "empty axes, CPU s", "CPU s", "ratio", "target", "kB of PNG"))
    print(f"\n{asked.deployments:,} deployments; peak of the whole process {own_peak()} MiB")


if __name__ == "__main__":
    main()
