"""Wi-Fi profiles from the event log; every name and time here is made up."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.events import read_installs_from_events

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROVIDER = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
URI = "./Vendor/MSFT/WiFi/Profile/Example%20Office"
REFUSED = 0x800704B6


def events(*records):
    """Records as (seconds, id, fields)."""
    rows = [
        {
            "device": "D", "member": "admin.evtx", "record": n, "clock": "declared", "provider": PROVIDER,
            "event_id": number, "data": json.dumps(data), "at": START + timedelta(seconds=at),
            "recorded_at": START + timedelta(seconds=at), "process_id": 4, "thread_id": 8,
        }
        for n, (at, number, data) in enumerate(records, 1)
    ]  # fmt: skip
    schema = schema_of("events")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def expected(*items):
    rows = [("D", item, "network") for item in items]
    return pl.DataFrame(rows, schema=["device", "item", "kind"], orient="row")


def added(node="/WlanXml"):
    return 1502, {"UInt1": 4, "Message1": URI + node, "HRESULT": 0}


def test_the_nodes_of_a_profile_are_one_try_and_the_same_node_again_is_another():
    rows = read_installs_from_events(
        events(
            (0, *added()),
            (1, 1506, {"UInt1": 4, "HRESULT": 0}),
            (2, 1506, {"UInt1": 5, "HRESULT": 0}),
            (600, *added()),
            (601, 1507, {"UInt1": 1206}),
            (602, 1506, {"UInt1": 4, "HRESULT": REFUSED}),
        )
    )
    assert rows.select("item", "name", "kind", "try_number", "outcome", "code", "reason").rows() == [
        (URI, "Example%20Office", "network", 1, "succeeded", None, None),
        (URI, "Example%20Office", "network", 2, "failed", "0x800704B6", "Windows did not take the profile"),
    ]
    assert (rows["ended_at"] - rows["started_at"]).dt.total_seconds().to_list() == [1, 1]
    assert rows["detail"].to_list() == [None, '{"wlan_error": 1206}']


def test_a_profile_that_the_page_expects_has_the_page_s_own_id():
    item = URI + "/WlanXml"
    named = events((0, *added()), (1, 1506, {"UInt1": 4, "HRESULT": 0}))
    unnamed = events((1, 1506, {"UInt1": 4, "HRESULT": 0}))
    for log in (named, unnamed):
        assert read_installs_from_events(log, expected(item))["item"].to_list() == [item]


def test_an_unnamed_profile_is_nobody_s_where_several_may_be_meant():
    log = events((1, 1506, {"UInt1": 4, "HRESULT": 0}))
    rows = read_installs_from_events(log, expected(URI + "/WlanXml", URI + "2/WlanXml"))
    assert rows.select("item", "outcome").rows() == [("Wi-Fi profile of event 1", "succeeded")]
