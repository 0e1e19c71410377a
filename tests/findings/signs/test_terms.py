"""What each term of a sign asks for."""

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings import RULES
from autopilot_analysis.findings.signs.signs import gather, match
from autopilot_analysis.findings.signs.terms import _of_origin, below_of


def test_of_a_rendered_message_nobody_can_say_that_something_stands_nowhere_in_it():
    rows = pl.DataFrame(
        {"key": ["prov:20"] * 2, "detail": ['{"Message1":"Own.ppkg"}', '{"RenderedMessage":"x Power.ppkg"}']}
    )
    found = _of_origin(rows, "key", "prov:20!Power")
    assert found["detail"].to_list() == ['{"Message1":"Own.ppkg"}']
    assert _of_origin(rows, "key", "prov:20").height == 2


@pytest.mark.parametrize(
    ("sign", "values"),
    [
        ("setting=UserRights/AllowLocalLogOn", ["*S-1-5-32-544", "*S-1-5-32-545"]),
        ("setting=UserRights/AllowLocalLogOn!-545|-11", ["*S-1-5-32-544"]),
        ("setting=UserRights/AllowLocalLogOn=*s-1-5-32-544!-11", ["*S-1-5-32-544"]),
        ("setting=UserRights/AllowLocalLogOn=*s-1-5-32-544!-544", []),
    ],
)
def test_a_setting_may_be_asked_for_by_what_stands_nowhere_in_it(world, sign, values):
    given = [("UserRights", "AllowLocalLogOn", value) for value in ("*S-1-5-32-544", "*S-1-5-32-545")]
    rows = match(sign, gather(*world(settings=given)))
    assert [text.rpartition(" = ")[2] for text in rows["detail"]] == values


@pytest.mark.parametrize(
    ("profile", "found"), [("Default", True), (" default profile", True), ("Contoso default laptops", False)]
)
def test_a_profile_is_the_default_one_where_it_is_called_so_and_nothing_else(world, profile, found):
    rows = RULES["KNOWN-ISSUES"](*world(device={"profile_name": profile}))
    assert ("KNOWN-AP-20" in set(rows["rule"])) is found


@pytest.mark.parametrize(
    ("name", "text", "below"),
    [
        ("Processor", "Example CPU @ 2.00GHz, 1995 Mhz, 1 Core(s), 1 Logical Processor(s)", True),
        ("Processor", "Example CPU @ 2.00GHz, 1995 Mhz, 1 Core(s), 2 Logical Processor(s)", False),
        ("Processor", "Example CPU, 11 Logical Processor(s)", False),
        ("Installed Physical Memory (RAM)", "3.99 GB", True),
        ("Installed Physical Memory (RAM)", "2,00\u00a0GB", True),
        ("Installed Physical Memory (RAM)", "2048 MB", True),
        ("Installed Physical Memory (RAM)", "4.00 GB", False),
        ("Installed Physical Memory (RAM)", "16,384 MB", False),
        ("Installed Physical Memory (RAM)", "0.5 TB", False),
        ("Installed Physical Memory (RAM)", "unknown", False),
    ],
)
def test_a_virtual_machine_is_small_by_the_number_before_the_unit(world, name, text, below):
    rows = RULES["KNOWN-ISSUES"](*world(device={"model": "Virtual Machine"}, properties=[(name, text)]))
    assert ("KNOWN-AP-22" in set(rows["rule"])) is below


@pytest.mark.parametrize("value", ["Processor", "Processor:two", "Processor:2"])
def test_a_number_needs_words_behind_it(value):
    with pytest.raises(BadInput, match="names no number"):
        below_of(value)
