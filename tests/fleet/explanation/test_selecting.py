from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet import explain, select_group
from autopilot_analysis.fleet.explanation.selecting import refuse_unknown_values
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

FLEET, TRUTH = simulate_fleet(600, incident="profile_edit", seed=24)


@pytest.fixture(scope="module")
def explained():
    return explain(FLEET)


def test_a_group_is_chosen_by_conditions_by_a_row_or_by_the_first_of_an_explanation(explained):
    hit = FLEET.filter(profile=TRUTH["where"]["profile"])
    assert explained.contrasts["where"][0] == f'{{"profile": "{TRUTH["where"]["profile"]}"}}'
    wanted = (
        f"profile={TRUTH['where']['profile']}",
        explained.contrasts["where"][0],
        {"profile": TRUTH["where"]["profile"]},
        explained.contrasts.row(0, named=True),
        explained.contrasts,
    )
    for group in wanted:
        assert select_group(FLEET, group).equals(hit)


def test_no_condition_keeps_every_attempt(explained):
    for nothing in ("", {}, explained.contrasts.clear()):
        assert select_group(FLEET, nothing).equals(FLEET)


def test_what_is_no_group_and_an_unknown_column_are_refused():
    with pytest.raises(BadInput, match="write column=value"):
        select_group(FLEET, "Slate 12")
    with pytest.raises(UnknownName, match="colour"):
        select_group(FLEET, "colour=blue")


def test_a_value_that_no_attempt_has_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownName, match=r"no model is called 'Slate 99'; (did you mean|known:)"):
        select_group(FLEET, "model=Slate 99")
    assert select_group(FLEET.clear(), "model=Slate 99").is_empty()


def test_values_that_no_attempt_has_together_are_refused():
    frame = pl.DataFrame({"model": ["A", "B"], "build": ["1", "2"]})
    with pytest.raises(BadInput, match="no attempt has build=2 and model=A"):
        refuse_unknown_values(frame, {"build": "2", "model": "A"})
