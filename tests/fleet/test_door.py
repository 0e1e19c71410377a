import pandas as pd
import polars as pl
import pytest

from autopilot_analysis import fleet
from autopilot_analysis.samples.fleet import simulate_fleet

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
