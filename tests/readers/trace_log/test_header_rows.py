"""What a header tells becomes properties, each under its own name."""

from autopilot_analysis.readers.trace_log.header_rows import zone_of
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.formats.trace_log import SYSTEM_TIME


def told(content):
    rows = read_trace_log(content).rows["properties"]
    assert set(rows["section"]) == {"trace header"}
    return dict(rows.select("name", "value").iter_rows())


def test_a_header_tells_session_build_clock_zone_and_times(trace, event):
    content = trace(event(), bias=300, zone_name="@tzres.dll,-112", logger="Session", events_lost=3)
    assert told(content) == {
        "Session": "Session",
        "File": r"C:\Windows\Logs\example.etl",
        "Trace build": "22631",
        "Device started": "2026-01-05T09:59:59.000000Z",
        "Trace started": "2026-01-05T10:00:00.000000Z",
        "Trace ended": "2026-01-05T11:00:00.000000Z",
        "Clock": "counter",
        "Minutes from local time to UTC": "300",
        "Zone": "Eastern Standard Time",
        "Buffers written": "1",
        "Events lost": "3",
        "Buffers lost": "0",
    }


def test_the_zone_during_oobe_is_not_yet_the_devices(trace, event):
    assert "Zone" not in told(trace(event()))
    assert told(trace(event()))["OOBE zone"] == "GMT Standard Time"


def test_what_a_header_leaves_open_has_no_row(trace, event):
    said = told(trace(event(), ended=None, zone_name="@tzres.dll,-9999", clock=SYSTEM_TIME))
    assert {"Trace ended", "Zone", "OOBE zone"} & said.keys() == set()
    assert said["Clock"] == "system time"


def test_only_known_resources_name_a_zone():
    assert zone_of("@TZRES.dll,-212") == "Pacific Standard Time"
    assert zone_of("Pacific Standard Time") is None
