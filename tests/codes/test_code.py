"""What is known of a code is a plain record: it cannot be changed by whoever holds it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from autopilot_analysis.codes.code import Cause, Code


def test_a_cause_names_where_it_comes_from_and_how_sure_that_is():
    cause = Cause(cause="The clock is wrong", remedy=None, when=None, page="WinHTTP", certainty="documented")
    assert [field.name for field in fields(cause)] == ["cause", "remedy", "when", "page", "certainty"]
    assert (cause.page, cause.certainty) == ("WinHTTP", "documented")


def test_a_code_of_which_nothing_is_left_open_has_no_undecided_causes():
    code = Code("0x1", "1", "Win32", None, None, "Incorrect function", (), None, None, "computed")
    assert (code.stage, code.undecided) == (None, ())


def test_what_is_known_of_a_code_cannot_be_overwritten():
    code = Code("0x1", "1", "Win32", None, None, "Incorrect function", (), None, None, "computed")
    with pytest.raises(FrozenInstanceError):
        code.meaning = "something else"  # type: ignore[misc]
