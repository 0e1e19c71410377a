import pytest

from autopilot_analysis.facts.listed_objects import PART, WHOLE, kinds, listed_in, objects_in

CHIP = """PS C:\\> Get-Tpm

TpmPresent          : True
TpmReady            : True
ManufacturerIdTxt   : NTC
ManufacturerVersion : 7.2.0.1
"""
TWO = """Name      : Fan
Direction : Left
Notes     : {a, b}

Name      : Pump
Direction : Right
Notes     : {}
"""


def values(text):
    return [each.values for each in objects_in(text.splitlines())]


def test_an_object_is_its_names_with_their_values_and_the_lines_they_stand_in():
    (chip,) = objects_in(CHIP.splitlines())
    assert chip.values == {
        "TpmPresent": "True",
        "TpmReady": "True",
        "ManufacturerIdTxt": "NTC",
        "ManufacturerVersion": "7.2.0.1",
    }
    assert chip.kind.name == "TPM"
    assert chip.lines["TpmReady"] == 3


def test_several_objects_are_parted_by_a_blank_line_or_by_a_name_that_comes_again():
    assert [each["Name"] for each in values(TWO)] == ["Fan", "Pump"]
    assert values(TWO.replace("\n\n", "\n")) == values(TWO)


def test_a_long_value_goes_on_in_lines_behind_the_colon():
    text = (
        "Name  : one word that is broken inside because it is lon\n        ger\n"
        "Other : these words are parted \n        between two\nLast  : x\n"
    )
    (found,) = values(text)
    assert found["Name"] == "one word that is broken inside because it is longer"
    assert found["Other"] == "these words are parted between two"


def test_a_value_may_hold_a_blank_line_where_more_of_it_follows():
    (found,) = values("Name  : a\n\n        b\nOther : c\nLast  : d\n")
    assert found == {"Name": "a b", "Other": "c", "Last": "d"}


def test_a_name_that_only_such_objects_have_counts_where_a_mail_lost_the_columns():
    (found,) = values("> TpmPresent : True\n> TpmReady: False\n> ManufacturerIdTxt : NTC\n")
    assert found == {"TpmPresent": "True", "TpmReady": "False", "ManufacturerIdTxt": "NTC"}


def test_fewer_names_make_no_object_of_an_unknown_kind():
    assert len(values("Name1 : x\nName2 : x\nName3 : x\n")) == 1
    assert values("Name1 : x\nName2 : x\n") == []


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (CHIP, WHOLE),
        (TWO, WHOLE),
        (CHIP + "Hello,\nthis is what my laptop says.\nWhat next?\n", PART),
        (TWO + "Hello,\nthis is what my laptop says.\nWhat next?\n", None),
        ("Model: Fan\nStatus: Left\nMessage: none\n", None),
        ("Fan : this is prose\nand goes on : here\n", None),
        ("C:\\> ipconfig\n   Host Name . . : x\n   Type . . . . : y\n   Node . . . . : z\n", None),
        ("-TPM Present: True\n-TPM Version: 2.0\n-Is Initialized: True\n", None),
        ("one\ntwo\n", None),
    ],
)
def test_a_text_is_a_list_where_little_else_stands_in_it_and_holds_one_where_the_kind_is_known(text, listed):
    assert listed_in(text) == listed


def test_every_kind_has_a_sign_and_no_two_share_one():
    signs = [sign for kind in kinds() for sign in kind.signs]
    assert all(kind.signs for kind in kinds())
    assert len(signs) == len(set(signs))
