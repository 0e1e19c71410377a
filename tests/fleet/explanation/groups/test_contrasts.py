import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import fisher_exact

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet import explain, measure_contrasts
from autopilot_analysis.fleet.explanation.groups.contrasts import ATTRIBUTES


def fleet(n=6000, seed=1, base=0.05):
    rng = np.random.default_rng(seed)
    model = rng.choice(["Slate 13", "Note 7", "Kite X1"], n)
    maker = {"Slate 13": "Fenwick", "Note 7": "Orchard Works", "Kite X1": "Kestrel"}
    return rng, {
        "device": [f"SN-{i:05}" for i in range(n)],
        "model": model,
        "manufacturer": [maker[name] for name in model],
        "build": rng.choice(["22631.1", "26100.1", "26100.2"], n),
        "profile": rng.choice(["P1", "P2"], n, p=[0.7, 0.3]),
        "failed": rng.random(n) < base,
    }


def frame_of(columns):
    outcome = np.where(columns["failed"], "failed", "succeeded")
    return pl.DataFrame({**columns, "outcome": outcome}).drop("failed")


def test_a_planted_pair_is_the_first_explanation_and_the_only_one():
    rng, columns = fleet()
    planted = (columns["model"] == "Note 7") & (columns["build"] == "26100.1")
    columns["failed"] |= planted & (rng.random(planted.size) < 0.3)
    found = measure_contrasts(frame_of(columns))
    assert [json.loads(where) for where in found["where"]] == [{"model": "Note 7", "build": "26100.1"}]
    row = found.row(0, named=True)
    assert row["n"] == planted.sum()
    assert row["k"] == columns["failed"][planted].sum()
    assert row["n"] + row["rest_n"] == 6000
    assert row["low"] < row["share"] < row["high"]
    assert row["lift_low"] < row["lift"] < row["lift_high"]


def test_a_planted_single_value_is_preferred_to_its_pairs_and_the_twin_is_named():
    rng, columns = fleet()
    columns["failed"] |= (columns["model"] == "Kite X1") & (rng.random(6000) < 0.2)
    row = measure_contrasts(frame_of(columns)).row(0, named=True)
    assert json.loads(row["where"]) in ({"model": "Kite X1"}, {"manufacturer": "Kestrel"})
    assert row["conditions"] == 1
    assert "Kestrel" in row["note"] or "Kite X1" in row["note"]


def test_nothing_planted_nothing_found():
    found = [measure_contrasts(frame_of(fleet(3000, seed)[1])).height for seed in range(200, 230)]
    assert sum(height > 0 for height in found) <= 1


def test_p_is_fishers_exact_upper_tail():
    columns = {
        "model": ["A"] * 40 + ["B"] * 160,
        "failed": np.array([True] * 20 + [False] * 20 + [True] * 10 + [False] * 150),
    }
    row = measure_contrasts(frame_of(columns), attributes=["model"]).row(0, named=True)
    table = [[row["k"], row["n"] - row["k"]], [row["rest_k"], row["rest_n"] - row["rest_k"]]]
    assert table == [[20, 20], [10, 150]]
    assert row["p"] == pytest.approx(fisher_exact(table, alternative="greater").pvalue, rel=1e-9)


def test_a_triple_is_found_at_depth_three():
    rng, columns = fleet(12_000)
    planted = (columns["model"] == "Note 7") & (columns["build"] == "26100.1") & (columns["profile"] == "P2")
    columns["failed"] |= planted & (rng.random(planted.size) < 0.5)
    where = json.loads(measure_contrasts(frame_of(columns), depth=3)["where"][0])
    assert where in (
        {"model": "Note 7", "build": "26100.1", "profile": "P2"},
        {"manufacturer": "Orchard Works", "build": "26100.1", "profile": "P2"},
    )


def test_repeated_attempts_of_one_device_are_no_independent_proof():
    rng, columns = fleet(3000, seed=9)
    columns["failed"][:] = rng.random(3000) < 0.05
    repeated = {name: np.repeat(np.asarray(values), 12) for name, values in columns.items()}
    assert measure_contrasts(frame_of(repeated)).height == 0


def test_a_further_text_column_is_an_attribute_too():
    rng, columns = fleet()
    columns["site"] = rng.choice(["NORTH", "HARBOUR"], 6000, p=[0.9, 0.1])
    columns["failed"] |= (columns["site"] == "HARBOUR") & (rng.random(6000) < 0.3)
    assert json.loads(measure_contrasts(frame_of(columns))["where"][0]) == {"site": "HARBOUR"}


def counted_and_expanded():
    rng, columns = fleet(9000)
    planted = (columns["model"] == "Note 7") & (columns["build"] == "26100.1")
    columns["failed"] |= planted & (rng.random(planted.size) < 0.3)
    columns["failed"] |= (columns["profile"] == "P2") & (rng.random(9000) < 0.15)
    expanded = frame_of(columns).drop("device")
    names = ["model", "manufacturer", "build", "profile"]
    counted = expanded.group_by(names, maintain_order=True).agg(
        n=pl.len(), k=(pl.col("outcome") == "failed").sum()
    )
    return counted, expanded


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_counted_attempts_give_what_each_attempt_in_a_row_gives(depth):
    counted, expanded = counted_and_expanded()
    found = measure_contrasts(counted, depth=depth)
    assert counted.height < 40
    assert found.height >= 2
    assert_frame_equal(found, measure_contrasts(expanded, depth=depth), rel_tol=1e-12, abs_tol=0)


@pytest.mark.parametrize(("n", "k"), [(3, 4), (3, -1), (None, 0), (3, None)])
def test_counts_that_are_none_are_refused(n, k):
    counted, _ = counted_and_expanded()
    wrong = counted.with_columns(n=pl.lit(n, dtype=pl.Int64), k=pl.lit(k, dtype=pl.Int64))
    with pytest.raises(BadInput, match="must be counts"):
        measure_contrasts(wrong)


@pytest.mark.parametrize("name", ["device", "value", "class", "day", "hit", "weight"])
def test_an_attribute_may_have_any_name(name):
    rng, columns = fleet(3000)
    printer = np.where(rng.random(3000) < 0.2, "printer", "scanner")
    columns["failed"] |= (printer == "printer") & (rng.random(3000) < 0.4)
    frame = frame_of(columns).drop("device").with_columns(pl.Series(name, printer))
    kept = frame.with_columns(started_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    found = measure_contrasts(kept, attributes=["model", name])
    assert json.loads(found["where"][0]) == {name: "printer"}


def test_a_target_nobody_knows_is_refused():
    with pytest.raises(UnknownName, match="did you mean slow"):
        measure_contrasts(frame_of(fleet(100)[1]), target="slo")


def test_a_maker_is_told_apart_from_its_model_when_other_models_of_it_do_well():
    rng, columns = fleet()
    columns["manufacturer"] = np.where(columns["model"] == "Slate 13", "Fenwick", "Kestrel")
    columns["profile"] = np.where(columns["model"] == "Note 7", "P1", "P2")
    rare = rng.random(6000) < 0.6
    columns["model"] = np.where((columns["model"] == "Slate 13") & rare, "Slate 15", columns["model"])
    columns["failed"] |= (columns["model"] == "Slate 15") & (rng.random(6000) < 0.3)
    row = measure_contrasts(frame_of(columns)).row(0, named=True)
    assert json.loads(row["where"]) == {"model": "Slate 15"}
    assert row["note"] is None


def test_what_came_into_use_after_a_day_that_changed_everything_is_not_blamed_for_it():
    rng = np.random.default_rng(5)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    day = np.sort(rng.integers(0, 60, 4000))
    build = np.where(day < 30, "22631.1", np.where(rng.random(4000) < 0.5, "26100.1", "26200.2"))
    profile = rng.choice(["P1", "P2"], 4000)
    failed = rng.random(4000) < np.where(day < 30, 0.05, np.where(profile == "P2", 0.5, 0.25))
    frame = frame_of({"build": build, "profile": profile, "failed": failed}).with_columns(
        pl.Series("started_at", [start + timedelta(days=int(number)) for number in day])
    )
    assert explain(frame).contrasts["where"].to_list() == ['{"profile": "P2"}']


def test_groups_are_named_by_what_was_deployed_and_by_nobody():
    assert ATTRIBUTES == (
        "model", "manufacturer", "build", "firmware", "tpm_version", "group_tag", "device_category",
        "profile", "esp_profile", "enrollment_type",
    )  # fmt: skip
