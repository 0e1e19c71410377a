"""Where the pages lie that facts name."""

from __future__ import annotations

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


@pytest.mark.parametrize("name", ["rules", "configuration_checks", "known_issues", "policy_conflicts"])
def test_most_remedies_lead_to_a_page(name):
    named = read_facts(name).filter(read_facts(name)["page"].str.starts_with("Microsoft: "))
    led = [page for page in named["page"] if address_of(page)]
    assert len(led) >= 0.9 * named.height
