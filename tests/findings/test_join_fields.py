"""Fields of the join state, asked for by name and value."""

from __future__ import annotations

from typing import Any

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import join_fields
from autopilot_analysis.findings.join_fields import FAILED_STEP, fields, in_entra, outputs


def test_every_name_is_one_of_the_facts() -> None:
    names = {value for name, value in vars(join_fields).items() if name.isupper() and isinstance(value, str)}
    of_reader = {join_fields.FAILED_LEAVE, join_fields.FAILED_REFRESH, join_fields.REFUSED_JOIN, FAILED_STEP}
    assert names - of_reader <= set(read_facts("dsregcmd_fields")["field"])


TOLD = [("AzureAdJoined", "YES", "a"), ("AZUREADJOINED", "no", "b"), ("DomainJoined", None, "b")]


def test_a_field_is_asked_for_in_any_case_and_quoted_with_its_value(world: Any) -> None:
    tables, _ = world(properties=TOLD)
    assert outputs(tables, "AzureAdJoined", "(?i)^no").rows() == [("D", "b")]
    assert in_entra(tables).rows() == [("D", "a")]
    both = fields(tables, ["AzureAdJoined", "DomainJoined"])
    assert both["detail"].to_list() == ["AzureAdJoined: YES", "AZUREADJOINED: no", "DomainJoined: (empty)"]
