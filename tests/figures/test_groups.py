import polars as pl

from autopilot_analysis.figures.groups import group_labels, in_words


def test_a_group_is_named_by_its_columns_and_what_is_not_known_says_so():
    frame = pl.DataFrame({"model": ["A", None], "build": ["1", "2"], "n": [3, 4]})
    assert group_labels(frame, ["n"]).to_list() == ["A, 1", "not known, 2"]
    assert group_labels(frame.select("n"), ["n"]).to_list() == ["all", "all"]


def test_a_group_written_as_json_is_said_in_words():
    assert in_words('{"group_tag": "NORTH", "build": "1"}') == "group tag NORTH, build 1"
    assert in_words("{}") == "all attempts"
