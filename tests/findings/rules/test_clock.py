"""A clock counts from five minutes on, and as a cause only where it was never set right."""

import pytest
from findings.rule_worlds import fallen

DISTRUSTED = ("clock_distrusted", None, 5, None, "")


@pytest.mark.parametrize(("minutes", "found"), [(5, 1), (-5, 1), (4.9, 0), (-4.9, 0)])
def test_tokens_fail_from_five_minutes_on_in_either_direction(proofs, minutes, found):
    assert proofs("CLOCK-STEPPED", steps=[("clock_step", 10, minutes, "")]).height == found
    assert proofs("CLOCK-STEPPED", steps=[("sleep", 10, minutes, "")]).is_empty()


@pytest.mark.parametrize(
    ("outcome", "marks", "found"),
    [
        ("failed", [DISTRUSTED], 1),
        ("succeeded", [DISTRUSTED], 0),
        ("failed", [DISTRUSTED, ("clock_set", None, 6, None, "")], 0),
    ],
)
def test_a_clock_that_was_distrusted_and_never_set_explains_an_attempt_that_failed(
    proofs, outcome, marks, found
):
    stage = "entra_join" if outcome == "failed" else None
    rows = proofs("CLOCK-WRONG", marks=marks, attempts=[(outcome, stage, "user_driven", 0, 60, None)])
    assert rows["attempt"].to_list() == [1] * found


@pytest.mark.parametrize(("fell_to", "by", "found"), [(95, 5, 1), (95.1, 5, 0), (95, -5, 0)])
def test_a_fall_of_five_minutes_that_a_later_setting_gave_back_is_worth_a_word(proofs, fell_to, by, found):
    """Of a device that was never set forward no fall is looked for."""
    rows = proofs("CLOCK-FELL", events=fallen(fell_to), steps=[("clock_step", 100, by, "")])
    assert rows["record"].to_list() == [2] * found
