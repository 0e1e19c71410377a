"""What captures tell of a device that no column of deployments has: its proxy, its wireless network."""

from __future__ import annotations

import json

import polars as pl
import pytest

from autopilot_analysis.fleet.deployments.captured_details import LONGEST, details_of_captures
from autopilot_analysis.tables import SCHEMAS, Tables, Trace


def details(*properties, events=(), steps=(), **device):
    rows = [
        {"device": "A", "member": "net.txt", "record": n, "section": "", "name": name, "value": value}
        for n, (name, value) in enumerate(properties, 1)
    ]
    empty = {name: SCHEMAS[name].create_empty() for name in ("properties", "devices", "events")}
    own = dict.fromkeys(empty["devices"].schema) | {"device": "A"} | device
    met = [
        dict.fromkeys(empty["events"].schema)
        | {"device": "A", "member": "net.evtx", "record": n, "clock": "as_recorded", "event_id": number}
        | {"channel": "NetworkProfile", "provider": "Microsoft-Windows-NetworkProfile", "data": data}
        for n, (number, data) in enumerate(events, 1)
    ]
    frames = {
        "events": pl.DataFrame(met, schema=empty["events"].schema),
        "properties": pl.DataFrame(rows, schema=empty["properties"].schema),
        "devices": pl.DataFrame([own], schema=empty["devices"].schema),
    }
    schema = SCHEMAS["steps"].create_empty().schema
    begun = [
        dict.fromkeys(schema)
        | {"device": "A", "member": "ime.log", "record": n, "kind": "agent_start", "detail": text}
        for n, text in enumerate(steps, 1)
    ]
    trace = Trace.of({"steps": pl.DataFrame(begun, schema=schema)})
    told = details_of_captures(Tables.of(frames), trace)
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


@pytest.mark.parametrize(
    ("steps", "told"),
    [(["version 1.101.109.0", "version 1.102.4.0"], {"intune_agent": "1.101.109.0"}), ([None], None)],
)
def test_the_version_of_the_agent_that_ran_first_names_groups(steps, told):
    assert details(steps=steps) == told


def test_columns_of_devices_that_deployments_lack_are_told_too():
    assert details(tpm_vendor="IFX", edition="Pro") == {"tpm_vendor": "IFX", "edition": "Pro"}


def test_the_time_zone_and_the_network_of_an_adapter_are_told_too():
    adapter = [("Default Gateway", "192.0.2.1"), ("Connection-specific DNS Suffix", "bergen.example.com")]
    site = {"dns_suffix": "bergen.example.com"}
    assert details(*adapter, time_zone="W. Europe Standard Time") == {
        **site,
        "time_zone": "W. Europe Standard Time",
    }
    assert details(adapter[0], (adapter[1][0], "x" * (LONGEST + 1))) == {}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Identifying...", "Network 2", "bergen.example.com", "Guest"], "bergen.example.com"),
        (["Netzwerk", "Nicht identifiziertes Netzwerk"], None),
        (["Network of the lab"], "Network of the lab"),
    ],
)
def test_a_network_is_called_as_windows_calls_it_unless_windows_had_no_name_for_it(names, told):
    events = [(10000, json.dumps({"Name": name})) for name in names]
    assert details(events=[(10001, '{"Name": "Left"}'), *events]) == (told and {"network_name": told})
