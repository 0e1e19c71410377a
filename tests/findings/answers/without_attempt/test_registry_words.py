"""What values of a registry say of Autopilot and of enrolments; every name is made up."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.findings.answers.without_attempt.holdings import holdings
from autopilot_analysis.findings.answers.without_attempt.registry_words import NO_PROFILE, registry_words

ROOT = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft"
AUTOPILOT = f"{ROOT}\\Provisioning\\Diagnostics\\AutoPilot"
CACHE = f"{ROOT}\\Provisioning\\AutopilotPolicyCache"
ID, DOMAIN = "CloudAssignedTenantId", "CloudAssignedTenantDomain"


def said(*rows):
    return registry_words(pl.DataFrame(rows, schema=["key", "name", "value"], orient="row"))


def enrolment(number, upn, provider="MS DM Server"):
    key = f"{ROOT}\\Enrollments\\{{0000000{number}-1111-4111-8111-111111111111}}"
    return [(key, "ProviderID", provider), *([(key, "UPN", upn)] if upn is not None else [])]


@pytest.mark.parametrize(
    ("rows", "empty"),
    [
        ([(AUTOPILOT, ID, ""), (AUTOPILOT, DOMAIN, "")], True),
        ([(AUTOPILOT, ID, None)], True),
        ([(AUTOPILOT, DOMAIN.lower(), " "), (CACHE, "PolicyJsonCache", "")], True),
        ([(AUTOPILOT, ID, ""), (AUTOPILOT, DOMAIN, "contoso.example.com")], False),
        ([(AUTOPILOT, ID, ""), (CACHE, "PolicyJsonCache", "{}")], False),
        ([(AUTOPILOT, "IsAutopilotDisabled", "0")], False),
        ([(f"{AUTOPILOT}\\EstablishedCorrelations", ID, "")], False),
    ],
)
def test_values_of_a_tenant_that_are_all_empty_say_that_no_profile_stands_there(rows, empty):
    assert said(*rows) == (f"; {NO_PROFILE}" if empty else "")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*enrolment(1, "kim@example.com"), *enrolment(2, "lea@example.com")],
         "; 2 enrolments of MS DM Server stand in it (kim@example.com, lea@example.com), where a device has "
         "one: an older one may be left over"),
        ([*enrolment(1, "kim@example.com"), *enrolment(2, "kim@example.com")],
         "; 2 enrolments of MS DM Server stand in it (kim@example.com), where a device has one: an older "
         "one may be left over"),
        (enrolment(1, "kim@example.com"), ""),
        ([*enrolment(1, "kim@example.com"), *enrolment(2, "")], ""),
        ([*enrolment(1, "kim@example.com"), *enrolment(2, None)], ""),
        ([*enrolment(1, "kim@example.com"), *enrolment(2, "lea@example.com", "WMI_Bridge_Server")], ""),
    ],
)  # fmt: skip
def test_two_enrolments_of_intune_are_told_with_their_users(rows, words):
    assert said(*rows) == words


def test_a_file_of_such_values_says_so(world):
    rows = [(AUTOPILOT, ID, ""), (AUTOPILOT, DOMAIN, "")]
    tables, trace = world(members=(), registry=rows, sources={"dump.reg": "registry_export"})
    (line,) = holdings(tables, trace, "D")
    assert line.text == f"Registry export: 2 values; {NO_PROFILE}."
