import pytest

from autopilot_analysis.groups import Group

WHERE = {"model": "Slate 12", "build": "26100.6584"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("model=Slate 12, build=26100.6584", WHERE),
        (' build = 26100.6584,model = Slate 12 ', WHERE),
        ('{"model": "Slate 12", "build": "26100.6584"}', WHERE),
        ("group_tag=Paris, 2nd floor, model=x", {"group_tag": "Paris, 2nd floor", "model": "x"}),
        ("profile=a=b", {"profile": "a=b"}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_group_is_read_from_conditions_or_json_and_values_may_hold_commas(text, where):
    assert dict(Group.parse(text)) == where


@pytest.mark.parametrize("text", ["Slate 12", "Slate, model=x", "=x"])
def test_what_names_no_column_is_no_group(text):
    with pytest.raises(ValueError, match="write column=value"):
        Group.parse(text)
