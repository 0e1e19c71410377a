"""What is known of a code is a plain record: it cannot be changed by whoever holds it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from autopilot_analysis.codes.code import Cause, Code


def test_a_cause_names_where_it_comes_from_and_how_sure_that_is():
    cause = Cause(cause="The clock is wrong", remedy=None, when=None, page="WinHTTP", certainty="documented")
    names = ["cause", "remedy", "when", "page", "certainty", "stage"]
    assert [field.name for field in fields(cause)] == names
    assert (cause.page, cause.certainty) == ("WinHTTP", "documented")


@pytest.mark.parametrize(
    ("own", "asked", "may"),
    [
        (None, "device_setup", True),
        ("device_setup", None, True),
        ("device_setup", "device_setup", True),
        ("device_preparation", "device_setup", False),
    ],
)
def test_a_cause_of_one_stage_does_not_hold_in_another(own, asked, may):
    assert Cause("x", None, None, "WinHTTP", "documented", own).may_hold_in(asked) is may


def test_a_code_of_which_nothing_is_left_open_has_no_undecided_causes():
    code = Code("0x1", "1", "Win32", None, None, "Incorrect function", (), None, None, "computed")
    assert (code.stage, code.undecided) == (None, ())


def test_what_is_known_of_a_code_cannot_be_overwritten():
    code = Code("0x1", "1", "Win32", None, None, "Incorrect function", (), None, None, "computed")
    with pytest.raises(FrozenInstanceError):
        code.meaning = "something else"  # type: ignore[misc]
