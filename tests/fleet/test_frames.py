import numpy as np
import pandas as pd
import polars as pl
import pytest

from autopilot_analysis import figures, fleet
from autopilot_analysis.errors import AnalysisError, BadInput, UnknownName
from autopilot_analysis.fleet import frames as door
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

MEASURES = {
    "measure_durations": {"by": "model"},
    "measure_survival": {"by": "profile"},
    "measure_incidence": {},
    "compare_survival": {"by": "profile"},
    "measure_rates": {"by": ["model", "build"]},
    "measure_failures": {},
    "measure_together": {},
    "measure_contrasts": {},
    "measure_changes": {},
    "measure_journeys": {},
    "measure_time_attribution": {"by": "profile"},
    "measure_signatures": {},
}


@pytest.mark.parametrize("name", MEASURES)
def test_polars_lazy_and_pandas_say_the_same_each_in_kind(name):
    deployments, _ = simulate_fleet(400, incident="model_build_attestation", seed=5)
    measure, options = getattr(fleet, name), MEASURES[name]
    answer = measure(deployments, **options)
    assert isinstance(answer, pl.DataFrame)
    assert measure(deployments.lazy(), **options).equals(answer)
    in_kind = measure(deployments.to_pandas(), **options)
    assert isinstance(in_kind, pd.DataFrame)
    assert in_kind.shape == answer.shape
    assert list(in_kind.columns) == answer.columns


@pytest.mark.parametrize("name", MEASURES)
def test_an_empty_frame_is_answered_with_the_same_columns(name):
    deployments, _ = simulate_fleet(400, seed=5)
    measure, options = getattr(fleet, name), MEASURES[name]
    empty = measure(deployments.clear(), **options)
    assert empty.columns == measure(deployments, **options).columns
    assert empty.schema == measure(deployments, **options).schema


OF_DEPLOYMENTS = ("draw_scatter", "draw_swimlanes", "draw_timings")


@pytest.mark.parametrize("name", [name for name in figures.__all__ if name not in OF_DEPLOYMENTS])
@pytest.mark.parametrize("kind", [pl.DataFrame.lazy, pl.DataFrame.to_pandas, pl.DataFrame.clear])
def test_a_figure_of_another_answer_refuses_deployments_and_says_what_to_call_first(name, kind):
    deployments, _ = simulate_fleet(20, seed=5)
    with pytest.raises(UnknownName, match=r"no column is called '\w+'; this takes the answer of \w+"):
        getattr(figures, name)(kind(deployments))


@pytest.mark.parametrize("name", [*MEASURES, "measure_daily", "measure_combinations", "measure_items"])
def test_a_measure_refuses_what_is_no_table_of_its_kind(name):
    measure, options = getattr(fleet, name), MEASURES.get(name, {})
    other = pl.DataFrame({"x": [1], "model": ["Note 7"], "profile": ["P1"], "build": ["22631.1"]})
    with pytest.raises(UnknownName, match=r"this takes the answer of|no column is called .device."):
        measure(other, **options)
    for nothing in (None, "deployments", {"outcome": "failed"}):
        with pytest.raises(BadInput, match="this takes the answer of"):
            measure(nothing, **options)


def test_what_is_drawn_may_be_named_and_has_the_answer_that_is_asked_for_in_the_message():
    daily = fleet.measure_daily(simulate_fleet(100, seed=5)[0])
    assert figures.draw_calendar(daily=daily).get_xlabel()
    with pytest.raises(
        AnalysisError, match="'outside'; this takes the answer of measure_daily: call that first"
    ):
        figures.draw_calendar(daily=daily.drop("outside"))


def test_groups_are_those_of_polars_in_order_whatever_the_columns_hold():
    chance = np.random.default_rng(8)
    frame = pl.DataFrame(
        {
            "text": chance.choice(["b", "a", "c"], 300),
            "whole": chance.integers(0, 4, 300),
            "share": chance.choice([0.5, np.nan], 300),
            "flag": chance.random(300) < 0.5,
        }
    ).with_columns(
        pl.when(pl.Series(chance.random(300) < 0.1)).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("text", "whole", "share", "flag")
    )
    frame = frame.with_columns(kind=pl.col("text").cast(pl.Enum(["c", "b", "a", "unused"])))
    for by in (["text"], ["kind", "whole"], ["share"], ["flag", "text", "whole", "share"]):
        groups, numbers = door.group_numbers(frame, by)
        assert groups.select(by).equals(frame.select(by).unique().sort(by, nulls_last=True))
        assert groups.select(by)[numbers].equals(frame.select(by))


def test_very_many_possible_groups_are_numbered_the_same_way(monkeypatch):
    frame = pl.DataFrame({"one": list("abcab"), "other": list("xyzxz")})
    few = door.group_numbers(frame, ["one", "other"])
    monkeypatch.setattr(door, "MOST_CELLS", 0)
    many = door.group_numbers(frame, ["one", "other"])
    assert many[0].equals(few[0])
    assert many[1].tolist() == few[1].tolist() == [0, 1, 3, 0, 2]
