"""Which columns name somebody, and of what kind what they hold is."""

from __future__ import annotations

import dataframely as dy
import pytest

from autopilot_analysis.privacy.discover import personal_columns
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.personal import KINDS, kind_of, personal

IDENTIFIERS = {
    "device": "device",
    "serial": "serial",
    "computer": "host",
    "user": "user",
    "user_sid": "sid",
    "identity": "user",
    "host": "host",
    "tenant_id": "tenant",
    "tenant_domain": "tenant",
    "entra_device_id": "id",
    "intune_device_id": "id",
}
"""Columns that hold one identifier wherever they stand; `name` is a computer's in some tables only."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_says_what_its_column_names(kind):
    assert kind_of(dy.String(metadata=personal(kind))) == kind


def test_a_column_that_says_nothing_names_nobody():
    assert kind_of(dy.String()) is None


def test_an_identifier_is_hidden_as_a_whole_in_every_table_that_has_it():
    kinds = {
        f"{table}.{name}": (personal_columns(table).get(name), IDENTIFIERS[name])
        for table in SCHEMAS for name in SCHEMAS[table].column_names() if name in IDENTIFIERS
    }  # fmt: skip
    assert {place: kind for place, (kind, wanted) in kinds.items() if kind != wanted} == {}


def test_the_name_of_a_computer_is_a_host_and_the_name_of_an_app_is_none():
    named = {table for table in SCHEMAS if personal_columns(table).get("name") == "host"}
    assert named == {"devices", "deployments", "identities"}


def test_a_column_of_text_is_personal_but_holds_more_than_one_identifier():
    assert kind_of(SCHEMAS["log_lines"].columns()["message"]) == "text"
    assert personal_columns("log_lines") == {"device": "device"}


def test_a_frame_of_no_table_has_no_such_columns():
    assert personal_columns("elsewhere") == {}
