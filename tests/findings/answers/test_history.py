"""Where the last attempt succeeded, what failed before is history."""

import pytest

from autopilot_analysis.findings import answer, find

REFUSED = ("failed", "mdm_enrollment", "user_driven", 0, 60, "0x80180014")
WELL = ("succeeded", None, "user_driven", 100, 160, None)


def told(world, *attempts):
    """The parts of the answer about some attempts, each failed one refused at enrolment."""
    failed = [(n, one) for n, one in enumerate(attempts, 1) if one[0] == "failed"]
    runs = [(n, one[1], "failed", one[3], one[4], one[5], None) for n, one in failed]
    story = world(device={"scenario": "user_driven"}, attempts=attempts, runs=runs)
    (one,) = answer(*story, find(*story)).devices
    return one.verdict, {part.label: [line.text for line in part.lines] for part in one.sections}


def test_the_success_leads_and_the_failure_before_it_is_told_as_history(world):
    verdict, parts = told(world, REFUSED, WELL)
    assert verdict.index("1 attempt succeeded") < verdict.index(", 1 failed")
    first, second = parts["What happened"]
    assert first.startswith("Attempt 2 of 2 (user-driven) succeeded")
    assert second.startswith("Attempt 1 of 2 had failed: ")
    assert "0x80180014" in second
    assert parts["Since when"][0].startswith("The earlier failure: ")
    assert parts["Why"][0].startswith("The earlier failure: ")
    assert parts["What to do"][0] == "Nothing is left to do: the last attempt succeeded."
    assert parts["What to do"][1].startswith("The earlier failure called for this: ")


@pytest.mark.parametrize(
    "attempts", [(REFUSED,), (WELL, ("failed", "mdm_enrollment", "user_driven", 200, 260, "0x80180014"))]
)
def test_a_failure_with_no_success_behind_it_leads(world, attempts):
    _, parts = told(world, *attempts)
    assert "0x80180014" in parts["What happened"][0]
    assert not parts["What to do"][0].startswith("Nothing is left to do")


def test_a_failure_of_several_attempts_before_the_success_is_history_too(world):
    again = ("failed", "mdm_enrollment", "user_driven", 70, 90, "0x80180014")
    _, parts = told(world, REFUSED, again, WELL)
    assert parts["What happened"][0].startswith("Attempt 3 of 3 (user-driven) succeeded")
    assert parts["What happened"][1].startswith("Earlier attempts had failed: ")
    assert parts["What happened"][1].endswith("in 2 attempts.")
