"""The groups of quoted errors: each name that code asks for is one of the table, and each group has one."""

from __future__ import annotations

from autopilot_analysis.facts import quote_groups, read_facts

NAMED = {value for name, value in vars(quote_groups).items() if name.isupper() and isinstance(value, str)}
SETS = ("DETAIL_GROUPS", "ONE_CODE", "PLAIN", "WITH_ANOTHER")


def test_each_name_that_code_asks_for_is_a_group_or_a_kind_of_the_table():
    quotes = read_facts("quotes")
    assert NAMED - {*quotes["group"], *quotes["kind"]} == set()


def test_the_sets_of_groups_hold_groups_of_the_table_alone():
    groups = set(read_facts("quotes")["group"])
    for name in SETS:
        assert set(getattr(quote_groups, name)) <= groups
    assert set(quote_groups.WITH_ANOTHER.values()) <= groups
