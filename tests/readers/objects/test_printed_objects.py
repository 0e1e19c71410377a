"""Objects that PowerShell showed, as JSON would hold them."""

from __future__ import annotations

import pytest

from autopilot_analysis.readers.objects.printed_objects import named_beside, printed_objects

SHOWN = """
id           : 11111111-2222-4333-8444-555555555555
serialNumber : SN-0001
state        : @{deviceImportStatus=error; deviceErrorCode=}
tags         : {one, two}
groupTag     :

id           : 22222222-2222-4333-8444-555555555555
serialNumber : SN-0002
groupTag     : NORTH
"""


def test_objects_lists_and_what_is_empty_become_what_json_would_hold():
    first, second = printed_objects(SHOWN)
    assert first["state"] == {"deviceImportStatus": "error", "deviceErrorCode": None}
    assert (first["tags"], first["groupTag"]) == (["one", "two"], None)
    assert list(second.values()) == ["22222222-2222-4333-8444-555555555555", "SN-0002", "NORTH"]


def test_a_text_without_objects_holds_none():
    assert printed_objects("words alone, and no property") == []


@pytest.mark.parametrize("margin", ["", "> "])
def test_an_error_is_named_beside_the_objects_that_do_not_show_it(margin):
    lines = f"It was ZtdDeviceAssignedToOtherTenant, it seems.\n{SHOWN}\nor ZtdSomethingElse".splitlines()
    text = "\n".join(margin + line for line in lines)
    assert named_beside(text) == ("ZtdDeviceAssignedToOtherTenant",)


def test_an_error_that_an_object_shows_is_not_named_beside_it():
    shown = SHOWN.replace("deviceErrorCode=", "deviceErrorName=ZtdDeviceAssignedToOtherTenant")
    assert named_beside(f"It was ZtdDeviceAssignedToOtherTenant\n{shown}") == ()
    assert named_beside(SHOWN) == ()
