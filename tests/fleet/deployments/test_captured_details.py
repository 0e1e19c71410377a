"""What captures tell of a device that no column of deployments has: its proxy, its wireless network."""

from __future__ import annotations

import json

import polars as pl
import pytest

from autopilot_analysis.fleet.deployments.captured_details import LONGEST, details_of_captures
from autopilot_analysis.tables import SCHEMAS, Tables


def details(*properties, **device):
    rows = [
        {"device": "A", "member": "net.txt", "record": n, "section": "", "name": name, "value": value}
        for n, (name, value) in enumerate(properties, 1)
    ]
    empty = {name: SCHEMAS[name].create_empty() for name in ("properties", "devices")}
    own = dict.fromkeys(empty["devices"].schema) | {"device": "A"} | device
    frames = {
        "properties": pl.DataFrame(rows, schema=empty["properties"].schema),
        "devices": pl.DataFrame([own], schema=empty["devices"].schema),
    }
    told = details_of_captures(Tables.of(frames))
    return json.loads(told["details"][0]) if told.height else None


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ([("access", "proxy"), ("proxy server", "192.0.2.9:8080")], {"proxy": "192.0.2.9:8080"}),
        ([("access", "direct")], {"proxy": "direct"}),
        ([("SSID", "Site-1"), ("BSSID", "00:00:5e:00:53:01")], {"wireless_network": "Site-1"}),
        ([("ssid", "x" * (LONGEST + 1))], None),
        ([("proxy server", " ")], None),
        ([("access", "granted")], None),
    ],
)
def test_a_proxy_and_a_wireless_network_name_groups_and_nothing_else(properties, told):
    assert details(*properties) == told


def test_columns_of_devices_that_deployments_lack_are_told_too():
    assert details(tpm_vendor="IFX", edition="Pro") == {"tpm_vendor": "IFX", "edition": "Pro"}
