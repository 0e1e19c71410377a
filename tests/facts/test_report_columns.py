"""Headers of reports: a row that names several, or every one, stands for a row of each."""

from __future__ import annotations

import re

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts import report_columns as module
from autopilot_analysis.facts.report_columns import (
    EVERY,
    WITHIN,
    fields_within,
    report_columns,
    shown_in_object,
    shown_in_table,
)


def headers_of(rows: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    facts = pl.DataFrame(rows, schema=["report", "column", "alias"], orient="row")
    monkeypatch.setattr(module, "read_facts", lambda _: facts)
    return report_columns.__wrapped__().rows()


def test_a_row_that_names_two_reports_is_a_row_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    assert headers_of([("One | portal: Two", "serial", "SN")], monkeypatch) == [
        ("One", "serial", "SN", True),
        ("portal: Two", "serial", "SN", True),
    ]


def test_a_row_of_every_report_holds_of_those_that_have_the_column(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("One", "serial", "SN"), ("Two", "model", "Model"), (EVERY, "serial", "Serial No.")]
    assert headers_of(rows, monkeypatch) == [
        ("One", "serial", "SN", True),
        ("Two", "model", "Model", True),
        ("One", "serial", "Serial No.", False),
    ]


def test_no_report_is_named_that_no_row_of_its_own_knows() -> None:
    named = set(read_facts("report_columns")["report"].str.split(" | ").explode()) - {EVERY}
    assert named == set(report_columns()["report"])


@pytest.mark.parametrize(
    ("line", "shows"),
    [
        ("Serial number,Model", True),
        ("deviceSerialNumber;x", True),
        ("DEVICE NAME,x", True),
        ("Model,Manufacturer", False),
        ("Serially numbered,x", False),
    ],
)
def test_a_table_is_shown_to_be_a_report_by_one_header_of_the_facts(line: str, shows: bool) -> None:
    assert bool(re.search(rf"(?i)\b{shown_in_table()}\b", line)) is shows


def test_an_object_is_shown_by_a_name_as_it_is_spelt() -> None:
    assert re.fullmatch(shown_in_object(), "deviceSerialNumber")
    assert not re.fullmatch(shown_in_object(), "Device serial number")
    assert not re.fullmatch(shown_in_object(), "UPN")


def test_a_field_inside_properties_is_no_header_and_may_show_an_object() -> None:
    fields = fields_within("IntuneOperationalLogs")
    assert fields["intune_device_id"] == ("IntuneDeviceId",)
    assert set(fields) == {
        "enrolled_at", "enrollment_type", "category", "failure_text",
        "intune_device_id", "entra_device_id", "user_id", "os_version",
    }  # fmt: skip
    assert not report_columns()["alias"].str.starts_with(WITHIN).any()
    assert re.fullmatch(shown_in_object(), "IntuneDeviceId")
    assert fields_within("IntuneAuditLogs") == {}
