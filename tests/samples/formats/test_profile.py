"""The profile as the device stores it: downloaded, empty, or from a file."""

import json
from datetime import UTC, datetime

import pytest

from autopilot_analysis.samples.formats.profile import (
    empty_profile,
    profile_fields,
    server_data,
    write_configuration,
    write_profile,
)

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FIELDS = profile_fields(
    downloaded_at=AT, tenant_id="t", domain="example.com", name="Kiosk", oobe_config=30, join_method=1,
    correlation_id="c", device_name="AP-%SERIAL%",
)  # fmt: skip


def test_a_downloaded_profile_is_compact_json_in_utf_16():
    content = write_profile(FIELDS)
    assert content.startswith(b"\xff\xfe")
    assert json.loads(content.decode("utf-16")) == FIELDS
    assert b"\n\0" not in content


def test_a_configuration_file_is_plain_ascii():
    assert json.loads(write_configuration(FIELDS).decode("ascii")) == FIELDS


def test_an_empty_profile_knows_only_when_it_was_asked_for():
    assert empty_profile(AT) == {"PolicyDownloadDate": "2026-03-02T08:00:00Z"}


@pytest.mark.parametrize(("tenant", "forced"), [("t", 1), ("", None)])
def test_only_a_device_of_a_tenant_is_forced_to_enrol(tenant, forced):
    config = json.loads(server_data(tenant, "example.com"))["ZeroTouchConfig"]
    assert (config.get("ForcedEnrollment"), config["CloudAssignedTenantDomain"]) == (forced, "example.com")
