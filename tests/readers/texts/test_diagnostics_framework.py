import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.diagnostics_framework import read_diagnostics_framework

PAGE = {
    "$schema": [
        {
            "categories": [
                {
                    "categoryId": "Hardware",
                    "items": [
                        {"propertyId": "SerialNumber", "propertyName": "Serial Number", "value": "SN-0001"}
                    ],
                }
            ],
            "tabId": "configurationInfo",
        },
        {
            "categories": [
                {
                    "categoryId": "NetworkConnectivity",
                    "events": [{"eventId": "Connect", "startTime": "2026-01-02 3:04:05 AM", "status": 6}],
                    "status": 6,
                }
            ],
            "status": 2,
            "tabId": "deploymentInfoByCategory",
        },
    ]
}

NAMES = st.sampled_from(["tabId", "eventId", "propertyId", "x"])
PAGES = st.recursive(
    st.none() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
).map(lambda page: json.dumps({"$schema": [page]}).encode())


def rows(page):
    return (
        read_diagnostics_framework(json.dumps(page).encode())
        .rows["properties"]
        .select("section", "name", "value")
        .rows()
    )


def test_items_and_events_stand_under_the_path_of_their_ids():
    assert rows(PAGE) == [
        ("configurationInfo/Hardware", "SerialNumber", "SN-0001"),
        ("deploymentInfoByCategory/NetworkConnectivity/Connect", "startTime", "2026-01-02 3:04:05 AM"),
        ("deploymentInfoByCategory/NetworkConnectivity/Connect", "status", "6"),
        ("deploymentInfoByCategory/NetworkConnectivity", "status", "6"),
        ("deploymentInfoByCategory", "status", "2"),
    ]


def test_lists_of_other_shapes_are_kept_too():
    page = {"$schema": [{"tabId": "t", "resources": [{"name": "x"}, "plain"], "more": {"a": [1]}}]}
    assert rows(page) == [("t/1", "name", "x"), ("t", "", "plain"), ("t/more", "a[0]", "1")]


def test_another_json_is_refused():
    for content in (b"", b"{}", b'{"$schema":"https://example.com"}', b"[1]"):
        with pytest.raises(NotThisFormat):
            read_diagnostics_framework(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | PAGES)
def test_any_bytes_give_a_reading_or_are_refused(noise):
    with suppress(NotThisFormat):
        assert isinstance(read_diagnostics_framework(noise), Reading)


def test_the_genuine_page_reads_to_its_last_member(genuine):
    cabinet = genuine / "mdm-diagnostics-23h2.cab"
    member = next(m for m in open_export(cabinet).members if m.path.endswith("DiagnosticsFrameworkData.json"))
    reading = read_diagnostics_framework(member.read())
    assert (reading.count, reading.unread) == (133, ())
