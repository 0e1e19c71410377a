"""Each field of `dsregcmd /status` has one name, and every list that names one names it so."""

from __future__ import annotations

import re

import pytest

from autopilot_analysis.facts import SEVERAL, read_facts
from autopilot_analysis.facts.dsregcmd_fields import field_of, own_fields, spellings, written_alone
from autopilot_analysis.facts.own_words import plain

FIELDS = set(read_facts("dsregcmd_fields")["field"])


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("ErrorPhase", "Error Phase"),
        ("ServerErrorCode", "Server Error Code"),
        ("HttpsStatus", "HTTP status"),
        ("Server ErrorCode", "Server ErrorCode"),
        ("Https Status", "Https Status"),
        ("azureadprt", "AzureAdPrt"),
        ("Not Asked For", "Not Asked For"),
    ],
)
def test_a_field_has_one_name_however_it_is_spelt_but_by_the_command_itself(written: str, field: str) -> None:
    assert field_of(written) == field


def test_no_spelling_is_of_two_fields() -> None:
    rows = read_facts("dsregcmd_fields").select("field", "also").iter_rows()
    written = [plain(name) for field, also in rows for name in (field, *(also or field).split(SEVERAL))]
    assert len(set(written)) == len(spellings())
    assert {spellings()[plain(field)] for field in FIELDS} == FIELDS


@pytest.mark.parametrize(
    ("line", "shows"),
    [
        ("  AzureAdJoined : YES", True),
        ("  AzureAdJoined : maybe", False),
        ("PreviousPrtAttempt : 2026-01-02", True),
        ("  Error Phase : join", False),
        ("Client ErrorCode : 0x801c03f2", True),
        ("Client ErrorCode : none", False),
        ("Attempt Status : 0xc000006d", True),
        ("Attempt Status : failed", False),
        ("Server Operation : DeviceRenew", True),
        ("Server Operation : restart", False),
        ("Kerberos Ticket Test : FAIL [0x80090303]", True),
        ("Registration Type : fallback_sync", True),
        ("Registration Type : sync", False),
        ("Server Error Description : AADSTS90002: example", True),
        ("Server Error Description : example", False),
        ("value AzureAdJoined : YES", False),
    ],
)
def test_a_line_shows_the_command_by_a_field_that_no_other_writes(line: str, shows: bool) -> None:
    assert bool(re.search(f"(?m){written_alone()}", line)) is shows


def test_fields_of_other_commands_show_nothing() -> None:
    assert {"AzureAdPrtUpdateTime", "KeySignTest"} <= own_fields()
    assert not {"TenantName", "Error Phase", "User Context"} & own_fields()


def test_prerequisites_and_signs_name_fields_as_the_table_does() -> None:
    asked = set(read_facts("hello_prerequisites")["field"])
    for table in ("known_issues", "configuration_checks"):
        signs = read_facts(table)["sign"].drop_nulls()
        asked |= {name for sign in signs for name in re.findall(r"property(?:_not)?=([A-Z]\w+):", sign)}
    assert asked - FIELDS == {"Processor"}
