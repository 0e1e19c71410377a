"""Codes that belong to a group or a day, and that none does where all failures have the same mix."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.failures.own_codes import (
    MOST_OWN,
    OWN_CODES,
    own_codes,
    within_incident,
)

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
AT = START + timedelta(days=30)
BOUNDS = {"where": pl.String, "at": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC")}
NO_DAY = pl.DataFrame(schema=BOUNDS)


def group(where='{"model": "A"}', at=None, until=None):
    return pl.DataFrame({"where": [where], "at": [at], "until": [until]}, schema=BOUNDS)


def failures(*parts):
    """Failed attempts from parts of (model, day, code, stage, how many)."""
    rows = [
        {
            "model": model,
            "started_at": START + timedelta(days=day),
            "hit": 1.0,
            "failed_stage": stage,
            "code": code if code and code.startswith("0x") else None,
            "reason": None if code and code.startswith("0x") else code,
        }
        for model, day, code, stage, times in parts
        for _ in range(times)
    ]
    return pl.DataFrame(rows, schema_overrides={"reason": pl.String, "code": pl.String})


def test_the_code_that_only_the_group_has_belongs_to_it_and_the_common_one_does_not():
    units = failures(
        ("A", 1, "0x81039024", "mdm_enrollment", 9),
        ("A", 1, "0x80070774", "device_setup", 5),
        ("B", 1, "0x80070774", "device_setup", 12),
    )
    (found,) = own_codes(units, group(), NO_DAY).to_dicts()
    assert {name: found[name] for name in ("code", "failed_stage", "k", "n", "rest_k", "rest_n")} == {
        "code": "0x81039024",
        "failed_stage": "mdm_enrollment",
        "k": 9,
        "n": 14,
        "rest_k": 0,
        "rest_n": 12,
    }
    assert 0.3 < found["low"] < 9 / 14 < found["high"] < 0.9
    assert found["rest_low"] == 0 < found["rest_high"] < 0.3


@pytest.mark.parametrize(
    ("kinds", "scenario"),
    [
        (["azureADJoinedWithWhiteGlove"], "pre_provisioning"),
        (["azureADJoinedWithWhiteGlove", "windowsCoManagement"], None),
        ([], None),
    ],
)
def test_a_code_has_the_scenario_that_all_its_failures_share(kinds, scenario):
    units = failures(("A", 1, "0x80070490", "mdm_enrollment", 8), ("B", 1, "0x80070774", "device_setup", 9))
    if kinds:
        given = [kinds[place % len(kinds)] for place in range(units.height)]
        units = units.with_columns(enrollment_type=pl.Series(given))
    (own,) = own_codes(units, group(), NO_DAY).to_dicts()
    assert own["scenario"] == scenario


def test_a_code_counts_over_all_stages_and_a_reason_in_words_as_a_code():
    units = failures(
        ("A", 1, "0x800705B4", "device_setup", 3),
        ("A", 1, "0x800705B4", "account_setup", 5),
        ("B", 1, "DeviceCapReached", "mdm_enrollment", 9),
    )
    (own,) = own_codes(units, group(), NO_DAY).to_dicts()
    assert (own["k"], own["failed_stage"]) == (8, "account_setup")
    (own,) = own_codes(units, group('{"model": "B"}'), NO_DAY).to_dicts()
    assert (own["code"], own["reason"], own["k"], own["n"]) == (None, "DeviceCapReached", 9, 9)


@pytest.mark.parametrize(
    "others",
    [
        (("B", 1, "0x80070774", "device_setup", 20), ("B", 1, "0x800705B4", "device_setup", 20)),
        (),
    ],
)
def test_none_belongs_where_the_others_have_the_same_mix_or_there_are_none(others):
    mix = (("A", 1, "0x80070774", "device_setup", 8), ("A", 1, "0x800705B4", "device_setup", 7))
    assert own_codes(failures(*mix, *others), group(), NO_DAY).is_empty()


def test_one_code_of_all_failures_belongs_to_no_group():
    units = failures(("A", 1, "0x80180014", None, 20), ("B", 1, "0x80180014", None, 20))
    assert own_codes(units, group(), NO_DAY).is_empty()


def test_two_of_a_code_show_nothing():
    few = failures(("A", 1, "0x80070774", None, 2), ("B", 1, "0x800705B4", None, 400))
    assert own_codes(few, group(), NO_DAY).is_empty()
    more = failures(("A", 1, "0x80070774", None, 3), ("B", 1, "0x800705B4", None, 400))
    assert own_codes(more, group(), NO_DAY)["k"].to_list() == [3]


def test_what_differs_as_chance_may_show_belongs_to_nothing_and_every_incident_looked_at_counts():
    common, other = "0x80070774", "0x800705B4"
    units = failures(("A", 1, common, None, 4), ("B", 1, common, None, 1), ("B", 1, other, None, 8))
    assert own_codes(units, group(), NO_DAY)["q"].to_list() == [pytest.approx(5 / 715)]
    both = pl.concat([group(), group('{"model": "B"}')])
    assert own_codes(units, both, NO_DAY).is_empty()


@pytest.mark.parametrize(
    ("where", "at", "until", "times"),
    [
        ('{"model": "A"}', None, None, 1),
        ('{"model": "A"}', START, None, 20),
        ('{"model": "A"}', None, AT, 20),
        ('{"model": "A"}', START, AT, 20 * 12),
        ("{}", START + timedelta(days=10), None, 20),
        ("{}", START + timedelta(days=10), AT, 1),
    ],
)
def test_days_that_were_chosen_by_codes_count_as_often_as_there_were_days_to_choose(where, at, until, times):
    units = failures(
        *(("A", day, "0x81039024", None, 1) for day in range(10, 20)),
        *(("B", day, "0x800705B4", None, 1) for day in range(10)),
    )
    assert own_codes(units, group(where, at, until), NO_DAY)["q"].to_list() == [
        pytest.approx(times / 184_756)
    ]


def test_as_many_codes_as_may_are_told_of_an_incident_those_that_tell_most_first():
    codes = ("0x80180014", "0x80180018", "0x80180001")
    units = failures(
        *(("A", 1, code, None, 10 + 5 * place) for place, code in enumerate(codes)),
        ("B", 1, "0x800705B4", None, 60),
    )
    assert MOST_OWN == 2
    assert own_codes(units, group(), NO_DAY)["code"].to_list() == ["0x80180001", "0x80180018"]


@pytest.mark.parametrize(
    ("at", "until", "held"),
    [
        (None, None, [29, 30, 31, None]),
        (AT, None, [30, 31]),
        (None, AT, [29]),
        (AT, AT + timedelta(days=1), [30]),
    ],
)
def test_an_incident_holds_what_began_in_its_time_and_nothing_without_an_instant(at, until, held):
    rows = pl.DataFrame({"day": [29, 30, 31, None], "model": ["A"] * 4}).with_columns(
        started_at=pl.lit(START) + pl.duration(days="day")
    )
    assert rows.filter(within_incident('{"model": "A"}', at, until))["day"].to_list() == held
    assert rows.filter(within_incident('{"model": "B"}', at, until)).is_empty()


def fleet(codes_inside, *, seed):
    """Some 1,500 attempts of which a day's were hit, with these codes then and a mix at all other times."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 60, 1500))
    failed = rng.random(day.size) < np.where(day == 40, 0.9, 0.05)
    usual = np.array(["0x80070774", "0x800705B4", "0x87D1041C"])[rng.integers(0, 3, day.size)]
    own = np.array(codes_inside)[rng.integers(0, len(codes_inside), day.size)]
    return pl.DataFrame(
        {
            "device": [f"D{place}" for place in range(day.size)],
            "started_at": [START + timedelta(days=int(d)) for d in day],
            "outcome": np.where(failed, "failed", "succeeded"),
            "code": pl.Series(np.where(day == 40, own, usual))
            .to_frame("c")
            .select(pl.when(pl.Series(failed)).then("c"))["c"],
        }
    )


def test_an_outage_is_told_with_its_own_code_and_its_share_of_all_other_failures():
    told = explain(fleet(["0x801901F7"], seed=3))
    (line,) = told.answers()
    day = told.codes.row(0, named=True)
    assert (day["code"], day["k"], day["rest_k"]) == ("0x801901F7", day["n"], 0)
    assert f"{day['n']} of {day['n']} (100 %, " in line
    assert (
        "failures with 0x801901F7 (HTTP 503: the service is unavailable), of all other failures 0 of " in line
    )
    assert told.to_dict()["codes"][0]["code"] == "0x801901F7"


def test_an_outage_with_the_codes_of_every_day_is_told_without_any():
    told = explain(fleet(["0x80070774", "0x800705B4", "0x87D1041C"], seed=4))
    assert told.changes.height == 1
    assert told.codes.is_empty()
    assert "failures with" not in told.answers()[0]


def test_nothing_belongs_to_what_was_slow():
    told = explain(
        fleet(["0x801901F7"], seed=3).with_columns(total=pl.lit(timedelta(hours=1))), outcome="slow"
    )
    assert (told.codes.height, set(told.codes.columns)) == (0, set(OWN_CODES))
