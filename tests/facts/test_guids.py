"""How an id is written."""

from __future__ import annotations

import re

import pytest

from autopilot_analysis.facts.guids import BRACED, GUID

ID = "0c5b3f9e-1a2d-4c6b-8e7f-9a0b1c2d3e4f"


@pytest.mark.parametrize("written", [ID, ID.upper()])
def test_an_id_is_known_in_either_letter_case(written: str) -> None:
    assert re.findall(GUID, f"Win32App_{written}_1") == [written]


@pytest.mark.parametrize("written", [ID[:-1], ID.replace("-", ""), ID.replace("c", "g")])
def test_a_sign_too_few_no_dashes_or_other_letters_make_no_id(written: str) -> None:
    assert re.findall(GUID, f"Win32App_{written}_1") == []


@pytest.mark.parametrize(("text", "found"), [(f"volume{{{ID}}}", f"{{{ID}}}"), (f"for {ID}.", ID)])
def test_braces_around_an_id_are_taken_where_they_stand(text: str, found: str) -> None:
    assert re.findall(BRACED, text) == [found]
