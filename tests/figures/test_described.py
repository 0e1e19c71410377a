"""What a figure shows is noted in words from its data: how many, and the largest."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis import wording
from autopilot_analysis.figures import (
    draw_calendar,
    draw_contrasts,
    draw_control_chart,
    draw_coverage,
    draw_critical_path,
    draw_durations,
    draw_heat_map,
    draw_installs,
    draw_journeys,
    draw_pareto,
    draw_scatter,
    draw_survival,
    draw_swimlanes,
    draw_time_attribution,
    draw_timeline,
    draw_timings,
    draw_together,
    draw_trace,
)
from autopilot_analysis.figures.style import describe, new_axes, say_nothing
from autopilot_analysis.fleet import (
    explain,
    load_story,
    measure_combinations,
    measure_daily,
    measure_durations,
    measure_failure_rates,
    measure_failures,
    measure_journeys,
    measure_survival,
    measure_time_attribution,
)
from autopilot_analysis.samples import write_sample
from autopilot_analysis.timeline import build_timeline
from autopilot_analysis.trace import build_critical_path


def words(ax):
    text = ax.figure.get_label()
    plt.close(ax.figure)
    return text


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "a.zip"
    write_sample(path, "esp_app_timeout")
    return load_story(path)


def test_failures_say_how_many_there_are_and_which_is_most_frequent(fleet):
    failures = measure_failures(fleet)
    first = failures.row(0, named=True)
    often = wording.share(first["k"], first["n"], first["low"], first["high"])
    said = words(draw_pareto(failures))
    assert said.startswith(f"{first['n']} failures; the most frequent: MDM enrolment, {first['code']}")
    assert said.endswith(f"{often}.")


def test_durations_name_the_slowest_and_the_quickest_group(fleet):
    measured = measure_durations(fleet, by="model")
    total = measured.filter(pl.col("stage") == "total", pl.col("finished") > 0).sort("p50", descending=True)
    slow, quick = total.row(0, named=True), total.row(-1, named=True)
    assert words(draw_durations(measured)) == (
        f"Total in {total.height} groups, {total['finished'].sum()} durations; "
        f"slowest: {slow['model']}, median {wording.span(slow['p50'])}; "
        f"quickest: {quick['model']}, median {wording.span(quick['p50'])}."
    )
    stages = measure_durations(fleet)
    one = stages.filter(stage="device_setup").row(0, named=True)
    assert f"Device setup: n {one['finished']}, median {wording.span(one['p50'])}" in words(
        draw_timings(fleet)
    )


def test_parts_of_a_whole_name_the_largest_part(fleet):
    said = words(draw_time_attribution(measure_time_attribution(fleet, by="profile")))
    assert "3 groups; the longest: " in said
    assert ", most of it device setup, " in said
    lanes = words(draw_swimlanes(fleet, most=7))
    longest = fleet["total"].max()
    assert lanes.startswith(f"{fleet.height} attempts; the longest, ")
    assert "; 7 of them drawn, and " in lanes
    assert isinstance(longest, timedelta)
    assert f": {longest.total_seconds() / 60:.0f} min, " in lanes


def test_curves_cells_sets_and_journeys_are_counted(fleet):
    assert words(draw_survival(measure_survival(fleet, by="profile"))).startswith("3 curves. User driven: n ")
    rates = measure_failure_rates(fleet, by="model")
    worst = rates.sort("share", "k", descending=True).row(0, named=True)
    said = words(draw_heat_map(rates))
    assert f"in {worst['model']}, {wording.share(worst['k'], worst['n'])} attempts." in said
    sets = measure_combinations(fleet)
    assert f"{sets['n'][0]} devices failed, " in words(draw_together(sets))
    journeys = measure_journeys(fleet)
    arrived = journeys["completed"].sum()
    assert words(draw_journeys(journeys)).startswith(
        f"{journeys.height} journeys: {arrived} arrived, most of them after 1 attempt; "
    )


def test_days_say_the_highest_and_what_lies_beyond_chance(fleet):
    daily = measure_daily(fleet)
    top = daily.sort("value", "n", descending=True, nulls_last=True).row(0, named=True)
    beyond = f"{daily['outside'].sum()} beyond what chance allows"
    for said in (words(draw_calendar(daily)), words(draw_control_chart(daily))):
        assert f"{top['at']:%Y-%m-%d}: {wording.share(top['k'], top['n'])}" in said
        assert beyond in said
    explained = explain(fleet)
    said = words(draw_control_chart(daily, explained.changes))
    assert f"the level moved on {explained.changes['at'][0]:%Y-%m-%d}" in said
    row = explained.contrasts.row(0, named=True)
    often = wording.share(row["k"], row["n"], row["low"], row["high"])
    assert f"{often}, against {100 * row['rest_share']:.0f} % elsewhere" in words(
        draw_contrasts(explained.contrasts)
    )
    known = fleet.select("started_at", "total").drop_nulls()
    assert f"Total of {known.height} attempts: median " in words(draw_scatter(fleet))


def test_one_device_says_what_failed_what_took_longest_and_what_was_not_installed(story):
    assert words(draw_trace(story.trace, story.findings)) == (
        "1 attempt: 1 failed; the longest stage: device setup, 1 h; "
        "attempt 1 failed in device setup with 0x800705B4."
    )
    assert words(draw_installs(story.trace.installs)).endswith("not installed: Example Endpoint Sensor.")
    held = words(draw_critical_path(build_critical_path(story.trace)))
    assert "longest: Example Endpoint Sensor, " in held
    coverage = story.tables.coverage
    assert f"{coverage['source'].n_unique()} sources of 1 device: " in words(draw_coverage(coverage))
    timeline = build_timeline(*story)
    dated = timeline.filter(pl.col("at").is_not_null())
    assert words(draw_timeline(timeline)).startswith(f"{dated.height:,} records and spans on ")


def test_an_empty_figure_says_why_and_two_drawings_are_told_one_after_the_other():
    assert words(say_nothing(None, "nothing failed")) == "nothing failed"
    assert words(describe(describe(new_axes(), "One."), "Two.")) == "One. Two."
