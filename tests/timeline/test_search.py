from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.timeline import build_timeline, records_around, search_records, search_timeline


@pytest.fixture
def tables(world):
    events = [
        world.event(1, 0, 404, data='{"Text":"Access DENIED by the server"}', code="0x80180014"),
        world.event(2, 5, 1404, level=2, data='{"Text":"denied access"}'),
        world.event(3, 10, 72, provider="Microsoft-Windows-Own", data='{"Text":"https://example.com"}'),
    ]
    lines = [world.line(1, 5, "Access denied", severity="error"), world.line(2, 20, "100% [done] (x)")]
    frames = {"events": world.frame("events", *events), "log_lines": world.frame("log_lines", *lines)}
    return world.tables(frames)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("denied", [("event", 1), ("event", 2), ("log_line", 1)]),
        ("denied access", [("event", 1), ("event", 2), ("log_line", 1)]),
        ('"access denied"', [("event", 1), ("log_line", 1)]),
        ('"access denied', [("event", 1), ("log_line", 1)]),
        ("denied -server", [("event", 2), ("log_line", 1)]),
        ('-denied -"[done]"', [("event", 3)]),
        ("id:404", [("event", 1)]),
        ("code:0X8018", [("event", 1)]),
        ("code:8018", [("event", 1)]),
        ("code:80180014", [("event", 1)]),
        ("code:-2145910764", [("event", 1)]),
        ("channel:own", [("event", 3)]),
        ("channel:AGENT.LOG", [("log_line", 1), ("log_line", 2)]),
        ("level:error", [("event", 2), ("log_line", 1)]),
        ("kind:log_line", [("log_line", 1), ("log_line", 2)]),
        ("https://example.com", [("event", 3)]),
        ("100% (x)", [("log_line", 2)]),
        ("lane:apps nowhere", []),
        ("-stage:device_setup denied -server", [("event", 2), ("log_line", 1)]),
        ("nowhere", []),
    ],
)
def test_a_search_finds_what_was_typed(tables, text, found):
    assert sorted(search_records(tables, text).select("kind", "record").rows()) == found


@pytest.mark.parametrize(
    "term", ["stage:mdm_enrollment", "OUTCOME:failed", "finding:1", "kind:stage", "lane:attempts"]
)
def test_what_only_a_trace_tells_is_no_empty_answer_of_the_records(tables, term):
    with pytest.raises(BadInput, match="build_timeline"):
        search_records(tables, f"denied {term}")


def test_an_empty_search_finds_every_row(tables):
    assert search_timeline(build_timeline(tables), "  ").height == 5


def test_records_around_an_instant_are_those_within_the_seconds_both_ends_included(tables, world):
    near = records_around(tables, world.at(5), seconds=5)
    assert near["record"].to_list() == [1, 2, 1, 3]
    assert records_around(tables, world.at(5), seconds=4.9)["record"].to_list() == [2, 1]


def test_an_instant_may_be_text_and_is_utc_where_it_names_no_zone(tables):
    assert records_around(tables, "2026-03-02 08:00:10", seconds=1)["record"].to_list() == [3]
    assert records_around(tables, "2026-03-02T09:00:10+01:00", seconds=1)["record"].to_list() == [3]
    assert records_around(tables, datetime(2026, 3, 2, 8, 0, 20, tzinfo=UTC), seconds=1)[
        "record"
    ].to_list() == [2]


def test_what_is_no_instant_or_no_span_is_refused(tables):
    with pytest.raises(BadInput, match="'noon' is no instant"):
        records_around(tables, "noon")
    for seconds in (0, -1, float("nan")):
        with pytest.raises(BadInput, match="must be above zero"):
            records_around(tables, "2026-03-02", seconds=seconds)


@pytest.mark.parametrize("typed", ["0x800705B4", "800705b4", "-2147023436", '"-2147023436"', "2147943860"])
def test_a_code_is_found_in_each_of_its_spellings(world, typed):
    texts = ['{"hr":-2147023436}', "0x800705B4 timed out", "ended with 2147943860", "all is well"]
    lines = [world.line(number, number, text) for number, text in enumerate(texts, 1)]
    tables = world.tables({"log_lines": world.frame("log_lines", *lines)})
    assert search_records(tables, typed)["record"].to_list() == [1, 2, 3]


def test_a_minus_before_a_number_that_is_no_code_still_denies(tables):
    assert "100% [done] (x)" not in search_records(tables, "-100")["text"]
    assert search_records(tables, "-100").height == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("proviser:x", "no field of a search is called 'proviser'; did you mean provider"),
        ("zzz:x", "known: .*channel, code, device"),
        ("level:fehler", "no level is called 'fehler'; known: critical, error, info, verbose, warning"),
        ("id:abc", "write a number, such as id:404"),
    ],
)
def test_a_field_or_a_value_that_does_not_exist_is_refused_with_the_known_ones(tables, text, words):
    with pytest.raises(BadInput, match=words):
        search_records(tables, text)


def test_an_address_or_a_field_of_the_text_itself_is_no_unknown_field(tables):
    assert search_records(tables, "https://nowhere.example").is_empty()
    assert search_records(tables, "-https://nowhere.example").height == 5


def test_a_device_that_does_not_exist_is_refused_around_an_instant(tables, world):
    device = build_timeline(tables)["device"][0]
    assert records_around(tables, world.at(5), seconds=5, device=device).height == 4
    with pytest.raises(BadInput, match="no device is called 'nope'"):
        records_around(tables, world.at(5), device="nope")


def test_nothing_is_no_instant(tables):
    with pytest.raises(BadInput, match="None is no instant; write it like"):
        records_around(tables, None)
