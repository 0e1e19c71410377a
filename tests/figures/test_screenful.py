"""Every figure at its largest is seen whole on a screen, and says in words what has no row."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis import figures
from autopilot_analysis.figures.rows import ROWS
from autopilot_analysis.figures.style import SCREEN, TALLEST
from autopilot_analysis.fleet import (
    load_story,
    measure_contrasts,
    measure_durations,
    measure_failure_rates,
    measure_failures,
    measure_time_attribution,
)
from autopilot_analysis.report import find_data
from autopilot_analysis.timeline import build_timeline
from autopilot_analysis.trace import build_critical_path

MANY = 70


def repeated(frame, column, names):
    """Return the frame once for each name, which stands in a column."""
    kind = frame.schema[column]
    return pl.concat(frame.with_columns(pl.lit(name).cast(kind).alias(column)) for name in names)


@pytest.fixture(scope="module")
def large(fleet, installs):
    """What draws each figure of many things: its Axes, of as many rows as asked for."""
    story = load_story(find_data() / "esp-app-timeout.zip")
    seen = load_story(find_data() / "oobe-error-page.cab")
    numbers, names = range(1, MANY + 1), [f"Sample {number}" for number in range(MANY)]
    attempts, runs = (
        repeated(frame, "attempt", numbers) for frame in (story.trace.attempts, story.trace.stage_runs)
    )
    trace = replace(story.trace, attempts=attempts, stage_runs=runs)
    screens = repeated(seen.trace.screens, "sitting", numbers)
    path = repeated(build_critical_path(story.trace), "item", names)
    coverage = repeated(story.tables.coverage, "device", names)
    many = fleet.with_columns(model=pl.format("Sample {}", pl.int_range(pl.len()) % MANY))
    lanes = pl.concat([build_timeline(*story).filter(pl.col("ended_at").is_not_null()).head(1)] * MANY)
    track = pl.Series("track", names)
    lane = (track.str.slice(7).cast(pl.Int64) % 7).replace_strict(
        dict(enumerate(["network", "screens", "join", "apps", "scripts", "policies", "certificates"])),
        return_dtype=lanes.schema["lane"],
    )
    timeline = lanes.with_columns(track, lane.alias("lane"))
    contrasts = pl.concat([measure_contrasts(fleet)] * MANY)
    rates = measure_failure_rates(many, by="model")
    return {
        "contrasts": lambda **most: figures.draw_contrasts(contrasts, **most),
        "coverage": lambda **most: figures.draw_coverage(coverage, **most),
        "critical path": lambda **most: figures.draw_critical_path(path, **most),
        "downloads": lambda **most: figures.draw_downloads(installs(MANY), **most),
        "durations": lambda **most: figures.draw_durations(measure_durations(many, by="model"), **most),
        "heat map": lambda: figures.draw_heat_map(rates),
        "installs": lambda **most: figures.draw_installs(installs(MANY), **most),
        "pareto": lambda **most: figures.draw_pareto(measure_failures(many, by="model"), **most),
        "screens": lambda **most: figures.draw_screens(screens, **most),
        "swimlanes": lambda **most: figures.draw_swimlanes(fleet, **most),
        "time attribution": lambda **most: figures.draw_time_attribution(
            measure_time_attribution(many, by="model"), **most
        ),
        "timeline": lambda: figures.draw_timeline(timeline),
        "trace": lambda **most: figures.draw_trace(trace, **most),
    }


NAMES = [
    "contrasts",
    "coverage",
    "critical path",
    "downloads",
    "durations",
    "heat map",
    "installs",
    "pareto",
    "screens",
    "swimlanes",
    "time attribution",
    "timeline",
    "trace",
]
FOLDED = ["timeline"]
"""Leaves nothing out: its lanes share rows."""


def boxes(ax):
    """Return where the labels of the rows and the words of the last row stand."""
    words = [text for text in ax.texts if text.get_text().startswith("and ")]
    labels = [label for label in ax.get_yticklabels() if label.get_text()]
    return sorted((text.get_window_extent() for text in [*labels, *words]), key=lambda box: box.y0)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_of_many_things_is_seen_whole_and_counts_those_without_a_row(large, name):
    ax = large[name]()
    shown = [*(text.get_text() for text in ax.texts), ax.get_xlabel()]
    assert ax.figure.get_size_inches()[1] <= SCREEN + 1e-9
    if name not in FOLDED:
        assert sum("and " in text and " more " in text for text in shown) == 1
        assert "of them drawn, and " in ax.figure.get_label() or name == "coverage"
        assert " more " in ax.figure.get_label()
    ax.figure.canvas.draw()
    around = ax.figure.bbox.padded(1)
    found = boxes(ax)
    written = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert all(around.x0 <= box.x0 and box.x1 <= around.x1 for box in [*found, *written])
    assert all(around.y0 <= box.y0 and box.y1 <= around.y1 for box in [*found, *written])
    assert all(above.y0 >= below.y1 - 1.5 for below, above in pairwise(found))
    plt.close(ax.figure)


@pytest.mark.parametrize("name", ["installs", "downloads", "durations", "critical path", "pareto", "trace"])
def test_who_asks_for_all_rows_has_them_all(large, name):
    ax = large[name](most=None)
    assert SCREEN < ax.figure.get_size_inches()[1] <= TALLEST
    assert len(ax.get_yticks()) > ROWS
    assert not any(" more " in text.get_text() for text in ax.texts)
    plt.close(ax.figure)


def test_lanes_of_many_attempts_stay_as_far_apart_as_other_rows(large):
    ax = large["trace"]()
    low, high = ax.get_ylim()
    assert (ax.figure.get_size_inches()[1] - 1.0) / (low - high) > 0.2
    plt.close(ax.figure)
