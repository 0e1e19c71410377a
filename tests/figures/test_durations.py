import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.figures import draw_durations
from autopilot_analysis.fleet import measure_durations


def test_the_slowest_group_stands_first_with_n_and_the_unfinished_in_brackets(fleet):
    measured = measure_durations(fleet, by="profile", stages=("total",)).sort("p50", descending=True)
    first = measured.row(0, named=True)
    label = draw_durations(measured).get_yticklabels()[0].get_text()
    more = f" (+{first['unfinished']})" if first["unfinished"] else ""
    assert label == f"{first['profile']}  n {first['finished']:,}{more}"


def test_groups_of_several_columns_are_named_by_all_of_them(fleet):
    ax = draw_durations(measure_durations(fleet, by="profile, group_tag"))
    assert all(", " in label.get_text() for label in ax.get_yticklabels())


def test_without_groups_all_is_one_row(fleet):
    assert draw_durations(measure_durations(fleet)).get_yticklabels()[0].get_text().startswith("all  n")


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    measured = measure_durations(fleet, by="model")
    assert texts(draw_durations(measured.to_pandas())) == texts(draw_durations(measured))
    assert "no attempt says how long it took" in texts(draw_durations(measured.clear()))


def test_a_stage_that_does_not_exist_is_refused_and_one_without_durations_says_so(fleet, texts):
    measured = measure_durations(fleet, by="model", stages=("total",))
    with pytest.raises(UnknownName, match="no stage is called 'setup'; did you mean"):
        draw_durations(measured, stage="setup")
    assert "no attempt says how long it took" in texts(draw_durations(measured, stage="device_setup"))
