"""Where the pages lie that facts name."""

from __future__ import annotations

from importlib.resources import files

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.addresses import address_of


def test_a_page_is_found_by_its_name_whatever_is_added_to_it():
    known = "https://learn.microsoft.com/autopilot/known-issues"
    assert address_of("Microsoft: Windows Autopilot known issues") == known
    assert address_of("Microsoft: Windows Autopilot known issues (0x80180014)") == known
    assert address_of("third parties; Microsoft: Windows Autopilot known issues") == known
    assert address_of("genuine MDM diagnostics cabinets (2020 to 2026)") is None
    assert address_of(None) is None


def test_every_address_is_one_of_microsoft_and_stands_once():
    pages = read_facts("pages")
    assert pages["page"].is_unique().all()
    assert pages["address"].str.starts_with("https://learn.microsoft.com/").all()


@pytest.mark.parametrize(
    "name", ["rules", "configuration_checks", "known_issues", "policy_conflicts", "switched_off"]
)
def test_most_remedies_lead_to_a_page(name):
    named = read_facts(name).filter(read_facts(name)["page"].str.starts_with("Microsoft: "))
    led = [page for page in named["page"] if address_of(page)]
    assert len(led) >= 0.9 * named.height


BESIDE_REMEDIES = (
    "rules", "configuration_checks", "known_issues", "policy_conflicts", "network_signs", "codes",
    "code_families", "service_codes", "statements", "registration_states", "enrollment_categories",
    "enrollment_reasons", "switched_off",
)  # fmt: skip
"""Facts whose page stands beside a remedy or behind a code."""
WITHOUT_ADDRESS = {
    "Microsoft: Delivery Optimization error codes",
    "Microsoft: Intune Connector for Active Directory",
    "Microsoft: Intune MSI apps are downloaded by Delivery Optimization",
    "Microsoft: JScript run-time errors",
    "Microsoft: NTSTATUS values",
    "Microsoft: message catalogue of the DeviceManagement provider",
}
"""No address of these could be confirmed, or they are no page: a wrong link is worse than none."""


def test_every_page_beside_a_remedy_or_a_code_has_an_address_or_is_known_to_have_none():
    tables = [read_facts(name) for name in BESIDE_REMEDIES]
    named = {
        page
        for table in tables
        for cell in table["page"].drop_nulls()
        for page in cell.split("; ")
        if page.startswith("Microsoft: ")
    }
    assert {page for page in named if address_of(page) is None} == WITHOUT_ADDRESS


def test_every_address_is_of_a_page_that_facts_name():
    named = set()
    for path in files("autopilot_analysis.facts").iterdir():
        if path.name.endswith(".csv") and path.name != "pages.csv":
            table = read_facts(path.name.removesuffix(".csv"))
            if "page" in table.columns:
                named |= {name for cell in table["page"].drop_nulls() for name in cell.split("; ")}
    own = {address_of(name) for name in named} - {None}
    assert set(read_facts("pages")["address"]) == own
