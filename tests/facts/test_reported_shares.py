"""A share of devices that somebody counts is known by its numbers, its devices and what they met."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.reported_shares import shares_in


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Out of 50 laptops 41 fail, 9 enrol fine. Help", "Out of 50 laptops 41 fail, 9 enrol fine"),
        ("It is set, but less than 7% of computers are enrolled.", "less than 7% of computers are enrolled"),
        ("28 of 30 retrieved it, 2 don't", "28 of 30 retrieved it, 2 don't"),
        ("12 out of 15 devices hang at Identifying", "12 out of 15 devices hang at Identifying"),
        ("Only 8 % of our devices enrol.", "Only 8 % of our devices enrol"),
        ("Leider: 27 von 30 Geräten scheitern.", "27 von 30 Geräten scheitern"),
    ],
)
def test_a_share_is_kept_in_the_words_of_whoever_counts(line, text):
    [found] = shares_in(["Hello,", line])
    assert (found.line, found.text) == (1, text)


@pytest.mark.parametrize(
    "line",
    [
        "Apps (1 of 3 installed)",
        "Step 3 of 5 fails",
        "Part 2 of 3 is missing",
        "Did 27 of 30 devices fail?",
        "If 3 of 5 devices fail, call us.",
        "3 of 5 apps failed",
        "31 of 30 laptops fail",
        "1 of 1 laptops fails",
        "Last year 20 of 30 devices failed.",
        "50% of the disk is full",
    ],
)
def test_parts_of_a_page_steps_questions_and_other_times_are_no_share_of_devices(line):
    assert shares_in([line]) == []


def test_the_first_few_shares_of_a_text_are_kept():
    lines = [f"{number} of 30 devices fail" for number in range(2, 9)]
    assert [share.line for share in shares_in(lines)] == list(range(2))
