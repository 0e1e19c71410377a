"""A regular expression that is compiled when it is first used answers as the compiled one does."""

from __future__ import annotations

import re

import pytest

from autopilot_analysis.patterns import late


def test_it_answers_as_the_compiled_one_and_with_its_flags():
    ours, theirs = late("(?P<word>[a-z]+) 1", re.IGNORECASE), re.compile("(?P<word>[a-z]+) 1", re.IGNORECASE)
    assert ours.search("a ONE 1")["word"] == "ONE"
    assert (ours.pattern, ours.flags, ours.groupindex) == (theirs.pattern, theirs.flags, theirs.groupindex)


def test_it_is_compiled_at_its_first_use_alone():
    broken = late("(")
    with pytest.raises(re.error):
        broken.match("")
