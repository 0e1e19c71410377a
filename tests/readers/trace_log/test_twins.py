"""Twins: reports of a trace and of the event log are paired by what they say and when."""

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.readers.trace_log.twins import page_reports, pair_reports, without_twins

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def reports(text, *, gap=10.0, late=0.0):
    """One report a letter, so many seconds apart."""
    return [(letter, int((n * gap + late) * 1e6)) for n, letter in enumerate(text)]


def test_the_log_is_the_tail_of_the_trace():
    traced, logged = reports("abcdefgh"), reports("abcdefgh", late=0.001)[3:]
    assert pair_reports(traced, logged) == [(3, 0), (4, 1), (5, 2), (6, 3), (7, 4)]


def test_values_that_repeat_are_paired_in_their_order():
    assert pair_reports(reports("aaaaaa"), reports("aaaa", late=20)) == [(2, 0), (3, 1), (4, 2), (5, 3)]


def test_a_report_that_one_side_lost_costs_no_other_pair():
    traced, logged = reports("abcdefghijkl"), reports("abcdefghijkl")
    del logged[7]
    assert [pair for pair in pair_reports(traced, logged) if pair[0] > 7] == [
        (8, 7),
        (9, 8),
        (10, 9),
        (11, 10),
    ]
    assert (6, 6) in pair_reports(traced, logged)
    assert (7, 7) not in pair_reports(traced, logged)


def test_a_sitting_that_only_the_log_holds_is_not_taken_for_an_earlier_one_alike():
    traced = reports("abcdefgh")
    later = [(letter, at + 3_600_000_000 + n * 3_000_000) for n, (letter, at) in enumerate(traced)]
    assert pair_reports(traced, [*traced, *later]) == [(n, n) for n in range(8)]


def test_a_few_reports_right_before_a_loss_are_paired_by_the_time_of_the_last_pair():
    traced, logged = reports("abcdefgh"), reports("abcdefgh")[1:]
    logged[2] = ("x", logged[2][1])
    assert pair_reports(traced, logged) == [(1, 0), (2, 1), (4, 3), (5, 4), (6, 5), (7, 6)]


@pytest.mark.parametrize(("lost", "paired"), [(16, True), (17, False)])
def test_more_lost_reports_than_sixteen_ask_for_a_whole_run(lost, paired):
    text = "".join(chr(200 + n) for n in range(40))
    logged = reports(text)
    del logged[3 : 3 + lost]
    assert ((2, 2) in pair_reports(reports(text), logged)) is paired


def test_runs_whose_times_part_by_more_than_a_second_are_no_twins():
    traced = reports("abcd")
    near = [*traced[:3], ("d", traced[3][1] + 1_000_000)]
    far = [*traced[:3], ("d", traced[3][1] + 1_000_001)]
    assert len(pair_reports(traced, near)) == 4
    assert pair_reports(traced, far) == []


def test_one_report_on_either_side_is_enough_where_there_are_no_more():
    assert pair_reports(reports("a"), reports("a")) == [(0, 0)]
    assert pair_reports(reports("abc"), []) == []
    assert pair_reports(reports("ab"), reports("cd")) == []


def test_many_reports_that_all_say_the_same_are_paired_in_time():
    count = 20_000
    assert len(pair_reports(reports("a" * count), reports("b" * count))) == 0
    assert len(pair_reports(reports("a" * count), reports("a" * count))) == count


def test_reports_of_both_sides_say_the_same_in_the_same_columns(rows):
    trace, log = (
        {"provider": "Microsoft.Windows.Shell.CloudExperienceHost"},
        {"provider": "Microsoft-Windows-Shell-Core"},
    )
    events = rows(
        "events",
        {**trace, "name": "AppActivityRequired", "opcode": 1, "data": '{"source":"ms-cxh://FRX"}'},
        {**trace, "name": "WebAppActivity", "opcode": 1, "data": '{"cxid":"OobeRegion"}'},
        {**trace, "name": "WebAppEvent1", "opcode": 0, "data": '{"eventName":"Ready"}'},
        {**trace, "name": "WebAppUserInteractionEvent2", "opcode": 0,
         "data": '{"eventName":"NextClicked","eventValue":"1"}'},
        {**trace, "name": "WebAppActivity", "opcode": 2, "data": '{"appResult":"success"}'},
        {**trace, "name": "CoreEvent2", "opcode": 0, "data": '{"eventName":"x","eventValue":"y"}'},
        {**log, "event_id": 62400, "data": '{"Source":"ms-cxh://FRX","Experience":"{}"}'},
        {**log, "event_id": 62404, "data": '{"CXID":"OobeRegion"}'},
        {**log, "event_id": 62406, "data": '{"Name":"Ready"}'},
        {**log, "event_id": 62407, "data": '{"Name":"NextClicked","Value":"1"}'},
        {**log, "event_id": 62405, "data": '{"Result":"success"}'},
        {**log, "event_id": 62403, "data": '{"Name":"x","Value":"y"}'},
    )  # fmt: skip
    found = page_reports(events).select("traced", "report", "name", "value", "pressed").rows()
    said = [
        (62400, "ms-cxh://FRX", None),
        (62404, "OobeRegion", None),
        (62406, "Ready", None),
        (62407, "NextClicked", "1"),
        (62405, "success", None),
    ]
    assert [row[1:4] for row in found if row[0]] == said
    assert [row[1:4] for row in found if not row[0]] == said
    assert [row[4] for row in found] == [False, False, False, True, False, None, None, None, None, None]


def test_reports_are_in_order_of_member_and_record(rows):
    trace = {
        "provider": "Microsoft.Windows.Shell.CloudExperienceHost", "name": "WebAppEvent1", "opcode": 0,
        "at": START, "recorded_at": START - timedelta(hours=1),
    }  # fmt: skip
    given = [("b.etl", 1, "c"), ("a.etl", 2, "b"), ("a.etl", 1, "a")]
    events = rows(
        "events",
        *({**trace, "member": m, "record": r, "data": f'{{"eventName":"{n}"}}'} for m, r, n in given),
    )
    assert page_reports(events)["name"].to_list() == ["a", "b", "c"]


def test_an_event_that_a_log_or_another_trace_tells_too_counts_once(rows):
    of_log = {
        "provider": "Example",
        "event_id": 5,
        "thread_id": 7,
        "recorded_at": START,
        "channel": "Example/Admin",
    }
    of_trace = {**of_log, "channel": None, "opcode": 0, "data": "{}"}
    later = {**of_trace, "recorded_at": START + timedelta(microseconds=1)}
    own = {**of_trace, "name": "Demo"}
    given = [
        {**of_trace, "member": "a.etl"},
        {**of_log, "member": "b.evtx"},
        {**later, "member": "c.etl"},
        {**later, "member": "d.etl"},
        {**own, "member": "e.etl"},
        {**of_trace, "device": "B", "member": "f.etl"},
    ]
    assert without_twins(rows("events", *given))["member"].to_list() == ["b.evtx", "c.etl", "e.etl", "f.etl"]


def test_events_without_traces_stay_as_they_are(rows):
    events = rows(
        "events", {"provider": "Example", "channel": None}, {"provider": "Example", "channel": None}
    )
    assert without_twins(events) is events
