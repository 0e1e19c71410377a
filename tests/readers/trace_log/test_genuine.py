"""Genuine traces beside this checkout: exact counts, and every twin of an event log equal."""

import json
from collections import Counter

import polars as pl
import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.readers.event_log.event_templates import event_layouts
from autopilot_analysis.readers.trace_log.records import Kind
from autopilot_analysis.readers.trace_log.scan import scan_trace
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log

OOBE = {
    "CloudExperienceHostOobe.etl.001": (3, {"CloudApAcceptCreds": 7}),
    "CloudExperienceHostOobe.etl.002": (
        27,
        {
            "WebAppActivity/1": 5, "WebAppActivity/2": 4, "WebAppEvent2": 26, "WebAppEvent1": 1,
            "AppActivity/1": 1, "AppActivityRequired/1": 1, "CriticalAppEvent2": 1, "AppEvent2Version2": 3,
            "AppNonTaggedEvent1": 3, "AppNonTaggedEvent2Version2": 5, "ZTP_GetPolicyStringActivity/1": 4,
            "ZTP_GetPolicyStringActivity/2": 4, "ZTP_GetPolicyDWordActivity/1": 1,
            "ZTP_GetPolicyDWordActivity/2": 1, "UpdateState/1": 1, "UpdateState/2": 1,
            "DetermineCurrentState/1": 1, "DetermineCurrentState/2": 1, "AutopilotCorrelationData": 1,
            "AutopilotCorrelationVectorCreation": 1, "AutopilotAgilityProductVersion": 1, "CoreEvent3": 10,
            "CoreEvent2": 1, "GlobalizationState": 10, "CloudApAcceptCreds": 11, "LogoffLogonSession": 4,
            "OOBEHealthMetric": 2, "OOBEHealthNonCriticalMetric": 6,
        },
    ),
    "2020/CloudExperienceHostOobe.etl.008": (5, {"CloudApAcceptCreds": 7}),
    "2020/CloudExperienceHostOobe.etl.009": (
        13,
        {
            "CloudApAcceptCreds": 12, "CoreEvent3": 5, "OOBEHealthMetric": 2,
            "OOBEHealthNonCriticalMetric": 3, "NgcPolicyCheck": 1,
        },
    ),
}  # fmt: skip
CABINET = {
    "Autopilot_2023_12_26_14_33_57": (5, 89, 566, 0, 0),
    "Autopilot_2023_12_26_14_34_27": (60, 135, 13_395, 147, 0),
    "Autopilot_2023_12_26_17_31_10": (8, 0, 1_994, 12, 0),
    "Autopilot_2024_8_5_21_23_7": (1, 0, 0, 0, 0),
    "DeviceProvisioning_2024_1_2_15_7_37": (4, 57, 22, 370, 0),
    "DeviceProvisioning_2024_5_17_16_0_32": (4, 60, 22, 376, 0),
    "DeviceProvisioning_2024_5_23_23_0_30": (4, 60, 22, 370, 0),
    "DeviceProvisioning_2024_6_12_17_53_17": (4, 60, 22, 373, 0),
    "DeviceProvisioning_2024_7_9_15_0_18": (4, 60, 22, 373, 0),
    "Wifi": (103, 0, 2_764, 2_320, 120_525),
}
"""Buffers; classic, manifest and self-describing events; messages."""
TWINS = {
    ("WebAppActivity", 1): 62404,
    ("WebAppActivity", 2): 62405,
    ("WebAppEvent1", 0): 62406,
    ("WebAppUserInteractionEvent1", 0): 62406,
    ("WebAppEvent2", 0): 62407,
    ("WebAppUserInteractionEvent2", 0): 62407,
}
VALUES = ("cxid", "appResult", "eventName", "eventValue")


def _pages(events):
    """What the pages of OOBE report, in order: the event log's id, then the values."""
    for name, opcode, text in events.select("name", "opcode", "data").iter_rows():
        if (name, opcode) in TWINS:
            said = json.loads(text)
            yield (TWINS[name, opcode], *(said[field] for field in VALUES if field in said))


def _names(scan):
    return Counter(
        {f"{name}/{opcode}" if opcode else name: count for (_, name, opcode), count in scan.census.items()}
    )


@pytest.fixture
def cabinet(genuine):
    """The genuine cabinet, or a skip that says why."""
    path = genuine / "mdm-diagnostics-23h2.cab"
    if not path.is_file():
        pytest.skip("no genuine cabinet beside this checkout")
    return open_export(path)


@pytest.mark.parametrize("name", OOBE)
def test_every_record_of_an_oobe_trace_is_counted(name, genuine_traces):
    buffers, names = OOBE[name]
    scan = scan_trace((genuine_traces / name).read_bytes())
    assert scan.buffers.kept == buffers
    assert scan.kinds == {Kind.SYSTEM: 2, Kind.EVENT: sum(names.values())}
    assert _names(scan) == names
    assert (scan.broken, scan.buffers.holes, scan.buffers.damage) == (0, [], [])


def test_the_trace_of_the_next_start_differs_where_the_device_did(genuine_traces):
    scan = scan_trace((genuine_traces / "CloudExperienceHostOobe.etl.003").read_bytes())
    gone = ("AutopilotCorrelationData", "AutopilotCorrelationVectorCreation", "LogoffLogonSession")
    expected = {k: v for k, v in OOBE["CloudExperienceHostOobe.etl.002"][1].items() if k not in gone}
    expected |= {"CoreEvent3": 5, "CloudApAcceptCreds": 9, "OOBEHealthNonCriticalMetric": 4}
    assert (scan.buffers.kept, _names(scan)) == (23, expected)


def test_every_twin_of_the_event_log_is_equal_in_name_value_and_order(genuine_traces):
    log = read_event_log((genuine_traces / "microsoft-windows-shell-core-operational.evtx").read_bytes())
    written = [
        (event_id, *json.loads(text).values())
        for event_id, text in log.rows["events"]
        .filter(pl.col("event_id").is_between(62404, 62407))
        .sort("record")
        .select("event_id", "data")
        .iter_rows()
    ]
    traced = []
    for name in sorted(genuine_traces.glob("*.etl.*")):
        traced += _pages(read_trace_log(name.read_bytes()).rows["events"])
    assert Counter(event_id for event_id, *_ in written) == {62404: 10, 62405: 8, 62406: 2, 62407: 52}
    assert traced == written


def test_the_ten_traces_of_a_cabinet_are_read_to_their_last_record(cabinet):
    found, templates = {}, {}
    for member in cabinet.members:
        if member.source == "etl":
            scan = scan_trace(member.read(), member.path)
            own = sum(1 for _, event in scan.events if event.schema)
            kinds = scan.kinds
            counted = sum(scan.census.values())
            assert (counted, scan.broken, scan.buffers.damage) == (kinds[Kind.EVENT], 0, [])
            described = _self_described(scan)
            name = member.name.removeprefix("DiagnosticLogCSP_Collector_").partition(".etl")[0]
            assert own <= described
            found[name] = (
                scan.buffers.kept,
                kinds[Kind.CLASSIC],
                kinds[Kind.EVENT] - described,
                described,
                kinds[Kind.MESSAGE],
            )
            templates |= scan.templates
    assert found == CABINET
    assert len(templates) == 80


def _self_described(scan):
    """How many events described themselves: only those have no number for a name."""
    return sum(count for (_, name, _), count in scan.census.items() if not name.isdigit())


def test_manifest_twins_of_the_event_logs_are_equal_in_every_field(cabinet):
    events = read_tables(cabinet, only=["events"]).events
    logged = pl.col("channel").is_not_null()
    traced = events.filter(~logged, pl.col("name").is_null(), pl.col("opcode").is_not_null())
    same = ["provider", "event_id", "recorded_at"]
    twins = traced.join(events.filter(logged), on=same, suffix="_log")
    equal = [_object(a) == _object(b) for a, b in twins.select("data", "data_log").iter_rows()]
    assert (traced.height, twins.height, sum(equal)) == (297, 64, 64)


def test_event_logs_describe_events_as_traces_do(cabinet):
    carried, described = {}, {}
    for member in cabinet.members:
        if member.source == "etl":
            carried |= scan_trace(member.read(), member.path).templates
    for member in cabinet.members:
        if member.name.endswith(".evtx"):
            described |= event_layouts(member.read(), set(carried))
    assert len(described) == 12
    for key, layout in described.items():
        ours, theirs = (
            [(field.name, field.kind) for field in each.fields] for each in (layout, carried[key])
        )
        assert ours == theirs, key[1:]


def _object(text):
    return None if text is None else json.loads(text)
