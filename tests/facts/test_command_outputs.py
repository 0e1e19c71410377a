"""Lines of commands are known by their whole shape, whatever a mail puts around them."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.command_outputs import outputs_in


@pytest.mark.parametrize("margin", ["", "> ", "| ", "  "])
def test_a_line_of_a_command_is_known_within_a_mail(margin):
    (one,) = outputs_in(["Hello,", f"{margin}Current Edition : Core"])
    assert (one.value, one.line) == ("Core", 1)


def test_prose_that_names_an_edition_is_no_output():
    assert list(outputs_in(["I think: the Current Edition : Core is on it", "Core"])) == []
