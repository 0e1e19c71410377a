"""Reports: each once, in order, with the event log's place and the trace's own time."""

from datetime import timedelta

from autopilot_analysis import build_trace
from autopilot_analysis.tables import Tables
from autopilot_analysis.trace.screens.reports import as_logged, merged_reports

PAGES = [(1, 62404, "StartSelector"), (2, 62405, "success"), (3, 62404, "OobeRegion"), (4, 62406, "Ready")]


def test_of_twins_the_logs_place_and_the_traces_time_are_kept(rows, traced, logged, start):
    ours = [traced(*page, off=-60, record=n) for n, page in enumerate(PAGES, 1)]
    theirs = [logged(page[0] + 0.001, *page[1:], record=n) for n, page in enumerate(PAGES, 50)]
    found = merged_reports(rows("events", *ours, *theirs))
    assert [(r.kind, r.name, r.member, r.record, r.trace) for r in found] == [
        (report, name, "shell.evtx", 50 + n, "oobe.etl.001") for n, (_, report, name) in enumerate(PAGES)
    ]
    assert found[0].at == start + timedelta(seconds=1.001)
    assert found[0].elapsed == start - timedelta(seconds=59)


def test_what_only_one_side_holds_stands_in_its_place(rows, traced, logged):
    later = [(5, 62405, "success"), (6, 62404, "OobeKeyboard"), (7, 62406, "Go"), (8, 62405, "fail")]
    ours = [traced(*page) for page in [*PAGES, (4.5, 62406, "OnlyTraced"), *later]]
    theirs = [logged(*page) for page in [*PAGES[2:], (4.7, 62406, "OnlyLogged"), *later]]
    found = merged_reports(rows("events", *ours, *theirs))
    assert [r.name for r in found] == [
        "StartSelector", "success", "OobeRegion", "Ready", "OnlyTraced", "OnlyLogged", "success",
        "OobeKeyboard", "Go", "fail",
    ]  # fmt: skip
    assert [r.name for r in found if r.trace is None] == ["OnlyLogged"]


def test_a_click_that_the_trace_marks_is_marked_on_its_twin(rows, traced, logged):
    ours = [traced(*page) for page in PAGES[:3]] + [traced(4, 62407, "Next", "1", pressed=True)]
    theirs = [logged(*page) for page in PAGES[:3]] + [logged(4, 62407, "Next", "1")]
    found = merged_reports(rows("events", *ours, *theirs))
    assert [(r.name, r.value, r.member, r.pressed) for r in found][-1] == ("Next", "1", "shell.evtx", True)


def test_no_reports_are_none(rows):
    assert merged_reports(rows("events")) == []


def test_what_only_a_trace_holds_counts_as_if_the_log_had_it(rows, traced, logged):
    ours = [traced(*page) for page in [*PAGES, (5, 62407, "ESP", "{}"), (6, 62400, "ms-cxh://FRX")]]
    theirs = [logged(*page) for page in PAGES]
    events = rows("events", *ours, *theirs)
    added = as_logged(events)
    assert added.head(events.height).equals(events)
    assert added.tail(-events.height).select("member", "record", "provider", "event_id", "data").rows() == [
        ("oobe.etl.001", 5, "Microsoft-Windows-Shell-Core", 62407, '{"Name":"ESP","Value":"{}"}'),
        ("oobe.etl.001", 6, "Microsoft-Windows-Shell-Core", 62400, '{"Source":"ms-cxh://FRX"}'),
    ]


def test_a_mark_of_the_status_page_is_found_where_only_the_trace_tells_it(rows, traced):
    events = rows(
        "events", traced(0, 62404, "OobeESP"), traced(1, 62407, "CommercialOOBE_ESPProgress_Timeout", "1")
    )
    trace = build_trace(Tables.of({"events": events}))
    assert trace.marks.select("mark", "member", "record").rows() == [("esp_timed_out", "oobe.etl.001", 2)]
