"""Every figure writes in the sizes of this kit: no word is too large, none too small to be read."""

from __future__ import annotations

import matplotlib.text
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis import figures
from autopilot_analysis.figures.estimates import draw_estimates
from autopilot_analysis.figures.style import LARGE, say_nothing
from autopilot_analysis.fleet import (
    explain,
    load_story,
    measure_combinations,
    measure_daily,
    measure_durations,
    measure_failure_rates,
    measure_failures,
    measure_journeys,
    measure_rates,
    measure_survival,
    measure_time_attribution,
    study_incident,
)
from autopilot_analysis.fleet.postmortem.side_by_side import lay_side_by_side
from autopilot_analysis.report import find_data
from autopilot_analysis.timeline import build_timeline
from autopilot_analysis.trace import build_critical_path

LEAST = 5.0
"""Points; below it nobody reads on a printed page."""


@pytest.fixture(scope="module")
def drawn(fleet):
    """What draws each figure, by its name: from a fleet, or from the story of one device."""
    story = load_story(find_data() / "esp-app-timeout.zip")
    seen = load_story(find_data() / "oobe-error-page.cab")
    laid = lay_side_by_side(find_data() / "esp-app-timeout.zip", find_data() / "user-driven-success.cab")
    daily, explained = measure_daily(fleet), explain(fleet)
    incident = study_incident(find_data() / "fleet")
    return {
        "draw_calendar": lambda ax: figures.draw_calendar(daily, ax),
        "draw_contrasts": lambda ax: figures.draw_contrasts(explained.contrasts, ax),
        "draw_control_chart": lambda ax: figures.draw_control_chart(daily, explained.changes, ax),
        "draw_coverage": lambda ax: figures.draw_coverage(story.tables.coverage, ax),
        "draw_critical_path": lambda ax: figures.draw_critical_path(build_critical_path(story.trace), ax),
        "draw_downloads": lambda ax: figures.draw_downloads(story.trace.installs, ax),
        "draw_durations": lambda ax: figures.draw_durations(measure_durations(fleet, by="model"), ax),
        "draw_estimates": lambda ax: draw_estimates(
            measure_rates(fleet, by="model").rename({"model": "label", "share": "value"}), ax, name="share"
        ),
        "draw_heat_map": lambda ax: figures.draw_heat_map(measure_failure_rates(fleet, by="model"), ax),
        "draw_incident": lambda ax: figures.draw_incident(incident, ax),
        "draw_installs": lambda ax: figures.draw_installs(story.trace.installs, ax),
        "draw_journeys": lambda ax: figures.draw_journeys(measure_journeys(fleet), ax),
        "draw_pareto": lambda ax: figures.draw_pareto(measure_failures(fleet), ax),
        "draw_scatter": lambda ax: figures.draw_scatter(fleet, ax),
        "draw_screens": lambda ax: figures.draw_screens(seen.trace.screens, ax),
        "draw_side_by_side": lambda ax: figures.draw_side_by_side(laid.stages, ax, names=("one", "other")),
        "draw_survival": lambda ax: figures.draw_survival(measure_survival(fleet, by="model"), ax),
        "draw_swimlanes": lambda ax: figures.draw_swimlanes(fleet, ax, most=10),
        "draw_time_attribution": lambda ax: figures.draw_time_attribution(
            measure_time_attribution(fleet, by="model"), ax
        ),
        "draw_timeline": lambda ax: figures.draw_timeline(build_timeline(*story), ax),
        "draw_timings": lambda ax: figures.draw_timings(fleet, ax),
        "draw_together": lambda ax: figures.draw_together(measure_combinations(fleet), ax),
        "draw_trace": lambda ax: figures.draw_trace(story.trace, story.findings, ax),
        "say_nothing": lambda ax: say_nothing(ax, "nothing failed in what was seen"),
    }


def sizes_of(figure):
    """Return each text a figure shows with its size, in points."""
    figure.canvas.draw()
    shown = figure.findobj(lambda one: isinstance(one, matplotlib.text.Text) and one.get_visible())
    return {one.get_text(): one.get_fontsize() for one in shown if one.get_text().strip()}


def test_every_public_figure_is_looked_at(drawn):
    assert set(figures.__all__) <= set(drawn)


@pytest.mark.parametrize("own", [True, False], ids=["own axes", "given axes"])
@pytest.mark.parametrize("name", [*figures.__all__, "draw_estimates", "say_nothing"])
def test_no_word_of_a_figure_is_larger_than_the_kits_largest_or_too_small_to_read(drawn, name, own):
    ax = drawn[name](None if own else plt.subplots(figsize=(9, 5), layout="constrained")[1])
    sizes = sizes_of(ax.figure)
    plt.close(ax.figure)
    assert sizes
    assert {text: size for text, size in sizes.items() if not LEAST <= size <= LARGE} == {}
