"""A picture of one thing would say more than is known: below two it says in words why it is not drawn."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis import figures
from autopilot_analysis import fleet as rates
from autopilot_analysis.figures.estimates import draw_estimates
from autopilot_analysis.figures.style import FEWEST
from autopilot_analysis.wording import NOT_DRAWN

DRAWN = {
    "calendar": lambda frame: figures.draw_calendar(rates.measure_daily(frame)),
    "control chart": lambda frame: figures.draw_control_chart(rates.measure_daily(frame)),
    "durations": lambda frame: figures.draw_durations(rates.measure_durations(frame)),
    "heat map": lambda frame: figures.draw_heat_map(rates.measure_failure_rates(frame, by="model")),
    "journeys": lambda frame: figures.draw_journeys(rates.measure_journeys(frame)),
    "pareto": lambda frame: figures.draw_pareto(rates.measure_failures(frame)),
    "survival": lambda frame: figures.draw_survival(rates.measure_survival(frame)),
    "timings": figures.draw_timings,
    "together": lambda frame: figures.draw_together(rates.measure_combinations(frame)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_two_attempts_are_drawn_and_one_says_why_it_is_not(fleet, name):
    failed = fleet.filter(outcome="failed").unique(["device"], maintain_order=True).head(FEWEST)
    assert failed["started_at"].dt.date().n_unique() == FEWEST
    assert DRAWN[name](failed).get_gid() != NOT_DRAWN
    alone = DRAWN[name](failed.head(1))
    assert alone.get_gid() == NOT_DRAWN
    assert " one " in f" {alone.texts[0].get_text()} "


def test_one_estimate_without_an_interval_is_not_drawn():
    one = pl.DataFrame({"label": ["all"], "value": [timedelta(minutes=7)], "low": [None], "high": [None]})
    one = one.cast({"low": pl.Duration, "high": pl.Duration})
    assert draw_estimates(one).get_gid() == NOT_DRAWN
    assert draw_estimates(one.with_columns(low=timedelta(minutes=5))).get_gid() != NOT_DRAWN
    assert draw_estimates(pl.concat([one] * FEWEST)).get_gid() != NOT_DRAWN
