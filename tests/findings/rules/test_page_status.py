"""A part that the page's own JSON shows as failed is named with its phase; one at work where none failed."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings.rules.page_status import parts_of_the_page

PART = '"{}": {{"state": "{}", "statusText": "{}"}}'
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Provisioning\AutopilotSettings"
ROW = (
    'DeviceSetupCategory.Status    REG_SZ    {"DeviceSetup.CertificatesSubcategory":'
    '{"subcategoryState":"failed","subcategoryStatusText":"Certificates (Error)"}}'
)


@pytest.fixture
def found(tmp_path):
    def of(text, name="status.json"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        tables = read_tables(open_export(tmp_path / name))
        rows = find(tables, build_trace(tables)).findings
        return rows.select("rule", "stage", "code", "item").rows()

    return of


def page(*parts):
    return (
        '{"category": "DeviceSetup", "subcategories": {'
        + ", ".join(PART.format(*part) for part in parts)
        + "}}"
    )


APPS_OPEN = ("Apps", "in_progress", "Apps (1 of 3 installed)")


@pytest.mark.parametrize(
    ("part", "rule", "code", "item"),
    [
        (
            ("Certificates", "failed", "Certificates (Error)"),
            "PAGE-CERTIFICATES-FAILED",
            None,
            "Certificates",
        ),
        (("SecurityPolicies", "failed", "Error"), "PAGE-SETUP-FAILED", None, "Security policies"),
        (("Apps", "failed", "Apps (0x87d30068)"), "PAGE-SETUP-FAILED", "0x87D30068", "Apps"),
    ],
)
def test_a_part_that_failed_is_named_with_its_phase(found, part, rule, code, item):
    rows = found(page(("NetworkConnections", *APPS_OPEN[1:]), part))
    assert rows[0] == (rule, "device_setup", code, f"device setup, {item}")
    assert "PAGE-WAITS" not in [row[0] for row in rows]


def test_a_page_at_work_is_no_failure(found):
    assert found(page(APPS_OPEN, ("Certificates", "notStarted", ""))) == [
        ("PAGE-WAITS", "device_setup", None, "device setup, Apps")
    ]


def test_parts_that_are_done_or_not_begun_are_silent(found):
    assert not found(page(("Apps", "succeeded", "Apps (2 of 2)"), ("Certificates", "notStarted", "")))


def test_a_line_of_the_registry_is_one_finding(found):
    expected = [("PAGE-CERTIFICATES-FAILED", "device_setup", None, "device setup, Certificates")]
    assert found(f"{KEY}\n    {ROW}\n", "reg.txt") == expected
    assert found(f"Hello,\nthis is all:\n{ROW}\n", "mail.txt") == expected


def test_a_value_of_the_registry_proves_once(tmp_path):
    (tmp_path / "reg.txt").write_text(f"{KEY}\n    {ROW}\n", encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "reg.txt"))
    assert parts_of_the_page(tables, build_trace(tables)).height == 1
