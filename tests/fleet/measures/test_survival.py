"""Textbook curves: the 6-MP leukaemia trial (Freireich et al. 1963), and a competing-risks table by hand."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import CensoredData, ecdf, logrank

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet import compare_survival, measure_incidence, measure_survival

TREATED = [
    (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0),
    (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
]  # fmt: skip
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def trial():
    rows = [("6-MP", timedelta(weeks=t), "succeeded" if e else "in_progress") for t, e in TREATED]
    rows += [("placebo", timedelta(weeks=t), "succeeded") for t in PLACEBO]
    return pl.DataFrame(rows, schema=["profile", "total", "outcome"], orient="row")


def test_kaplan_meier_equals_the_published_values_of_the_leukaemia_trial():
    curve = measure_survival(trial(), by="profile").filter(pl.col("profile") == "6-MP", pl.col("events") > 0)
    assert curve["survival"].round(3).to_list() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve["at"].dt.total_days().to_list() == [42, 49, 70, 91, 112, 154, 161]
    assert curve["at_risk"].to_list() == [21, 17, 15, 12, 11, 7, 6]


def test_bands_equal_the_log_log_bands_of_scipy():
    curve = measure_survival(trial().filter(pl.col("profile") == "6-MP"))
    data = CensoredData.right_censored([t for t, _ in TREATED], [not e for _, e in TREATED])
    reference = ecdf(data).sf
    bands = reference.confidence_interval(method="log-log")
    np.testing.assert_allclose(curve["survival"], reference.probabilities, rtol=1e-12)
    np.testing.assert_allclose(curve["low"], bands.low.probabilities, rtol=1e-9)
    np.testing.assert_allclose(curve["high"], bands.high.probabilities, rtol=1e-9)


def test_log_rank_equals_the_published_value_of_the_leukaemia_trial():
    compared = compare_survival(trial(), by="profile")
    assert compared["chi2"].round(2).to_list() == [16.79, 16.79]
    assert compared["expected"].round(2).to_list() == [19.25, 10.75]
    treated = CensoredData.right_censored([t for t, _ in TREATED], [not e for _, e in TREATED])
    assert compared["p"][0] == pytest.approx(logrank(treated, CensoredData(PLACEBO)).pvalue, rel=1e-9)


def many_attempts():
    rng = np.random.default_rng(11)
    return pl.DataFrame(
        {
            "profile": [f"P{n}" for n in rng.integers(0, 3, 900)],
            "outcome": pl.Series(rng.integers(0, 3, 900)).replace_strict(
                {0: "in_progress", 1: "succeeded", 2: "failed"}, return_dtype=pl.String
            ),
            "total": pl.Series(rng.integers(1, 80, 900) * 1_000_000).cast(pl.Duration("us")),
        }
    )


def plain_curve(attempts):
    """The product over all times, each looked up anew, and Greenwood's sum beside it."""
    rows, survival, spread = [], 1.0, 0.0
    for at in sorted(set(attempts["total"])):
        risk = attempts.filter(pl.col("total") >= at).height
        met = attempts.filter(pl.col("total") == at, pl.col("outcome") == "succeeded").height
        survival *= 1 - met / risk
        spread += met / (risk * (risk - met)) if met < risk else math.inf
        if survival == 1:
            bands = (1.0, 1.0)
        elif survival == 0:
            bands = (None, None)
        else:
            wider = math.exp(1.959963984540054 * math.sqrt(spread) / -math.log(survival))
            bands = (survival**wider, survival ** (1 / wider))
        rows.append((at, risk, met, survival, *bands))
    return rows


def test_curve_and_bands_of_each_group_equal_the_plain_product():
    attempts = many_attempts()
    curves = measure_survival(attempts, by="profile")
    for profile in ("P0", "P1", "P2"):
        own = curves.filter(pl.col("profile") == profile).drop("profile", "censored", "restricted_mean")
        plain = plain_curve(attempts.filter(pl.col("profile") == profile))
        assert_frame_equal(
            own, pl.DataFrame(plain, schema=own.schema, orient="row"), rel_tol=1e-9, abs_tol=1e-12
        )


def test_log_rank_of_any_two_groups_equals_that_of_scipy():
    attempts = many_attempts().filter(pl.col("profile") != "P1")
    compared = compare_survival(attempts, by="profile")
    sides = [
        CensoredData.right_censored(
            side["total"].dt.total_seconds().to_numpy(), (side["outcome"] != "succeeded").to_numpy()
        )
        for side in attempts.partition_by("profile")
    ]
    test = logrank(*sides)
    assert compared["chi2"].to_list() == pytest.approx([test.statistic**2] * 2, rel=1e-9)
    assert compared["p"].to_list() == pytest.approx([test.pvalue] * 2, rel=1e-9)
    assert compared["n"].sum() == attempts.height


def test_groups_without_a_difference_of_which_all_ended_at_once_have_no_chi2():
    frame = pl.DataFrame(
        {"profile": ["A", "A", "B"], "outcome": ["succeeded"] * 3, "total": [timedelta(minutes=5)] * 3}
    )
    compared = compare_survival(frame, by="profile")
    assert compared.select("n", "events", "expected", "chi2", "degrees", "p").rows() == [
        (2, 2, 2.0, 0.0, 1, 1.0),
        (1, 1, 1.0, 0.0, 1, 1.0),
    ]


def test_no_attempts_make_no_curve():
    assert measure_survival(trial().clear(), by="profile").height == 0
    assert measure_incidence(trial().clear(), by="profile").height == 0


def test_restricted_mean_is_the_area_under_the_curve():
    curve = measure_survival(trial(), by="profile", horizon=timedelta(weeks=10))
    placebo = curve.filter(pl.col("profile") == "placebo")["restricted_mean"][0]
    area = sum(min(t, 10) for t in PLACEBO) / len(PLACEBO)
    assert placebo / timedelta(weeks=1) == pytest.approx(area)


def test_the_restricted_mean_goes_on_at_the_last_level_up_to_the_horizon():
    outcomes, minutes = ["succeeded", "in_progress"], [10, 20]
    frame = pl.DataFrame({"outcome": outcomes, "total": [timedelta(minutes=m) for m in minutes]})
    curve = measure_survival(frame, horizon=timedelta(minutes=60))
    assert set(curve["restricted_mean"]) == {timedelta(minutes=10 + 50 * 0.5)}
    assert set(measure_survival(frame)["restricted_mean"]) == {timedelta(minutes=10 + 10 * 0.5)}


def test_competing_outcomes_equal_a_table_computed_by_hand():
    # 6 at risk: success, failure, censored, success, failure, success at 1..6 minutes. By hand:
    # success 1/6, then + 4/6 x 1/3 = 7/18, then + 2/9 = 11/18; failure 5/6 x 1/5 = 1/6,
    # then + 4/9 x 1/2 = 7/18.
    outcomes = ["succeeded", "failed", "in_progress", "succeeded", "failed", "succeeded"]
    totals = [timedelta(minutes=minute) for minute in range(1, 7)]
    curves = measure_incidence(pl.DataFrame({"outcome": outcomes, "total": totals}))
    success = curves.filter(pl.col("outcome") == "succeeded", pl.col("events") > 0)
    failure = curves.filter(pl.col("outcome") == "failed", pl.col("events") > 0)
    np.testing.assert_allclose(success["incidence"], [1 / 6, 7 / 18, 11 / 18])
    np.testing.assert_allclose(failure["incidence"], [1 / 6, 7 / 18])


# Patients after a transplant: disease (0 or 1), months, what ended them (1 relapse, 2 death, 0 neither):
# Scrucca, Santucci and Aversa, Bone Marrow Transplantation 40 (2007), 381-387, their example data.
TRANSPLANTS = """
0,13,2 0,1,1 0,72,0 0,7,2 0,8,2 1,67,0 0,9,2 0,5,2 1,70,0 1,4,0 1,7,0 1,68,0 0,1,2 1,10,2 1,7,2 1,3,1 1,4,1
1,4,1 1,3,1 1,3,1 0,22,2 1,8,1 1,2,2 0,0,2 0,0,1 0,35,0 1,35,0 0,4,2 0,14,2 0,26,2 0,3,2 1,2,0 1,8,0 1,32,0
0,12,1
"""

# What `CumIncidenceRight` of statsmodels 0.15.0, another implementation, makes of them: disease, cause, month
# incidence, standard error.
OF_STATSMODELS = [
    ("0", "failed", 1, 0.1176470588, 0.0781424899), ("0", "failed", 12, 0.1764705882, 0.0924594409),
    ("0", "abandoned", 5, 0.2941176471, 0.1105101690), ("0", "abandoned", 14, 0.5882352941, 0.1193646250),
    ("0", "abandoned", 26, 0.7058823529, 0.1105101690), ("1", "failed", 3, 0.1770833333, 0.0927114219),
    ("1", "failed", 4, 0.2951388889, 0.1107333319), ("1", "failed", 8, 0.3681857639, 0.1208514946),
    ("1", "abandoned", 2, 0.0555555556, 0.0539902953), ("1", "abandoned", 7, 0.1204861111, 0.0802625393),
    ("1", "abandoned", 10, 0.2057074653, 0.1079470788),
]  # fmt: skip


def transplants():
    rows = [each.split(",") for each in TRANSPLANTS.split()]
    causes = {"0": "in_progress", "1": "failed", "2": "abandoned"}
    return pl.DataFrame(
        {
            "profile": [disease for disease, _, _ in rows],
            "total": [timedelta(days=int(months)) for _, months, _ in rows],
            "outcome": [causes[cause] for _, _, cause in rows],
        }
    )


@pytest.mark.parametrize(("disease", "cause", "month", "incidence", "error"), OF_STATSMODELS)
def test_incidence_and_its_error_equal_another_implementation_on_published_data(
    disease, cause, month, incidence, error
):
    curves = measure_incidence(transplants(), by="profile")
    at = curves.filter(
        pl.col("profile") == disease, pl.col("outcome") == cause, pl.col("at") == timedelta(days=month)
    )
    share, low, high = at.select("incidence", "low", "high").row(0)
    assert share == pytest.approx(incidence, abs=1e-10)
    width = math.log(math.log(low) / math.log(share))  # log-log bands: share ** exp(+-1.96 error / ...)
    assert -share * math.log(share) * width / 1.959963984540054 == pytest.approx(error, abs=1e-9)
    assert share ** math.exp(-width) == pytest.approx(high, rel=1e-9)


def test_spans_longer_than_a_machine_word_can_number_keep_their_order():
    spans = [timedelta(days=days) for days in (1, 40_000_000, 90_000_000, 2)]
    frame = pl.DataFrame(
        {"outcome": ["succeeded"] * 4, "total": spans, "profile": [f"P{n % 2}" for n in range(4)]}
    )
    curve = measure_survival(
        pl.concat(
            [frame.with_columns(profile=pl.format("{}-{}", "profile", pl.lit(n))) for n in range(1250)]
        ),
        by="profile",
    )
    assert curve["profile"].n_unique() * (90_000_000 * 86_400_000) > 2**64
    first = curve.filter(pl.col("profile") == "P0-0")
    assert first["at"].to_list() == [timedelta(days=1), timedelta(days=90_000_000)]
    assert first["survival"].to_list() == [0.5, 0.0]


def test_incidences_and_survival_add_up_to_one():
    rng = np.random.default_rng(7)
    frame = pl.DataFrame(
        {
            "outcome": rng.choice(["succeeded", "failed", "abandoned", "in_progress"], 500),
            "total": [timedelta(seconds=int(s)) for s in rng.integers(1, 60, 500)],
        }
    )
    whole = measure_incidence(frame).group_by("at").agg(pl.col("incidence").sum()).sort("at")
    ended = frame.with_columns(pl.col("outcome").replace("abandoned", "failed"))
    left = measure_survival(ended, event="ended")["survival"]
    np.testing.assert_allclose(whole["incidence"] + left, 1.0, rtol=1e-9)


def test_unfinished_attempts_are_censored_at_the_time_they_were_last_seen():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "outcome": ["in_progress", "succeeded"],
            "total": [None, timedelta(minutes=30)],
            "started_at": [start, start],
            "observed_until": [start + timedelta(minutes=20), None],
        }
    )
    curve = measure_survival(frame)
    assert curve.select("at_risk", "events", "censored").rows() == [(2, 0, 1), (1, 1, 0)]


def test_an_event_nobody_knows_is_refused():
    with pytest.raises(BadInput, match="event is 'done'"):
        measure_survival(trial(), event="done")
