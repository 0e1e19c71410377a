"""A group is what it holds: equal conditions make equal groups, and a missing value is in none."""

import polars as pl
import pytest

from autopilot_analysis.groups import Group

SLATES = Group.of({"model": "Slate 12", "build": "26100.6584"})


@pytest.mark.parametrize(
    "text",
    [
        "model=Slate 12, build=26100.6584",
        " build = 26100.6584 ,model=Slate 12",
        '{"model": "Slate 12", "build": "26100.6584"}',
    ],
)
def test_a_group_is_one_however_it_is_written(text):
    assert Group.parse(text) == SLATES
    assert hash(Group.parse(text)) == hash(SLATES)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("group_tag=Paris, 2nd floor, model=x", {"group_tag": "Paris, 2nd floor", "model": "x"}),
        ("profile=a=b", {"profile": "a=b"}),
        ("", {}),
    ],
)
def test_a_value_may_hold_commas_and_equals_signs(text, where):
    assert dict(Group.parse(text)) == where


@pytest.mark.parametrize("text", ["Slate 12", "=Slate 12", "Slate, model=x"])
def test_what_is_no_condition_is_refused_with_how_to_write_one(text):
    with pytest.raises(ValueError, match="write column=value"):
        Group.parse(text)


def test_a_group_holds_the_rows_that_meet_every_condition_and_none_of_unknown_value():
    models, builds = ["Slate 12", "Slate 12", None, "Slate 12"], ["26100.6584", "1", "26100.6584", None]
    frame = pl.DataFrame({"model": models, "build": builds})
    assert frame.select(SLATES.filter()).to_series().to_list() == [True, False, False, False]
    assert frame.filter(Group().filter()).height == 4


def test_more_conditions_make_a_smaller_group():
    assert SLATES <= Group.of({"model": "Slate 12"}) <= Group()
    assert not Group.of({"model": "Slate 12"}) <= SLATES


def test_a_group_reads_as_a_mapping_in_the_order_of_its_columns_and_leaves_as_json():
    assert list(SLATES.items()) == [("build", "26100.6584"), ("model", "Slate 12")]
    assert SLATES.to_json() == '{"build": "26100.6584", "model": "Slate 12"}'
    assert Group.of({"n": 5})["n"] == "5"
