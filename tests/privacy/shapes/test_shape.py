"""What of a match is looked at."""

import re

import pytest

from autopilot_analysis.privacy.shapes.shape import Shape


@pytest.mark.parametrize(
    ("part", "looked_at"),
    [(r"\S+$", ["zora"]), (r"(\S+) \S+$", ["user"]), (r"(?s).*", ["net user zora"]), (r"\d", [])],
)
def test_the_group_of_a_part_is_looked_at_or_all_of_it_where_it_has_none(part, looked_at):
    assert list(Shape("", "", re.compile(part), "user", None).parts("net user zora")) == looked_at
