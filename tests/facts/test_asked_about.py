"""What a question is about, in several languages; an article asks nothing."""

import pytest

from autopilot_analysis.facts.asked_about import asked_about


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("Why does our new Autopilot device preparation policy not apply?", True),
        ("Die Gerätevorbereitungsrichtlinie kommt nicht an", True),
        ("La préparation des appareils Autopilot ne démarre pas", True),
        ("The page stands at Device preparation (failed)", False),
        ("Preparing your device for mobile management", False),
    ],
)
def test_a_question_names_its_subject(line, asked):
    found = [(subject, at) for subject, at, _ in asked_about(["Hello,", line])]
    assert found == [("device preparation", 1)] * asked


def test_a_long_text_is_an_article():
    lines = ["Autopilot device preparation", *["more"] * 39]
    assert list(asked_about(lines)) == [("device preparation", 0, "Autopilot device preparation")]
    assert list(asked_about([*lines, "more"])) == []
