from __future__ import annotations

import pytest
from matplotlib import pyplot as plt

from autopilot_analysis import build_trace, draw_trace, open_export, read_tables
from autopilot_analysis.figures.style import FAILURE, STAGE_COLOURS
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import STAGES, Trace


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    kept = {}

    def build(scenario):
        if scenario not in kept:
            out = tmp_path_factory.mktemp(scenario) / "device.cab"
            write_sample(out, scenario)
            kept[scenario] = build_trace(read_tables(open_export(out)))
        return kept[scenario]

    return build


def words(ax):
    return [t.get_text() for t in ax.texts]


def test_each_stage_run_is_a_bar_of_its_length_in_minutes(trace):
    told = trace("user_driven_success")
    ax = draw_trace(told)
    lengths = sorted(round(p.get_width(), 3) for p in ax.patches)
    expected = sorted(round(w.total_seconds() / 60, 3) for w in told.stage_runs["waited"])
    assert len(lengths) == len(expected)
    assert [b for a, b in zip(lengths, expected, strict=True) if b > 0.2 and abs(a - b) > 1e-3] == []


def test_a_failed_run_is_hatched_outlined_and_named(trace):
    ax = draw_trace(trace("mdm_enrollment_refused"))
    failed = [p for p in ax.patches if p.get_hatch()]
    assert len(failed) == 4
    assert sum("failed 0x80180014" in w for w in words(ax)) == 4


def test_each_attempt_has_a_heading_with_its_start_in_utc(trace):
    headings = [w for w in words(draw_trace(trace("mdm_enrollment_refused"))) if w.startswith("Attempt")]
    assert [h[:9] for h in headings] == ["Attempt 1", "Attempt 2", "Attempt 3", "Attempt 4"]
    assert all("UTC" in h for h in headings)


def test_a_clock_step_is_marked_with_its_size(trace):
    assert any(w.startswith("clock ") for w in words(draw_trace(trace("clock_step"))))


def test_nothing_says_so():
    assert words(draw_trace(Trace.of({}))) == [
        "no attempt at enrolment was seen, so there is no stage to draw"
    ]


def test_bars_without_an_end_have_no_length_and_are_not_drawn(trace):
    told = trace("user_driven_success")
    endless = Trace.of(
        {
            "attempts": told.attempts.with_columns(ended_at=None),
            "stage_runs": told.stage_runs.with_columns(ended_at=None),
        }
    )
    assert words(draw_trace(endless)) == ["no stage was seen to end, so no bar has a length"]


def test_it_draws_where_it_is_told_and_returns_it(trace):
    _, ax = plt.subplots()
    assert draw_trace(trace("user_driven_success"), ax=ax) is ax


def test_every_stage_has_a_colour_and_no_two_share_one():
    assert list(STAGE_COLOURS) == STAGES
    assert len({*STAGE_COLOURS.values(), FAILURE}) == len(STAGES) + 1
