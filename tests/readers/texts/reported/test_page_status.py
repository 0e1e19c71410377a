"""What the status page wrote of its parts is read cut or whole, from Windows or a monitor."""

from __future__ import annotations

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.texts.reported.page_status import find_page_status, read_page_status

OWN = (
    '{"DeviceSetup.AppsSubcategory":{"subcategoryState":"inProgress",'
    '"subcategoryStatusText":"Apps (1 of 2)"},'
    '"DeviceSetup.CertificatesSubcategory":{"subcategoryState":"failed","subcategoryStatusText":"Certificates'
)
MONITOR = (
    '{\n "category": "AccountSetup",\n "subcategories": {\n  "SecurityPolicies": {\n   "state": "failed",\n'
    '   "statusText": "Security policies (Error)"\n  },\n[...]'
)


def rows(text):
    return find_page_status(text.encode()).rows["properties"].select("record", "name", "value").rows()


@pytest.mark.parametrize(
    "around", ["{}", "DeviceSetupCategory.Status    REG_SZ    {}", "Hi,\\nit says {} and stops"]
)
def test_what_windows_keeps_is_read_although_it_is_cut(around):
    text = around.replace("\\n", "\n").replace("{}", OWN)
    line = text[: text.index('"DeviceSetup.')].count("\n") + 1
    assert rows(text) == [
        (line, "DeviceSetup", "Apps inProgress: Apps (1 of 2)"),
        (line, "DeviceSetup", "Certificates failed: "),
    ]


def test_what_a_monitor_hands_on_is_of_the_phase_that_it_names():
    assert rows(MONITOR) == [(5, "AccountSetup", "SecurityPolicies failed: Security policies (Error)")]


def test_the_last_state_of_a_part_counts():
    later = MONITOR.replace("failed", "succeeded").replace("Error", "3 of 3 applied")
    assert [value for *_, value in rows(MONITOR + later)] == [
        "SecurityPolicies succeeded: Security policies (3 of 3 applied)"
    ]


def test_quotes_that_are_escaped_are_quotes():
    assert rows(MONITOR.replace('"', '\\"')) == rows(MONITOR)


@pytest.mark.parametrize(
    "text", ["", '{"Apps": {"state": "failed"}}', '"category": "DeviceSetup" and nothing']
)
def test_a_part_without_a_phase_and_a_phase_without_a_part_are_none(text):
    with pytest.raises(NotThisFormat):
        read_page_status(text.encode(), "a.txt")
